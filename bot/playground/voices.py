"""Voice messages of the playground: who sends one may say in writing what is heard in it.

The words are put behind the sound, where players look for nothing; the emulated transcription
finds them there.
"""

from collections.abc import Iterator
from itertools import pairwise
from struct import pack, unpack_from
from typing import Final

_WORDS: Final = b"\nheard in this message: "
_SILENT_PACKET: Final = b"\xf8\xff\xfe"  # 20 ms of nothing, as Opus writes it
_RATE: Final = 48_000  # a granule's, in Ogg Opus, whatever the sound's own is
_PACKET_SAMPLES: Final = 960
_PACKETS_A_PAGE: Final = 50
_SERIAL: Final = 1
_FIRST, _LAST = 2, 4
_BYTES_A_SECOND: Final = 4_000  # of a voice whose container says nothing to us
_POLYNOMIAL: Final = 0x04C11DB7


def with_words(content: bytes, words: str) -> bytes:
    """A voice message in which this is heard; "" is a silent one."""
    return content + _WORDS + words.encode()


def words_in(content: bytes) -> str | None:
    """What is heard in it; None where nobody wrote it down."""
    _, found, words = content.rpartition(_WORDS)
    return words.decode(errors="replace") if found else None


def seconds_of(content: bytes) -> float:
    """How long it is: as an Ogg file says itself, else as long as its size lets one think."""
    last = content.rfind(b"OggS")
    if not content.startswith(b"OggS") or last + 14 > len(content):
        return round(len(content) / _BYTES_A_SECOND, 2)
    (samples,) = unpack_from("<Q", content, last + 6)
    return round(float(samples) / _RATE, 2)


def silence(seconds: int) -> bytes:
    """An Ogg Opus file in which nothing is heard, and which any player plays."""
    head = b"OpusHead" + pack("<BBHIHB", 1, 1, 0, _RATE, 0, 0)
    tags = b"OpusTags" + pack("<I", 10) + b"playground" + pack("<I", 0)
    pages = [_page([head], number=0, flags=_FIRST), _page([tags], number=1)]
    ends = [*range(0, seconds * _RATE // _PACKET_SAMPLES, _PACKETS_A_PAGE)]
    ends.append(seconds * _RATE // _PACKET_SAMPLES)
    for number, (start, end) in enumerate(pairwise(ends), 2):
        flags = _LAST if end == ends[-1] else 0
        packets = [_SILENT_PACKET] * (end - start)
        pages.append(_page(packets, number=number, flags=flags, samples=end * _PACKET_SAMPLES))
    return b"".join(pages)


def _page(packets: list[bytes], *, number: int, flags: int = 0, samples: int = 0) -> bytes:
    """A page of Ogg (RFC 3533, section 6); its packets are shorter than 255 bytes."""
    sizes = bytes(map(len, packets))
    head = pack("<4sBBQIIIB", b"OggS", 0, flags, samples, _SERIAL, number, 0, len(sizes))
    page = head + sizes + b"".join(packets)
    return page[:22] + pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    register = 0
    for byte in page:
        register = (register << 8 & 0xFFFFFFFF) ^ _TABLE[(register >> 24) ^ byte]
    return register


def _make_table() -> Iterator[int]:
    for byte in range(256):
        register = byte << 24
        for _ in range(8):
            register = register << 1 ^ (_POLYNOMIAL if register & 0x80000000 else 0)
        yield register & 0xFFFFFFFF


_TABLE: Final = [*_make_table()]
