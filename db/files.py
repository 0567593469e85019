"""The files of a SQLite database: one, whatever name leads to it, and its owner's alone."""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import Final

from db.errors import DatabaseError

BESIDE: Final = ("-wal", "-shm", "-journal")  # SQLite gives these the rights of the first
SERVES: Final = ".lock"  # beside a database's file: the lock of the process that serves from it
MIGRATES: Final = ".migrating"  # and that of the one which brings it up to date
_OWNER: Final = 0o600


def resolved(path: Path) -> Path:
    """Where a path leads, through all symbolic links; it need not exist."""
    return Path(os.path.realpath(path))


def is_there(path: Path) -> bool:
    """Whether one is seen; `Path.exists` raises where it lies in another user's closed folder."""
    return os.path.exists(path)


def beside(path: Path, ending: str) -> Path:
    """A file that goes with a database's: SQLite puts its own beside the true one, and so do we."""
    file = resolved(path)
    return file.with_name(f"{file.name}{ending}")


def ensure_one_name(path: Path) -> None:
    """Raises DatabaseError for a file with several hard links: by each SQLite keeps other logs."""
    with suppress(OSError):
        if (names := path.stat().st_nlink) > 1:
            raise DatabaseError(
                f"{path} has {names} names (hard links), and using two of them would damage it:"
                " remove all but one"
            )


def make_private(path: Path) -> None:
    """Make an empty file that its owner alone can read, unless there is one.

    One that is there is not opened: to close it again would drop SQLite's locks on it.
    """
    with suppress(OSError):  # it is there, or cannot be made, and SQLite will say why
        os.close(os.open(resolved(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER))


def keep_private(path: Path) -> tuple[Path, ...]:
    """Take from others what they may do with a database's files; the result are those that stay.

    That is the case where another user owns the file, or the file system keeps no rights.
    """
    for file in open_to_others(path):
        with suppress(OSError):
            file.chmod(S_IMODE(file.stat().st_mode) & _OWNER)
    return open_to_others(path)


def open_to_others(path: Path) -> tuple[Path, ...]:
    """Those of a database's files that others may do something with."""
    files = (path, *(beside(path, end) for end in BESIDE))
    return tuple(file for file in files if _is_open(file))


def _is_open(file: Path) -> bool:
    with suppress(OSError):
        return os.name == "posix" and bool(S_IMODE(file.stat().st_mode) & ~_OWNER)
    return False
