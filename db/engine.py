"""Opening a database: one writer, and read-only connections beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.connection import Unreachable
from db.errors import DatabaseError
from db.sqlite import SQLite
from db.transaction import Read, Transaction

P = ParamSpec("P")
T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
# PostgreSQL: serialization_failure, deadlock_detected, lock_not_available
COLLISIONS = ("40001", "40P01", "55P03")
MOST_COLLISIONS = 5  # so often in a row may the same commit lose against another process
# Of prepared statements: there is none, and there is one already.
SHARED = ("26000", "42P05")
REFUSED = ("22", "23")  # PostgreSQL: what is wrong with the data, and with a constraint
UNUSABLE = (SQLAlchemyError, OSError)  # asyncpg tells what happens while connecting by the latter
FAILURES = (Unreachable, DisconnectionError, PoolTimeout)


class Database(Protocol):
    """A database that is open. A read is a function of this package's, and what it is asked."""

    sqlite: bool

    async def write(
        self, work: Callable[[Connection], T], *, limit_seconds: float | None = None
    ) -> T:
        """Run `work` in a transaction of its own; commit unless it raises.

        A server that takes longer counts as lost: than `limit_seconds`, or a few seconds.
        """

    async def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` reads, told these arguments; it cannot write, and all is of one moment.

        A server that takes longer than a few seconds counts as lost.
        """

    async def read_within(
        self,
        seconds: float | None,
        work: Read[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """The same, where it may take so many seconds (None: a few)."""

    async def is_there(self) -> bool:
        """Whether what was opened is still what its name leads to."""

    async def free_bytes(self) -> int | None:
        """What is free on the disk of a file; None on a server."""

    async def close(self) -> None:
        """Let go of every connection."""


def open_database(url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Database:
    """Open the database at a SQLAlchemy URL; nothing is contacted before the first use.

    `busy_timeout_ms`: how long to wait for another process that writes to the same SQLite file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SQLite(parsed, busy_timeout_ms)
    from db.postgresql import PostgreSQL  # noqa: PLC0415 - 7 MB, of the ORM behind an AsyncEngine

    return PostgreSQL(parsed)


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL, None for another database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def password(url: str) -> str | None:
    """The password in a SQLAlchemy URL."""
    return make_url(url).password


def without_password(url: str) -> str:
    """The URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def is_unusable(error: Exception) -> bool:
    """Whether it was the database that failed, and not the work with it.

    Files and other servers raise an OSError as well: of the database's, `Unreachable` is made.
    What is refused for what it is, such as a row that breaks a constraint, will be refused again.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, FAILURES)
    sqlstate = str(getattr(error.orig, "sqlstate", None) or "")
    return not isinstance(error, IntegrityError | DataError) and sqlstate[:2] not in REFUSED


@contextmanager
def explained() -> Iterator[None]:
    """Around work with a database alone. Raises DatabaseError when the database is of no use."""
    try:
        yield
    except UNUSABLE as error:
        raise DatabaseError(_one_line(error)) from error


def complaint(error: Exception) -> str | None:
    """What the database complains of, in one line; None where something else was raised."""
    return _one_line(error) if isinstance(error, SQLAlchemyError) else None


def _one_line(error: Exception) -> str:
    """What is wrong, without the SQL and the parameters that SQLAlchemy puts beside it."""
    raised = getattr(error, "orig", None) or error
    if getattr(raised, "sqlstate", None) in SHARED:
        return "a pooler shares its connections: add ?pgbouncer=true to DATABASE_URL"
    text = str(raised.__cause__ or raised)  # SQLAlchemy puts the driver's class before its words
    return next(iter(text.splitlines()), type(error).__name__)


def is_collision(error: Exception) -> bool:
    """Whether a transaction failed only because of another one: a deadlock, a conflict."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in COLLISIONS


async def insist(
    database: Database, work: Callable[[Connection], T], *, limit_seconds: float | None = None
) -> T:
    """Write, and do so again when that failed only because of another transaction.

    Raises as `write` does; the collision, when one has followed the other too often.
    """
    collisions = 0
    while True:
        try:
            return await database.write(work, limit_seconds=limit_seconds)
        except DBAPIError as error:
            collisions += 1
            if collisions > MOST_COLLISIONS or not is_collision(error):
                raise


async def transact(database: Database, work: Callable[[Transaction], T]) -> T:
    """Do several things in one transaction beside a journal; what `work` raises undoes it.

    It is done again when it failed only because of another transaction.
    """
    return await insist(database, lambda connection: work(Transaction(connection)))


def is_disconnect(error: Exception) -> bool:
    """Whether the connection was lost: nothing that is tried next would fare better."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(error, Unreachable)
