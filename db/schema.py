"""How a database's schema stands to this program's; the migrations' own library is not needed."""

from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from db.engine import Database, explained

NOTED = text("SELECT version_num FROM alembic_version")  # by the library that applied it


class Schema(StrEnum):
    """How a database's schema stands to this program's."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


async def schema(database: Database) -> Schema:
    """How the schema stands. Raises DatabaseError when the database cannot be read."""
    with explained():
        return await database.read(schema_of)


def schema_of(connection: Connection) -> Schema:
    """The same of a connection that is open."""
    revision, known = _revision(connection), revisions()
    if revision is None:
        return Schema.EMPTY
    if revision == known[-1]:
        return Schema.CURRENT
    return Schema.OLDER if revision in known else Schema.NEWER


def revisions() -> tuple[str, ...]:
    """The migrations' numbers, which their files' names begin with, the newest last."""
    files = (scripts() / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def scripts() -> Path:
    """The migrations: inside the wheel, else the checkout's alembic folder."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "alembic"


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(NOTED).scalar()
    return found
