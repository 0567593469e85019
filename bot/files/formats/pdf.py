"""A PDF, page by page."""

import io
from collections.abc import Iterator
from typing import Final

from pypdf import PasswordType, PdfReader

from bot.files.errors import EncryptedFile

_ANYBODYS: Final = ""  # a PDF that may be read but not changed opens with no password


def read(data: bytes) -> Iterator[str]:
    """The pages. Raises EncryptedFile, and whatever a broken one makes its reader raise."""
    document = PdfReader(io.BytesIO(data))
    if document.is_encrypted and document.decrypt(_ANYBODYS) is PasswordType.NOT_DECRYPTED:
        raise EncryptedFile
    for page in document.pages:
        yield page.extract_text()
