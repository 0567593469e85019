"""Why a file gave no text, by what its sender can do about it.

::

    FileError
    ├── Unsupported       send one of the kinds that can be read
    ├── TooLarge          send a smaller file, or the file in parts
    ├── TextTooLong       keep what matters: its text does not fit
    ├── TooSlow           send it in parts, or as plain text
    ├── EncryptedFile     remove the password
    ├── TextMissing       a scan, or empty: send one whose text can be selected
    └── BrokenFile        save it anew
"""

from typing import Final


class FileError(Exception):
    """No text came of a file. Nothing of the file is in the error."""


class Unsupported(FileError):
    """Neither the name nor the content is of a kind that can be read."""


class TooLarge(FileError):
    """The file, or what it unpacks to, is over the limits of size or memory."""


class TextTooLong(FileError):
    """The file was read; its text has more characters than were asked for."""


class TooSlow(FileError):
    """Reading took longer than it may."""


class EncryptedFile(FileError):
    """A password is needed to read it."""


class TextMissing(FileError):
    """There are no words in it: pictures of pages, or nothing at all."""


class BrokenFile(FileError):
    """It is damaged, not what its name says, or more than its reader could take."""


# How the reading process tells its parent: an exit code each, none of them Python's or the shell's.
EXIT_CODES: Final[dict[type[FileError], int]] = {
    Unsupported: 70,
    TooLarge: 71,
    TextTooLong: 72,
    TooSlow: 73,
    EncryptedFile: 74,
    TextMissing: 75,
    BrokenFile: 76,
}
