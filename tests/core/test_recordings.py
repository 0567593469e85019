"""How long a recording is, by its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.recordings import seconds_of
from bot.playground.voices import silence, with_words

OPUS = b"OpusHead\x01\x01" + (312).to_bytes(2, "little")
VORBIS = b"\x01vorbis" + bytes(4) + b"\x01" + (44_100).to_bytes(4, "little")


def page(samples: int, packet: bytes = b"") -> bytes:
    return b"OggS\x00\x00" + samples.to_bytes(8, "little", signed=True) + bytes(13) + packet


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


def mvhd(seconds: int, *, version: int = 0, scale: int = 1_000) -> bytes:
    size = 8 if version else 4
    times = bytes([version, 0, 0, 0]) + bytes(2 * size)
    return box(b"mvhd", times + scale.to_bytes(4, "big") + (seconds * scale).to_bytes(size, "big"))


FTYP, LARGE = box(b"ftyp", b"isom"), b"\x00\x00\x00\x01mdat" + (24).to_bytes(8, "big") + bytes(8)


@pytest.mark.parametrize(
    ("speech", "seconds"),
    [
        (page(0, OPUS) + page(48_312), 1),
        (page(0, OPUS) + page(48_000 * 400 + 312) + page(-1), 400),
        (page(0, OPUS) + page(100), 0),
        (page(0, VORBIS) + page(88_200), 2),
        (page(0, b"Speex   ") + page(88_200), None),
        (FTYP + box(b"moov", mvhd(400)), 400),
        (FTYP + box(b"mdat", bytes(99)) + box(b"moov", box(b"udta", b"") + mvhd(7, version=1)), 7),
        (FTYP + LARGE + box(b"moov", mvhd(7)), 7),
        (FTYP + box(b"moov", mvhd(7, scale=0)), None),
        (FTYP + box(b"moov", b""), None),
        (b"ID3\x04", None),
        (silence(2), 2),
        (with_words(silence(2), "Avete posto?"), 2),
    ],
)
def test_how_long_it_is(speech: bytes, seconds: float | None) -> None:
    assert seconds_of(speech) == (None if seconds is None else pytest.approx(seconds, abs=0.1))


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([FTYP, LARGE, OPUS, VORBIS, page(9), mvhd(1), mvhd(1)[:9]]),
        )
    ).map(b"".join),
    st.sampled_from([b"", page(0), FTYP, b"OggS"]),
)
def test_whatever_comes_it_is_a_time_or_unknown(rest: bytes, head: bytes) -> None:
    seconds = seconds_of(head + rest)
    assert seconds is None or seconds >= 0
