"""Bringing a database to the current schema, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, text

from db.engine import Database, explained, sqlite_path
from db.errors import DatabaseError

ADVISORY_LOCK = 0x53504F52  # "SPOR": any number that no other program is likely to use
LOCK_TIMEOUT_SECONDS = 60.0


class Schema(StrEnum):
    """How a database's schema stands to this program's."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


async def migrate(
    database: Database, url: str, *, lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS
) -> None:
    """Upgrade to the current schema. Raises DatabaseError when that cannot be done."""
    with explained(), _file_lock(url, lock_timeout_seconds):
        await database.write(_upgrade)


async def schema(database: Database) -> Schema:
    """How the schema stands. Raises DatabaseError when the database cannot be read."""
    with explained():
        return await database.read(_schema)


def scripts() -> Path:
    """The migrations: inside the wheel, else the checkout's alembic folder."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "alembic"


def config(connection: Connection) -> Config:
    """Alembic's configuration for a connection that is open."""
    made = Config()
    made.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    if _schema(connection) is Schema.NEWER:
        raise DatabaseError("it was written by a newer version; install that version")
    command.upgrade(config(connection), "head")


def _schema(connection: Connection) -> Schema:
    directory = ScriptDirectory.from_config(config(connection))
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return Schema.EMPTY
    if revision == directory.get_current_head():
        return Schema.CURRENT
    known = {script.revision for script in directory.walk_revisions()}
    return Schema.OLDER if revision in known else Schema.NEWER


@contextmanager
def _file_lock(url: str, timeout_seconds: float) -> Iterator[None]:
    path = sqlite_path(url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.migrating", timeout=timeout_seconds):
        yield
