"""The database, opened so that a host reads why it cannot be: current, and for `run` its alone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from bot.errors import ConfigError
from bot.ops.volume import FreeSpace, ensure_local
from bot.ports import Clock, Telemetry
from db import files
from db.engine import Database, open_database, sqlite_path
from db.errors import DatabaseError
from db.migrate import Tell, migrate, tell_nobody
from db.place import find_fault
from db.schema import TOO_NEW, Schema, schema
from db.sqlite import driver, may_damage

LOOK_SECONDS: Final = 5.0  # between two looks at what is served from


class Taken(ConfigError):
    """Another process serves from the database."""


async def open_migrated(url: str, *, tell: Tell = tell_nobody) -> Database:
    """The database, its schema brought up to date; `tell` hears of what takes long.

    Raises ConfigError.
    """
    database = open_database(url)
    try:
        with usable(url):
            await migrate(database, url, tell=tell)
    except ConfigError:
        await database.close()
        raise
    return database


def keep_database_private(url: str) -> tuple[Path, ...]:
    """On SQLite, let nobody but their owner read the files; the result are those others still can.

    They are another user's: only that one can change it.
    """
    path = sqlite_path(url)
    return files.keep_private(path) if path else ()


@contextmanager
def usable(url: str) -> Iterator[None]:
    """Around work with the database alone. Raises ConfigError: what keeps it from being used."""
    try:
        yield
    except (DatabaseError, OSError) as error:
        raise ConfigError(explain(url, error)) from None


def explain(url: str, error: Exception) -> str:
    """What keeps a database from being used, with what to do where that can be told."""
    path = sqlite_path(url)
    return (find_fault(path) if path else None) or f"the database cannot be used: {error}"


async def watch_database(database: Database, room: FreeSpace, clock: Clock) -> None:
    """Look at the database now and then, for ever.

    Raises ConfigError once its file is no longer in its place, or a newer version has changed it
    so that this one may not go on.
    """
    while await database.is_there():
        room.look(await database.free_bytes())
        with suppress(DatabaseError):  # of one that gives no answer others tell
            if await schema(database) is Schema.TOO_NEW:
                raise ConfigError(f"the database cannot be used any more: {TOO_NEW}")
        await clock.sleep(LOOK_SECONDS)
    raise ConfigError(
        "the database's file was moved, replaced or deleted while it was in use; "
        "put it back, with its -wal file, before the next start"
    )


@contextmanager
def exclusive(url: str) -> Iterator[None]:
    """On SQLite, be the one process that serves. Raises Taken where another one is."""
    path = sqlite_path(url)
    if path is None:
        yield
        return
    file = files.beside(path, files.SERVES)
    lock = FileLock(file, timeout=0, mode=0o600)
    with usable(url):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise Taken(f"another `sportello run` is using {path}; stop it first") from None
    with lock:
        yield


@asynccontextmanager
async def served_database(
    url: str, telemetry: Telemetry, *, anywhere: bool
) -> AsyncIterator[Database]:
    """The database of a process that serves. Raises ConfigError.

    `anywhere`: a SQLite file may lie on another machine.
    """
    if (path := sqlite_path(url)) and (doubt := ensure_local(path, anywhere=anywhere)):
        telemetry.warn("database far away", cause=doubt)

    def tell(progress: str) -> None:
        telemetry.warn("database not up to date yet", progress=progress)

    with exclusive(url):
        open_to_others = keep_database_private(url)
        database = await open_migrated(url, tell=tell)
        for file in open_to_others:
            telemetry.warn("database open to other users", file=str(file))
        if database.sqlite and (harm := may_damage(driver.sqlite_version_info)):
            telemetry.warn("sqlite is old", version=harm)
        try:
            yield database
        finally:
            await database.close()
