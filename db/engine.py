"""Opening a database: one writer, and read-only connections beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000


class Database(Protocol):
    """A database that is open: `write` and `read` run a function against a connection."""

    sqlite: bool

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own; commit unless it raises."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` against a connection that cannot write."""

    async def close(self) -> None:
        """Let go of every connection."""


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL; nothing is contacted before the first use."""
    parsed = make_url(url)
    return _SQLite(parsed) if parsed.get_backend_name() == "sqlite" else _PostgreSQL(parsed)


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL, None for another database."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


class _SQLite:
    """Writes run in one thread on the plain driver: one hop a transaction, not four a statement."""

    sqlite = True

    def __init__(self, url: URL) -> None:
        self._writer = create_engine(url.set(drivername="sqlite"), poolclass=StaticPool)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._reader = create_async_engine(url)
        event.listen(self._writer, "connect", _prepare_writer)
        event.listen(self._writer, "begin", _begin_immediate)
        event.listen(self._reader.sync_engine, "connect", _prepare_reader)

    async def write(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._writer.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await _read(self._reader, work)

    async def close(self) -> None:
        await self._reader.dispose()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.dispose)
        self._thread.shutdown()


class _PostgreSQL:
    sqlite = False

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(url, pool_pre_ping=True)

    async def write(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await _read(self._engine, work)

    async def close(self) -> None:
        await self._engine.dispose()


async def _read(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    async with engine.connect() as connection:
        return await connection.run_sync(work)


def _prepare_writer(connection: object, _: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # the driver's own BEGIN is deferred
    _pragmas(connection, "journal_mode = wal", "synchronous = full", "foreign_keys = on")


def _prepare_reader(connection: object, _: object) -> None:
    _pragmas(connection, "query_only = on")


def _pragmas(connection: object, *pragmas: str) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection has no type
    for pragma in (f"busy_timeout = {BUSY_TIMEOUT_MS}", *pragmas):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
