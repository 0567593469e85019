"""The text in files that people send. A process of its own reads them: `python -m bot.files`."""

from bot.files.errors import (
    BrokenFile,
    EncryptedFile,
    FileError,
    TextMissing,
    TextTooLong,
    TooLarge,
    TooSlow,
    Unsupported,
)
from bot.files.kinds import EXTENSIONS
from bot.files.reader import Reader, ReadText, read_text

__all__ = [
    "EXTENSIONS",
    "BrokenFile",
    "EncryptedFile",
    "FileError",
    "ReadText",
    "Reader",
    "TextMissing",
    "TextTooLong",
    "TooLarge",
    "TooSlow",
    "Unsupported",
    "read_text",
]
