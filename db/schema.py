"""How a database's schema stands to this program's; the migrations' own library is not needed.

A program is known by the number of its newest migration. The database says the newest one that it
has seen, and `min_code`: the oldest program that may run on it. A migration that only adds leaves
`min_code` as it was: programs that know nothing of it go on beside those that brought it. One that
takes away or narrows names, in its own `min_code`, the first program that does without.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from db.engine import Database, explained

NOTED: Final = text("SELECT version_num FROM alembic_version")  # by the library that applied it
MIN_CODE: Final = text("SELECT min_code FROM alembic_version")
TOO_NEW: Final = "it was written by a newer version; install that version"


class Schema(StrEnum):
    """How a database's schema stands to this program's."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"  # by additions alone: this program may run on it as well
    TOO_NEW = "too new"

    @property
    def serves(self) -> bool:
        """Whether this program may run on it as it is."""
        return self in {Schema.CURRENT, Schema.NEWER}


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
    if revision in known:
        return Schema.OLDER
    return Schema.NEWER if _min_code(connection) <= known[-1] else Schema.TOO_NEW


def revisions() -> tuple[str, ...]:
    """The migrations' numbers, which their files' names begin with, the newest last."""
    return tuple(revision_number(name) for name in _migrations())


def to_come(connection: Connection) -> tuple[str, ...]:
    """The names of the migrations that a database has not seen, in their order."""
    seen = _revision(connection) or ""
    return tuple(name for name in _migrations() if revision_number(name) > seen)


def revision_number(migration: str) -> str:
    """The number that a migration's name begins with."""
    return migration.partition("_")[0]


def scripts() -> Path:
    """The migrations: inside the wheel, else the checkout's alembic folder."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "alembic"


@cache  # a process looks again and again, and the program on the disk may be a newer one by then
def _migrations() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in (scripts() / "versions").glob("[0-9]*.py")))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(NOTED).scalar()
    return found


def _min_code(connection: Connection) -> str:
    """Above every number where the database does not say."""
    columns = {column["name"] for column in inspect(connection).get_columns("alembic_version")}
    found = connection.execute(MIN_CODE).scalar() if "min_code" in columns else None
    return found or "~"
