"""The database of a process that serves: at its current schema, and on SQLite nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import ConfigError
from db import files
from db.engine import Database, open_database, sqlite_path
from db.errors import DatabaseError
from db.migrate import migrate


async def open_migrated(url: str) -> Database:
    """The database at its current schema. Raises ConfigError."""
    database = open_database(url)
    try:
        await migrate(database, url)
    except DatabaseError as error:
        await database.close()
        raise ConfigError(f"the database cannot be used: {error}") from None
    return database


def keep_private(url: str) -> tuple[Path, ...]:
    """On SQLite, let nobody but their owner read the files; the result are those others still can.

    They are another user's: only that one can change it.
    """
    path = sqlite_path(url)
    return files.keep_private(path) if path else ()


@contextmanager
def exclusive(url: str) -> Iterator[None]:
    """On SQLite, be the one process that serves. Raises ConfigError when another one is."""
    path = sqlite_path(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise ConfigError(f"another `sportello run` is using {path}; stop it first") from None
    with lock:
        yield
