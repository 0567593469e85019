"""What kind of file it is, by its first bytes where they tell, else by its name. Pure."""

from enum import StrEnum, auto
from pathlib import PurePath
from typing import Final

from bot.files.errors import BrokenFile, EncryptedFile, Unsupported


class FileKind(StrEnum):
    """A way of reading: a module of bot.files.formats."""

    PLAIN = auto()
    HTML = auto()
    TABLE = auto()
    PDF = auto()
    DOCX = auto()


EXTENSIONS: Final = {
    "txt": FileKind.PLAIN,
    "text": FileKind.PLAIN,
    "md": FileKind.PLAIN,
    "markdown": FileKind.PLAIN,
    "html": FileKind.HTML,
    "htm": FileKind.HTML,
    "csv": FileKind.TABLE,
    "pdf": FileKind.PDF,
    "docx": FileKind.DOCX,
}
_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024  # bytes, as Acrobat has it: ISO 32000-1, annex H.3.4.1
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word before 2007, and a DOCX with a password
_OLE_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO], 2.3.4.4


def kind_of(name: str, data: bytes) -> FileKind:
    """How to read it. Raises Unsupported, EncryptedFile and BrokenFile."""
    named = EXTENSIONS.get(PurePath(name).suffix.lower().removeprefix("."))
    if data.startswith(_PDF) or (named is FileKind.PDF and _PDF in data[:_PDF_WITHIN]):
        return FileKind.PDF
    if data.startswith(_ZIP):
        return _zipped(named)
    if data.startswith(_OLE):
        raise EncryptedFile if _OLE_ENCRYPTED in data else Unsupported
    if named is None:
        raise Unsupported
    if named in (FileKind.PDF, FileKind.DOCX):
        raise BrokenFile("not what its name says")
    return named


def _zipped(named: FileKind | None) -> FileKind:
    """A DOCX is a zip; so is much else, which its name tells."""
    if named is None:
        raise Unsupported
    return FileKind.DOCX
