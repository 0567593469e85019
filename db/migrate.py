"""Bringing a database to the current schema, one process at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from filelock import AsyncFileLock
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from db.engine import Database, explained, is_collision, sqlite_path
from db.errors import DatabaseError
from db.files import MIGRATES, beside
from db.meanwhile import TELL_SECONDS, meanwhile
from db.schema import TOO_NEW, Schema, schema_of

ADVISORY_LOCK: Final = 0x53504F52  # "SPOR": any number that no other program is likely to use
LONGEST_SECONDS: Final = 3_600.0  # of a migration, or of waiting for another process's
ATTEMPTS: Final = 100
Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long migrations wait before they give up, try again, and tell how far they are."""

    lock_seconds: float = 60.0  # for another process that migrates the same file
    # For a table that others use: whoever wants it later waits as well, and is let past.
    table_seconds: float = 2.0
    pause_seconds: float = 2.0
    tell_seconds: float = TELL_SECONDS


USUAL: Final = Waits()


def tell_nobody(_: str) -> None:
    """Of what takes long, nobody wants to know."""


@dataclass(slots=True)
class _Course:
    """What is being done now."""

    tell: Tell
    doing: str = ""

    def begins(self, work: str) -> None:
        self.doing = work

    def told(self, seconds: float) -> None:
        self.tell(f"{self.doing}, {seconds:.0f} s")


async def migrate(
    database: Database, url: str, *, tell: Tell = tell_nobody, waits: Waits = USUAL
) -> None:
    """Upgrade to the current schema; a newer one that this program may run on stays as it is.

    What takes long is told every few seconds. Raises DatabaseError when it cannot be done.
    """
    course = _Course(tell)
    course.begins("waiting for another process that migrates")
    with explained():
        async with meanwhile(course.told, seconds=waits.tell_seconds), _file_lock(url, waits):
            await _upgrade(database, course, waits)


async def _upgrade(database: Database, course: _Course, waits: Waits) -> None:
    work = partial(_upgrade_in_one_transaction, course=course, waits=waits)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await database.write(work, limit_seconds=LONGEST_SECONDS)
        except DBAPIError as error:
            if attempt == ATTEMPTS or not is_collision(error):
                raise
        course.begins("waiting for what others do with the tables")
        await asyncio.sleep(waits.pause_seconds)


def _upgrade_in_one_transaction(connection: Connection, course: _Course, waits: Waits) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = {waits.table_seconds * 1000:.0f}"))
    match schema_of(connection):
        case Schema.TOO_NEW:
            raise DatabaseError(TOO_NEW)
        case Schema.EMPTY | Schema.OLDER:
            from db.upgrade import upgrade  # noqa: PLC0415 - 10 MB, and most starts change nothing

            upgrade(connection, course.begins)


@asynccontextmanager
async def _file_lock(url: str, waits: Waits) -> AsyncIterator[None]:
    path = sqlite_path(url)
    if path is None:
        yield
        return
    lock = beside(path, MIGRATES)
    lock.parent.mkdir(parents=True, exist_ok=True)
    # Not in a thread: there is one that waits, and others come to it.
    async with AsyncFileLock(lock, timeout=waits.lock_seconds, mode=0o600, run_in_executor=False):
        yield
