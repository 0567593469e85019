"""Bringing a database to the current schema, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock
from sqlalchemy import Connection, text

from db.engine import Database, explained, sqlite_path
from db.errors import DatabaseError
from db.schema import Schema, schema_of

ADVISORY_LOCK = 0x53504F52  # "SPOR": any number that no other program is likely to use
LOCK_TIMEOUT_SECONDS = 60.0
LONGEST_SECONDS = 3_600.0  # of a migration, or of waiting for another process's


async def migrate(
    database: Database, url: str, *, lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS
) -> None:
    """Upgrade to the current schema. Raises DatabaseError when that cannot be done."""
    with explained(), _file_lock(url, lock_timeout_seconds):
        await database.write(_upgrade, limit_seconds=LONGEST_SECONDS)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    match schema_of(connection):
        case Schema.NEWER:
            raise DatabaseError("it was written by a newer version; install that version")
        case Schema.EMPTY | Schema.OLDER:
            from db.upgrade import upgrade  # noqa: PLC0415 - 10 MB, and most starts change nothing

            upgrade(connection)


@contextmanager
def _file_lock(url: str, timeout_seconds: float) -> Iterator[None]:
    path = sqlite_path(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.migrating", timeout=timeout_seconds, mode=0o600):
        yield
