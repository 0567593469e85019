"""A Word document, by way of HTML: so its lists, tables and links stay."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import mammoth  # type: ignore[import-untyped]  # it has no types

from bot.files.errors import EncryptedFile, TooLarge, Unsupported
from bot.files.formats.html import markdown

UNPACKED_BYTES: Final = 64 * 1024**2
RATIO: Final = 100  # an honest document unpacks to 5 to 20 times its size
_SMALL_BYTES: Final = 4 * 1024**2  # harmless at any ratio
_ENCRYPTED: Final = 0x1  # of the flags of a zip's entry: PKWARE's APPNOTE, 4.4.4
_DOCUMENT: Final = "[Content_Types].xml"


def read(data: bytes) -> Iterator[str]:
    """Its text as Markdown. Raises FileError, and whatever a broken zip makes its readers raise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check(archive.infolist(), len(data))
    html = mammoth.convert_to_html(io.BytesIO(data), convert_image=_no_image)
    yield markdown(html.value)


def _check(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Before anything is unpacked; an entry never unpacks to more than it declares."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise EncryptedFile
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES or unpacked > max(_SMALL_BYTES, RATIO * packed):
        raise TooLarge
    names = {entry.filename for entry in entries}
    if _DOCUMENT not in names or not any(name.startswith("word/") for name in names):
        raise Unsupported


def _no_image(_: Any) -> list[Any]:
    return []
