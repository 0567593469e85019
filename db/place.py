"""Why a file cannot be used where it should lie: said after it failed, never instead of trying."""

import os
import pwd
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from db.files import BESIDE, MIGRATES, SERVES, beside, resolved

MAGIC: Final = b"SQLite format 3\0"


def find_fault(path: Path) -> str | None:
    """What is wrong with the place of a database's file, and what to do; None where all is well."""
    path = path.absolute()
    return _fault_of_folder(resolved(path).parent) or next(
        filter(None, _faults_of_files(path)), None
    )


def _fault_of_folder(folder: Path) -> str | None:
    there = next(parent for parent in (folder, *folder.parents) if os.path.lexists(parent))
    if not there.is_dir():
        return f"{there} is a file, and a folder is needed there: move it, or choose another place"
    if os.access(there, os.W_OK | os.X_OK):
        return None
    if there == folder:
        return _forbidden(folder)
    user = os.geteuid()
    return (
        f"{folder} cannot be made by {_name(user)}: make it, and give it to that user"
        f" (install -d -o {user} {_quoted(folder)})"
    )


def _faults_of_files(path: Path) -> Iterator[str | None]:
    if path.is_dir():
        yield f"{path} is a folder, and the database is a file: choose another place"
        return
    files = [path, *(beside(path, end) for end in (*BESIDE, SERVES, MIGRATES))]
    yield from (_forbidden(one) for one in files if one.exists() and not _is_ours(one))
    if path.is_file() and _begins_otherwise(path):
        yield f"{path} is no SQLite database: is it the right file?"


def _is_ours(file: Path) -> bool:
    return os.access(file, os.R_OK | os.W_OK)


def _begins_otherwise(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(len(MAGIC))
    return bool(beginning) and beginning != MAGIC


def _forbidden(place: Path) -> str:
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        return f"{place} lies on a file system that is read-only: mount it for writing"
    owner, user = place.stat().st_uid, os.geteuid()
    all_of_it = "-R " if place.is_dir() and not Path.cwd().is_relative_to(place) else ""
    if owner == user:
        return f"{place} may not be written to by its owner: chmod u+rwX {_quoted(place)}"
    return (
        f"{place} belongs to {_name(owner)}, and this process, run by {_name(user)}, may not write"
        f" there: chown {all_of_it}{user} {_quoted(place)}"
    )


def _quoted(place: Path) -> str:
    return shlex.quote(str(place))


def _name(user: int) -> str:
    try:
        return f"{pwd.getpwuid(user).pw_name} ({user})"
    except KeyError:
        return f"user {user}"
