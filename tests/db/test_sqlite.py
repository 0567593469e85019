"""Which SQLite opens the files, and what becomes of a file meanwhile."""

import asyncio
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from db.connection import Unreachable
from db.engine import Database, sqlite_path
from db.sqlite import driver, may_damage
from tests.databases import SQLite, opened
from tests.db.test_engine import add, how_many, only_sqlite


def version(connection: Connection) -> str:
    """Of the library that carries the statement out."""
    return str(connection.scalar(text("SELECT sqlite_version()")))


@only_sqlite
async def test_one_build_opens_a_file_for_reading_and_writing(database: Database) -> None:
    assert await database.write(version) == driver.sqlite_version
    assert await database.read(version) == driver.sqlite_version


@pytest.mark.skipif(find_spec("pysqlite3") is None, reason="no wheel for this platform")
def test_the_maintained_build_is_taken_where_there_is_one() -> None:
    assert may_damage(driver.sqlite_version_info) is None


@pytest.mark.parametrize("old", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_an_old_one_is_told_of(old: tuple[int, ...]) -> None:
    told = may_damage(old)
    assert told is not None
    assert told.startswith(".".join(map(str, old)))
    assert "3.51.3 or newer, or PostgreSQL" in told


@pytest.mark.parametrize("new", [(3, 51, 3), (3, 53, 0), (4, 0, 0)])
def test_a_mended_one_is_not(new: tuple[int, ...]) -> None:
    assert may_damage(new) is None


def delete(file: Path) -> None:
    file.unlink()


def move(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))


def replace(file: Path) -> None:
    shutil.copy(file, file.with_name("another.db"))
    file.with_name("another.db").replace(file)


@only_sqlite
@pytest.mark.parametrize("harm", [delete, move, replace])
async def test_nothing_is_written_to_a_file_that_nobody_finds_again(
    database: Database, database_url: str, harm: Callable[[Path], None]
) -> None:
    path = sqlite_path(database_url)
    assert path
    assert await database.is_there()
    await database.write(add)
    assert await database.is_there()
    harm(path)
    assert not await database.is_there()
    with pytest.raises(Unreachable, match="was moved, replaced or deleted"):
        await database.write(add)


def add_a_lot(connection: Connection) -> None:
    for _ in range(10_000):
        add(connection)


LONG = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
SELECT max(i) FROM n
"""


async def test_a_read_that_was_cancelled_is_over_when_the_file_is_closed(
    tmp_path: Path, sqlite: SQLite
) -> None:
    """Its thread answers the loop, which may be gone a moment later."""
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def read_long(connection: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        connection.execute(text(LONG))

    async with sqlite.database(tmp_path) as url:
        before = set(threading.enumerate())
        async with opened(url) as database:
            reading = asyncio.create_task(database.read(read_long))
            await begun.wait()
            reading.cancel()
        assert set(threading.enumerate()) <= before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, as large as three databases: no other disk may be filled."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=2m", "none", folder)
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        # Who may, the system decides: a user may not, nor may root in many a container.
        pytest.skip(f"no small disk can be mounted here ({made.stderr.strip()})")
    yield folder
    subprocess.run(["umount", folder], check=True)  # noqa: S607 - the system's


async def test_a_full_disk_loses_nothing_and_heals_by_itself(
    small_disk: Path, sqlite: SQLite
) -> None:
    async with sqlite.database(small_disk) as url, opened(url) as database:
        link = small_disk.with_name("link.db")
        link.symlink_to(small_disk / "sportello.db")
        async with opened(f"sqlite+aiosqlite:///{link}") as linked:
            assert await linked.free_bytes() == await database.free_bytes()
        await database.write(add)
        assert 0 < (await database.free_bytes() or 0) < 2**21
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(b"0" * 2**21)
        with pytest.raises(OperationalError, match=r"full|disk I/O error"):
            await database.write(add_a_lot)
        kept = await database.read(how_many)
        assert (await database.free_bytes() or 0) < 2**16
        filler.unlink()
        await database.write(add)
        assert await database.read(how_many) == kept + 1
