"""A SQLite file has one lock, whatever name leads to it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Connection, text

from bot.errors import ConfigError
from bot.ops.database import Taken, exclusive, open_migrated
from db.engine import open_database
from db.errors import DatabaseError
from db.migrate import Waits, migrate

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from bot.ops.database import exclusive

with exclusive(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def itself(file: Path) -> Path:
    return file


def a_link(file: Path) -> Path:
    link = file.with_name("link.db")
    link.symlink_to(file)
    return link


def a_link_to_a_link(file: Path) -> Path:
    link = file.with_name("another.db")
    link.symlink_to(a_link(file).name)
    return link


def a_linked_folder(file: Path) -> Path:
    link = file.parent.with_name("link")
    link.symlink_to(file.parent)
    return link / file.name


def a_relative_path(file: Path) -> Path:
    return Path(os.path.relpath(file))


def there_and_back(file: Path) -> Path:
    return file.parent / ".." / file.parent.name / file.name


every_name = pytest.mark.parametrize(
    "name", [itself, a_link, a_link_to_a_link, a_linked_folder, a_relative_path, there_and_back]
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "sportello.db"


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@asynccontextmanager
async def held(file: Path) -> AsyncIterator[None]:
    """Another process serves from it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, url(file), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"held\n"
    yield
    await process.communicate(b"end\n")


@every_name
async def test_nobody_else_serves_by_another_name(file: Path, name: Callable[[Path], Path]) -> None:
    other = name(file)
    async with held(file):
        with pytest.raises(Taken, match="another `sportello run` is using"), exclusive(url(other)):
            pass
    with exclusive(url(other)):
        pass


@every_name
async def test_nor_migrates(file: Path, name: Callable[[Path], Path]) -> None:
    other = url(name(file))
    database = open_database(other)
    with FileLock(f"{file}.migrating"), pytest.raises(DatabaseError):
        await migrate(database, other, waits=Waits(lock_seconds=0.01))
    await migrate(database, other)
    await database.close()


async def test_a_file_with_two_names_is_refused(file: Path) -> None:
    await (await open_migrated(url(file))).close()
    file.with_name("other.db").hardlink_to(file)
    with pytest.raises(ConfigError) as raised:
        await open_migrated(url(file))
    assert str(raised.value) == (
        f"the database cannot be used: {file} has 2 names (hard links), and using two of them would"
        " damage it: remove all but one"
    )
    database = open_database(url(file.with_name("other.db")))
    with pytest.raises(DatabaseError, match="has 2 names"):
        await database.read(ask)
    await database.close()


def ask(connection: Connection) -> object:
    return connection.scalar(text("SELECT 1"))


async def test_a_backup_that_links_it_for_a_moment_disturbs_nobody(file: Path) -> None:
    database = await open_migrated(url(file))
    file.with_name("backup.db").hardlink_to(file)
    assert (await database.write(ask), await database.read(ask)) == (1, 1)
    await database.close()
