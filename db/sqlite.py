"""SQLite as this process has it: a maintained build where a wheel has one, else Python's own."""

import asyncio
import os
import sqlite3  # noqa: TID251 - the one place
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread, current_thread
from types import ModuleType
from typing import Any, Final, ParamSpec, TypeVar, cast
from weakref import WeakSet

import aiosqlite
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.engine import URL, AdaptedConnection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from db.connection import Unreachable, run
from db.files import ensure_one_name, make_private
from db.transaction import Read

P = ParamSpec("P")
T = TypeVar("T")
_Identity = tuple[int, int]  # of a file, whatever its names: its device and its number there
READERS: Final = 2  # each is a thread with memory of its own, and a read takes a moment
LAST_READ_SECONDS: Final = 3.0  # a stop waits no longer for a read that nobody awaits any more

# Before it, two connections to a file in WAL mode may damage it when one commits while the other
# copies the log a second time (sqlite.org/wal.html, "The WAL-Reset Bug").
MENDED: Final = (3, 51, 3)
ROWS_AT_ONCE: Final = 64  # as aiosqlite has it


def _driver() -> ModuleType:
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - it may not be there
    except ImportError:  # no wheel for this platform
        return sqlite3
    return cast("ModuleType", dbapi2)


# No process may open a file by both: closing it in one lets go of the locks of the other.
driver: Final = _driver()


def may_damage(version: tuple[int, ...]) -> str | None:
    """What a host should know of SQLite of this version; None when it keeps its files whole."""
    if version >= MENDED:
        return None
    had, wanted = (".".join(map(str, one)) for one in (version, MENDED))
    return (
        f"{had} may, very rarely, damage its file when a command writes beside `sportello run`; "
        f"use a Python that has SQLite {wanted} or newer, or PostgreSQL"
    )


class SQLite:
    """db.engine.Database on a file.

    Writes run in one thread on the plain driver: one hop a transaction, not four a statement.
    """

    sqlite = True

    def __init__(self, url: URL, busy_timeout_ms: int) -> None:
        self._busy = f"busy_timeout = {busy_timeout_ms}"
        self._path = Path(url.database or "")
        self._met = False
        self._opened: _Identity | None = None
        self._writer = create_engine(
            url.set(drivername="sqlite"),
            module=driver,
            poolclass=StaticPool,
            hide_parameters=True,
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._readers = WeakSet[Thread]()
        self._reader = create_async_engine(
            url,
            module=_asynchronous(self._prepare_reading),
            pool_size=READERS,
            max_overflow=0,
            hide_parameters=True,
        )
        event.listen(self._writer, "do_connect", self._prepare_file)
        event.listen(self._writer, "connect", self._prepare_writer)
        event.listen(self._writer, "begin", _begin_immediate)
        event.listen(self._reader.sync_engine, "connect", self._prepare_reader)
        event.listen(self._reader.sync_engine, "begin", _begin)

    async def write(
        self, work: Callable[[Connection], T], *, limit_seconds: float | None = None
    ) -> T:
        """As db.engine.Database has it; a file keeps nobody waiting."""

        def carry_out() -> T:
            if not self._is_there():
                raise Unreachable(f"{self._path} was moved, replaced or deleted")
            with self._writer.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, carry_out)

    async def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As db.engine.Database has it."""
        return await run(self._reader.sync_engine.connect, lambda c: work(c, *args, **kwargs))

    async def read_within(
        self,
        seconds: float | None,
        work: Read[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As db.engine.Database has it; a file keeps nobody waiting."""
        return await self.read(work, *args, **kwargs)

    async def is_there(self) -> bool:
        """As db.engine.Database has it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._is_there)

    async def free_bytes(self) -> int | None:
        """As db.engine.Database has it; None too where `is_there` tells better what is wrong."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, os.statvfs, self._path)
        except OSError:
            return None
        return found.f_bavail * found.f_frsize

    def _is_there(self) -> bool:
        return self._opened is None or self._opened == _identity(self._path)

    async def close(self) -> None:
        """As db.engine.Database has it."""
        await self._reader.dispose()
        loop = asyncio.get_running_loop()
        # One whose read was cancelled is at it still, and answers this loop when it is done.
        for reader in tuple(self._readers):
            await loop.run_in_executor(self._thread, reader.join, LAST_READ_SECONDS)
        await loop.run_in_executor(self._thread, self._writer.dispose)
        self._thread.shutdown()

    def _prepare_reading(self) -> None:
        self._readers.add(current_thread())
        self._prepare_file()

    def _prepare_file(self, *_: object) -> None:
        make_private(self._path)
        if not self._met:  # later a backup may link it for a moment, and nobody opens that
            ensure_one_name(self._path)
            self._met = True

    def _prepare_writer(self, connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred
        pragmas = ("journal_mode = wal", "synchronous = full", "foreign_keys = on")
        _set(connection, self._busy, *pragmas, "secure_delete = on")
        self._opened = _identity(self._path)

    def _prepare_reader(self, connection: DBAPIConnection, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing before a SELECT
        _set(connection, self._busy, "query_only = on")


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _asynchronous(prepare: Callable[[], object]) -> AsyncAdapt_aiosqlite_dbapi:
    """The driver for SQLAlchemy in aiosqlite's threads, which itself knows Python's alone.

    Each thread calls `prepare` before it opens the file.
    """

    def connect(database: str, **options: Any) -> aiosqlite.Connection:
        def open_file() -> sqlite3.Connection:
            prepare()
            opened: sqlite3.Connection = driver.connect(database, **options)
            return opened

        return aiosqlite.Connection(open_file, ROWS_AT_ONCE)

    face = ModuleType(aiosqlite.__name__)
    mine = {"connect": connect, "Connection": aiosqlite.Connection}
    vars(face).update(vars(driver) | mine | {"__version__": aiosqlite.__version__})
    return AsyncAdapt_aiosqlite_dbapi(face, driver)


def _set(connection: DBAPIConnection, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """In one hop to the driver's thread, of which a statement would take three."""
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    adapted.run_async(lambda driver: driver.execute("BEGIN"))


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
