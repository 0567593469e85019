"""Which SQLite opens the files."""

from importlib.util import find_spec

import pytest
from sqlalchemy import Connection, text

from db.engine import Database
from db.sqlite import driver, may_damage
from tests.db.test_engine import only_sqlite


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
