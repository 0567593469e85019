"""SQLite as this process has it: a maintained build where a wheel has one, else Python's own."""

import sqlite3  # noqa: TID251 - the one place
from types import ModuleType
from typing import Any, Final, cast

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi

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


def asynchronous() -> AsyncAdapt_aiosqlite_dbapi:
    """The driver for SQLAlchemy in aiosqlite's threads, which itself knows Python's alone."""
    face = ModuleType(aiosqlite.__name__)
    mine = {"connect": _connect, "Connection": aiosqlite.Connection}
    vars(face).update(vars(driver) | mine | {"__version__": aiosqlite.__version__})
    return AsyncAdapt_aiosqlite_dbapi(face, driver)


def _connect(database: str, **options: Any) -> aiosqlite.Connection:
    return aiosqlite.Connection(lambda: driver.connect(database, **options), ROWS_AT_ONCE)
