"""What the first bytes of a picture say: its format, and its size in pixels."""

from dataclasses import dataclass
from struct import error as TooShort  # noqa: N812 - what it means here
from struct import unpack_from
from typing import Final

_START_OF_FRAME: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # JPEG markers without a length
_FRAME: Final = b"\x21\xf9\x04"  # stands before each frame of an animated GIF


@dataclass(frozen=True, slots=True)
class Picture:
    """`form`: jpeg, png, webp or gif."""

    form: str
    width: int
    height: int
    is_animated: bool = False


def measure(content: bytes) -> Picture | None:
    """The picture that these bytes begin; None if they are none, or end before its size."""
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return _measure_jpeg(content)
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return Picture("png", *unpack_from(">II", content, 16))
        if content.startswith((b"GIF87a", b"GIF89a")):
            width, height = unpack_from("<HH", content, 6)
            return Picture("gif", width, height, is_animated=content.count(_FRAME) > 1)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _measure_webp(content)
    except (TooShort, IndexError):
        pass
    return None


def _measure_jpeg(content: bytes) -> Picture | None:
    at = 2
    while at < len(content):
        _, marker = unpack_from(">BB", content, at)
        if marker in _START_OF_FRAME:
            height, width = unpack_from(">HH", content, at + 5)
            return Picture("jpeg", width, height)
        if marker in _ALONE or marker == 0xFF:  # noqa: PLR2004 - a filling byte
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004 - the same
            continue
        at += 2 + max(unpack_from(">H", content, at + 2)[0], 2)
    return None


def _measure_webp(content: bytes) -> Picture | None:
    kind = content[12:16]
    if kind == b"VP8X":
        flags = content[20]
        low, high = unpack_from("<HB", content, 24), unpack_from("<HB", content, 27)
        width, height = ((one[0] | one[1] << 16) + 1 for one in (low, high))
        return Picture("webp", width, height, is_animated=bool(flags & 2))
    if kind == b"VP8L":
        (bits,) = unpack_from("<I", content, 21)
        return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = unpack_from("<HH", content, 26)
        return Picture("webp", width & 0x3FFF, height & 0x3FFF)
    return None
