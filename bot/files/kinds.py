"""What kind of file it is, by its first bytes where they tell, else by its name. Pure."""

from enum import StrEnum, auto
from pathlib import PurePath
from typing import Final

from bot.files.errors import BrokenFile, EncryptedFile, Unsupported


class Kind(StrEnum):
    """A way of reading: a module of bot.files.formats."""

    PLAIN = auto()
    HTML = auto()
    TABLE = auto()
    PDF = auto()
    DOCX = auto()


EXTENSIONS: Final = {
    "txt": Kind.PLAIN,
    "text": Kind.PLAIN,
    "md": Kind.PLAIN,
    "markdown": Kind.PLAIN,
    "html": Kind.HTML,
    "htm": Kind.HTML,
    "csv": Kind.TABLE,
    "pdf": Kind.PDF,
    "docx": Kind.DOCX,
}
_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1024  # bytes, as Acrobat has it: ISO 32000-1, annex H.3.4.1
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word before 2007, and a DOCX with a password
_OLE_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO], 2.3.4.4


def kind_of(name: str, data: bytes) -> Kind:
    """How to read it. Raises Unsupported, EncryptedFile and BrokenFile."""
    named = EXTENSIONS.get(PurePath(name).suffix.lower().removeprefix("."))
    if data.startswith(_PDF) or (named is Kind.PDF and _PDF in data[:_PDF_WITHIN]):
        return Kind.PDF
    if data.startswith(_ZIP):
        return _zipped(named)
    if data.startswith(_OLE):
        raise EncryptedFile if _OLE_ENCRYPTED in data else Unsupported
    if named is None:
        raise Unsupported
    if named in (Kind.PDF, Kind.DOCX):
        raise BrokenFile("not what its name says")
    return named


def _zipped(named: Kind | None) -> Kind:
    """A DOCX is a zip; so is much else, which its name tells."""
    if named is None:
        raise Unsupported
    return Kind.DOCX
