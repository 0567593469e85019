"""How long a recording is, by its bytes: what is said of it is what somebody says. Pure.

An Ogg stream ends with a page that counts its samples (RFC 3533, 6; RFC 7845, 4; Vorbis I, A.2);
an MP4 has its length in `mvhd` (ISO 14496-12, 8.2.2). Of others nothing is known here.
"""

from collections.abc import Iterator
from typing import Final

_PAGE: Final = b"OggS"
_OPUS_RATE: Final = 48_000  # of its granules, whatever was recorded
_HEAD: Final = 4_096
_NO_PACKET_ENDS: Final = -1
_BOX: Final = 8  # bytes of a box's length and name
_MOST_BOXES: Final = 1_000


def seconds_of(speech: bytes) -> float | None:
    """None where it cannot be told."""
    if speech.startswith(_PAGE):
        return _of_ogg(speech)
    return _of_mp4(speech) if speech[4:8] == b"ftyp" else None


def _of_ogg(speech: bytes) -> float | None:
    head, end = speech[:_HEAD], len(speech)
    rate, skipped = _ogg_rate(head)
    while rate and (at := speech.rfind(_PAGE, 0, end)) >= 0:
        samples = int.from_bytes(speech[at + 6 : at + 14], "little", signed=True)
        if len(speech) >= at + 14 and samples != _NO_PACKET_ENDS:
            return max(samples - skipped, 0) / rate
        end = at
    return None


def _ogg_rate(head: bytes) -> tuple[int, int]:
    """Samples per second, and how many go before the sound; 0: unknown."""
    if (at := head.find(b"OpusHead")) >= 0:
        return _OPUS_RATE, int.from_bytes(head[at + 10 : at + 12], "little")
    if (at := head.find(b"\x01vorbis")) >= 0:
        return int.from_bytes(head[at + 12 : at + 16], "little"), 0
    return 0, 0


def _of_mp4(speech: bytes) -> float | None:
    for name, begin, end in _boxes(speech, 0, len(speech)):
        if name != b"moov":
            continue
        for inner, start, stop in _boxes(speech, begin, end):
            if inner == b"mvhd":
                return _of_mvhd(speech[start:stop])
    return None


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box's name, and where its content begins and ends."""
    for _ in range(_MOST_BOXES):
        size, begin = int.from_bytes(data[at : at + 4], "big"), at + _BOX
        if size == 1:  # a longer length follows
            size, begin = int.from_bytes(data[begin : begin + 8], "big"), begin + 8
        stop = end if size == 0 else at + size
        if begin > end or stop < begin:
            return
        yield data[at + 4 : at + _BOX], begin, min(stop, end)
        at = stop


def _of_mvhd(box: bytes) -> float | None:
    times = 8 if box[:1] == b"\x01" else 4  # bytes: of the second version they are longer
    at = 4 + 2 * times
    scale = int.from_bytes(box[at : at + 4], "big")
    units = box[at + 4 : at + 4 + times]
    if not scale or len(units) < times or units == b"\xff" * times:
        return None
    return int.from_bytes(units, "big") / scale
