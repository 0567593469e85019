"""Small files of the kinds that people send, right in what programs look at first."""

from base64 import b64encode
from struct import pack
from zlib import compress, crc32

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"


def jpeg(width: int = 1280, height: int = 960, *, padding: int = 0) -> bytes:
    """A grey picture that a browser shows as well, with so many bytes behind it."""
    blocks = -(-width // 8) * -(-height // 8)
    app = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    # The only code, 0, says of each block that it is as the one before, to its end.
    codes = b"\x01" + bytes(15) + b"\x00"
    segments = (
        (0xE0, app),
        (0xDB, b"\x00" + b"\x01" * 64),
        (0xC0, frame),
        (0xC4, b"\x00" + codes + b"\x10" + codes),
        (0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    )
    head = b"".join(pack(">BBH", 0xFF, mark, len(body) + 2) + body for mark, body in segments)
    return b"\xff\xd8" + head + bytes(-(-2 * blocks // 8)) + b"\xff\xd9" + bytes(padding)


def png(width: int = 8, height: int = 8) -> bytes:
    """A white picture that a browser shows as well."""
    rows = (b"\x00" + b"\xff" * width) * height
    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def gif(*, frames: int = 1, width: int = 3, height: int = 2) -> bytes:
    frame = b"\x21\xf9\x04\x00\x00\x00\x00\x00\x2c" + bytes(9) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + pack("<HH", width, height) + b"\x80\x00\x00" + bytes(6) + frame * frames


def webp(width: int = 512, height: int = 512) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + pack("<IBI", 5, 0x2F, bits)
    return b"RIFF" + pack("<I", len(body)) + body


def data_url(mime_type: str, content: bytes) -> str:
    """How files are sent to the model."""
    return f"data:{mime_type};base64,{b64encode(content).decode()}"


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + name + content + pack(">I", crc32(name + content))
