"""What a file is by its first bytes: its name and its label are what somebody says. Pure."""

import re
from typing import Final

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# The flags of an extended WEBP: developers.google.com/speed/webp/docs/riff_container
_FLAGS_AT: Final = 20
_ANIMATED: Final = 0x02
_MP3: Final = re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")  # a tag, or a frame of layer III
_PDF_WITHIN: Final = 1024  # bytes, as Acrobat has it: ISO 32000-1, annex H.3.4.1


def picture_type(head: bytes) -> str | None:
    """The media type of a picture that models look at; None: it is none, or it moves."""
    if head.startswith(_JPEG):
        return "image/jpeg"
    if head.startswith(_PNG):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        flags = head[_FLAGS_AT] if head[12:16] == b"VP8X" and len(head) > _FLAGS_AT else 0
        return None if flags & _ANIMATED else "image/webp"
    return None


def speech_name(head: bytes) -> str | None:
    """A name by which a recording is taken for what it is; None: nothing that can be heard.

    OpenAI goes by the name alone, and knows no ".oga" and no ".opus".
    """
    match head[:4]:
        case b"OggS":
            return "speech.ogg"
        case b"RIFF" if head[8:12] == b"WAVE":
            return "speech.wav"
        case b"\x1a\x45\xdf\xa3":
            return "speech.webm"
        case b"fLaC":
            return "speech.flac"
    if head[4:8] == b"ftyp":
        return "speech.mp4"
    return "speech.mp3" if _MP3.match(head) else None


def is_pdf(head: bytes) -> bool:
    """Whether it is one: what stands before may be anything, within bounds."""
    return b"%PDF-" in head[:_PDF_WITHIN]
