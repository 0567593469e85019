"""Opening a database: one writer, and read-only connections beside it."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar, cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, AdaptedConnection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool
from sqlalchemy.util import greenlet_spawn

from db.errors import DatabaseError
from db.sqlite import asynchronous, driver

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
READERS = 2  # of SQLite: each is a thread with memory of its own, and a read takes a moment
COLLISIONS = ("40001", "40P01")  # PostgreSQL: serialization_failure, deadlock_detected
UNUSABLE = (SQLAlchemyError, OSError)  # asyncpg tells what happens while connecting by the latter


class Unreachable(SQLAlchemyError):
    """The database's server could not be reached, or fell silent."""


class Database(Protocol):
    """A database that is open: `write` and `read` run a function against a connection."""

    sqlite: bool

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own; commit unless it raises."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` against a connection that cannot write; all it reads is of one moment."""

    async def close(self) -> None:
        """Let go of every connection."""


def open_database(url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Database:
    """Open the database at a SQLAlchemy URL; nothing is contacted before the first use.

    `busy_timeout_ms`: how long to wait for another process that writes to the same SQLite file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _SQLite(parsed, busy_timeout_ms)
    return _PostgreSQL(parsed)


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL, None for another database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def password(url: str) -> str | None:
    """The password in a SQLAlchemy URL."""
    return make_url(url).password


def shown(url: str) -> str:
    """The URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def is_unusable(error: Exception) -> bool:
    """Whether it was the database that failed, and not the work with it.

    Files and other servers raise an OSError as well: of the database's, `Unreachable` is made.
    """
    return isinstance(error, SQLAlchemyError)


@contextmanager
def explained() -> Iterator[None]:
    """Around work with a database alone. Raises DatabaseError when the database is of no use."""
    try:
        yield
    except UNUSABLE as error:
        raise DatabaseError(_one_line(error)) from error


def _one_line(error: Exception) -> str:
    raised = getattr(error, "orig", None) or error
    text = str(raised.__cause__ or raised)  # SQLAlchemy puts the driver's class before its words
    return next(iter(text.splitlines()), type(error).__name__)


class _SQLite:
    """Writes run in one thread on the plain driver: one hop a transaction, not four a statement."""

    sqlite = True

    def __init__(self, url: URL, busy_timeout_ms: int) -> None:
        self._busy = f"busy_timeout = {busy_timeout_ms}"
        self._writer = create_engine(
            url.set(drivername="sqlite"),
            module=driver,
            poolclass=StaticPool,
            hide_parameters=True,
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._reader = create_async_engine(
            url,
            module=asynchronous(),
            pool_size=READERS,
            max_overflow=0,
            hide_parameters=True,
        )
        event.listen(self._writer, "connect", self._prepare_writer)
        event.listen(self._writer, "begin", _begin_immediate)
        event.listen(self._reader.sync_engine, "connect", self._prepare_reader)
        event.listen(self._reader.sync_engine, "begin", _begin)

    async def write(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._writer.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await _run(self._reader.sync_engine.connect, work)

    async def close(self) -> None:
        await self._reader.dispose()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.dispose)
        self._thread.shutdown()

    def _prepare_writer(self, connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred
        pragmas = ("journal_mode = wal", "synchronous = full", "foreign_keys = on")
        _set(connection, self._busy, *pragmas, "secure_delete = on")

    def _prepare_reader(self, connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing before a SELECT
        _set(connection, self._busy, "query_only = on")


class _PostgreSQL:
    sqlite = False

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, hide_parameters=True)
        event.listen(self._engine.sync_engine, "checkout", _refuse_closed)
        self._reader = self._engine.execution_options(
            postgresql_readonly=True, isolation_level="REPEATABLE READ"
        )

    async def write(self, work: Callable[[Connection], T]) -> T:
        with _reaching():
            return await _run(self._engine.sync_engine.begin, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        with _reaching():
            return await _run(self._reader.sync_engine.connect, work)

    async def close(self) -> None:
        await self._engine.dispose()


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreachable(str(error) or type(error).__name__) from error


async def _run(
    connect: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T]
) -> T:
    """Take a connection, use it and give it back, all in the caller's task.

    An AsyncConnection is given back by a task of its own. Whoever cancels all tasks at once, as
    the loop does when it ends, cancels that one before its first step, and the connection is lost.
    """

    def run() -> T:
        with connect() as connection:
            return work(connection)

    return await greenlet_spawn(run)


def is_collision(error: Exception) -> bool:
    """Whether a transaction failed only because of another one: a deadlock, a conflict."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in COLLISIONS


def is_disconnect(error: Exception) -> bool:
    """Whether the connection was lost: nothing that is tried next would fare better."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _set(connection: DBAPIConnection, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _refuse_closed(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
    """Take another connection than one that the server has closed; to ask it takes three trips."""
    driver = record.driver_connection
    if driver is None or driver.is_closed():
        raise DisconnectionError


def _begin(connection: Connection) -> None:
    """In one hop to the driver's thread, of which a statement would take three."""
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    adapted.run_async(lambda driver: driver.execute("BEGIN"))


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
