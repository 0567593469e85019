"""SQLite as this process has it: a maintained build where a wheel has one, else Python's own."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import ModuleType
from typing import Any, Final, ParamSpec, TypeVar, cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import QueuePool, StaticPool

from db.connection import Unreachable
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


def _driver() -> ModuleType:
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - it may not be there
    except ImportError:  # no wheel for this platform
        import sqlite3  # noqa: PLC0415, TID251 - the one place

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

    Each transaction runs in one thread on the plain driver: one hop, not four a statement.
    """

    sqlite = True

    def __init__(self, url: URL, busy_timeout_ms: int) -> None:
        self._busy = f"busy_timeout = {busy_timeout_ms}"
        self._path = Path(url.database or "")
        self._met = False
        self._opened: _Identity | None = None
        plain = url.set(drivername="sqlite")
        self._writer = create_engine(
            plain, module=driver, poolclass=StaticPool, hide_parameters=True
        )
        self._reader = create_engine(
            plain,
            module=driver,
            poolclass=QueuePool,
            pool_size=READERS,
            max_overflow=0,
            hide_parameters=True,
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._reading = set[Future[Any]]()
        for engine in (self._writer, self._reader):
            event.listen(engine, "do_connect", self._prepare_file)
        event.listen(self._writer, "connect", self._prepare_writer)
        event.listen(self._writer, "begin", _begin_immediate)
        event.listen(self._reader, "connect", self._prepare_reader)
        event.listen(self._reader, "begin", _begin)

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

        def carry_out() -> T:
            with self._reader.connect() as connection:
                return work(connection, *args, **kwargs)

        reading = self._readers.submit(carry_out)
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return await asyncio.wrap_future(reading)

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
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._readers.shutdown(wait=not self._reading)
        self._thread.shutdown()

    def _close(self) -> None:
        wait(tuple(self._reading), LAST_READ_SECONDS)  # one that was cancelled is at it still
        self._reader.dispose()
        self._writer.dispose()

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


def _set(connection: DBAPIConnection, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
