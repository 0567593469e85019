"""What a file is by its first bytes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.signatures import is_pdf, picture_type, speech_name
from tests.files.samples import pdf
from tests.samples import MP4, gif, jpeg, png, webp

MOVING = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02"
STILL = MOVING[:-1] + b"\x10"
WAVE = b"RIFF\x00\x00\x00\x00WAVEfmt "
NONE = (b"", b"MZ\x90", b"<svg xmlns='x'/>", b"II*\x00", b"\x00\x00\x00\x18ftyp"[:7], b"RIFF")
HEIC = b"\x00\x00\x00\x18ftypheic"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (jpeg(), "image/jpeg"),
        (png(), "image/png"),
        (webp(), "image/webp"),
        (STILL, "image/webp"),
        (MOVING, None),
        (MOVING[:20], "image/webp"),  # cut before it says whether it moves
        (gif(), None),
        (WAVE, None),
        (HEIC, None),
        *((one, None) for one in NONE),
    ],
)
def test_pictures_that_are_looked_at(head: bytes, expected: str | None) -> None:
    assert picture_type(head) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"OggS\x00\x02", "speech.ogg"),
        (MP4, "speech.mp4"),
        (WAVE, "speech.wav"),
        (b"fLaC\x00", "speech.flac"),
        (b"\x1aE\xdf\xa3", "speech.webm"),
        (b"ID3\x04", "speech.mp3"),
        (b"\xff\xfb\x90", "speech.mp3"),
        (b"\xff\xf1\x50", None),  # AAC, which no name stands for
        (jpeg(), None),
        (webp(), None),
        *((one, None) for one in NONE),
    ],
)
def test_recordings_that_are_heard(head: bytes, expected: str | None) -> None:
    assert speech_name(head) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (pdf("Ciao")[:1024], True),
        (b"\n" * 1000 + b"%PDF-1.7", True),
        (b"\n" * 1024 + b"%PDF-1.7", False),
        (jpeg(), False),
        *((one, False) for one in NONE),
    ],
)
def test_what_is_a_pdf(head: bytes, expected: bool) -> None:
    assert is_pdf(head) is expected


@given(st.binary(max_size=40))
@example(b"RIFF\x00\x00\x00\x00WEBPVP8X")
def test_of_any_bytes_something_is_said(head: bytes) -> None:
    assert not (picture_type(head) and (speech_name(head) or is_pdf(head)))
    assert (picture_type(head) or "image/").startswith("image/")
