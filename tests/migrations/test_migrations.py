import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, inspect, make_url, text

from db.engine import Database, open_database, sqlite_path
from db.errors import DatabaseError
from db.migrate import Waits, migrate
from db.models import metadata
from db.schema import Schema, revisions, schema, scripts
from db.upgrade import config
from tests.backends import on_both
from tests.databases import Backend, opened

ROOT = Path(__file__).parents[2]
only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def indexes(connection: Connection) -> list[tuple[str, str]]:
    """Each index as the database would make it again, its condition included."""
    if connection.dialect.name == "sqlite":
        wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        wanted = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    found = [(name, definition) for name, definition in connection.execute(text(wanted))]
    return sorted(pair for pair in found if pair[0] != "alembic_version_pkc")


# --------------------------------------------------------------- up, down, again


@on_both
async def test_an_empty_database_becomes_current(empty: Database, url: str) -> None:
    assert await schema(empty) is Schema.EMPTY
    await migrate(empty, url)
    assert await schema(empty) is Schema.CURRENT
    assert await empty.read(tables) == {*metadata.tables, "alembic_version"}


async def test_to_migrate_what_is_current_changes_nothing(empty: Database, url: str) -> None:
    for _ in range(2):
        await migrate(empty, url)
    assert await schema(empty) is Schema.CURRENT


@on_both
async def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert await database.write(differences) == []


@on_both
async def test_they_lead_to_the_same_indexes(
    database: Database, backend: Backend, tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    async with backend.database(folder, migrated=False) as other, opened(other) as made:
        await made.write(metadata.create_all)
        assert await database.read(indexes) == await made.read(indexes)


@on_both
async def test_down_and_up_again(database: Database) -> None:
    await database.write(lambda connection: command.downgrade(config(connection), "base"))
    assert await database.read(tables) == {"alembic_version"}
    assert await schema(database) is Schema.EMPTY
    await database.write(lambda connection: command.upgrade(config(connection), "head"))
    assert await schema(database) is Schema.CURRENT


# -------------------------------------------------------------------- at a start


@only_sqlite
async def test_what_carries_migrations_out_is_loaded_only_for_them(
    database_url: str, tmp_path: Path
) -> None:
    code = """
import asyncio, sys
from db.engine import open_database
from db.migrate import migrate

async def start(url):
    database = open_database(url)
    await migrate(database, url)
    await database.close()
    print("alembic" in sys.modules)

for url in sys.argv[1:]:
    asyncio.run(start(url))
"""
    process = await python(code, database_url, f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    said, _ = await process.communicate()
    assert said.decode().split() == ["False", "True"]


async def python(code: str, *arguments: str) -> Process:
    """Another process, in the checkout."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )


@on_both
async def test_two_processes_that_start_at_once_both_have_the_tables(url: str) -> None:
    code = """
import asyncio, sys
from db.engine import open_database
from db.migrate import migrate

async def start(url):
    database = open_database(url)
    sys.stdin.readline()
    await migrate(database, url)
    await database.close()

asyncio.run(start(sys.argv[1]))
"""
    both = [await python(code, url) for _ in range(2)]
    outputs = await asyncio.gather(*(one.communicate(b"go\n") for one in both))
    assert [(one.returncode, errors) for one, (_, errors) in zip(both, outputs, strict=True)] == [
        (0, b""),
        (0, b""),
    ]
    async with opened(url) as database:
        assert await schema(database) is Schema.CURRENT


# ------------------------------------------------------- what cannot be migrated


def is_one_line(error: DatabaseError) -> bool:
    """A host can read it: no traceback, no class names of a driver."""
    line = str(error)
    return bool(line) and "\n" not in line and "<class" not in line


@asynccontextmanager
async def locked(path: Path | None) -> AsyncIterator[None]:
    """Another process holds the file."""
    code = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA locking_mode = exclusive")
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
"""
    process = await python(code, str(path))
    assert process.stdout
    assert await process.stdout.readline() == b"locked\n"
    yield
    await process.communicate(b"end\n")


@only_sqlite
@pytest.mark.parametrize("migrated", [False, True])
async def test_a_file_that_another_process_holds(
    backend: Backend, tmp_path: Path, migrated: bool
) -> None:
    async with backend.database(tmp_path, migrated=migrated) as url, locked(sqlite_path(url)):
        database = open_database(url, busy_timeout_ms=10)
        for use in (migrate(database, url), schema(database)):
            with pytest.raises(DatabaseError, match="database is locked") as raised:
                await use
            assert is_one_line(raised.value)
        await database.close()


@only_sqlite
async def test_a_file_that_another_process_is_migrating(empty: Database, url: str) -> None:
    with FileLock(f"{sqlite_path(url)}.migrating"), pytest.raises(DatabaseError) as raised:
        await migrate(empty, url, waits=Waits(lock_seconds=0.01))
    assert is_one_line(raised.value)


@only_sqlite
async def test_a_file_that_is_no_database(empty: Database, url: str) -> None:
    path = sqlite_path(url)
    assert path
    path.write_text("Buongiorno" * 1000)
    for use in (schema(empty), migrate(empty, url)):
        with pytest.raises(DatabaseError, match="not a database"):
            await use


@only_sqlite
async def test_a_folder_that_does_not_exist_is_made(tmp_path: Path, url: str) -> None:
    path = tmp_path / "data" / "sportello.db"
    url = f"sqlite+aiosqlite:///{path}"
    async with opened(url) as database:
        with pytest.raises(DatabaseError, match="unable to open"):
            await schema(database)
        await migrate(database, url)
    assert path.exists()


@only_sqlite
async def test_a_path_that_cannot_be(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite+aiosqlite:///{tmp_path}/file/sportello.db"
    async with opened(url) as database:
        with pytest.raises(DatabaseError) as raised:
            await migrate(database, url)
    assert is_one_line(raised.value)


@only_postgresql
async def test_a_database_that_the_server_does_not_have(url: str) -> None:
    unknown = make_url(url).set(database="nowhere").render_as_string(hide_password=False)
    async with opened(unknown) as database:
        with pytest.raises(DatabaseError, match='database "nowhere" does not exist') as raised:
            await migrate(database, unknown)
    assert is_one_line(raised.value)


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    url = f"postgresql+asyncpg://postgres@/x?host={tmp_path}"
    async with opened(url) as database:
        for use in (schema(database), migrate(database, url)):
            with pytest.raises(DatabaseError) as raised:
                await use
            assert is_one_line(raised.value)


# --------------------------------------------------------------------- the files


def test_the_migrations_are_found() -> None:
    assert (scripts() / "env.py").is_file()


def test_the_folder_of_the_migrations_is_no_package() -> None:
    """With an __init__.py, `from alembic import command` would find this folder."""
    assert not (ROOT / "alembic" / "__init__.py").exists()


async def test_migrations_are_numbered_in_their_order(database: Database) -> None:
    def numbers(connection: Connection) -> list[tuple[str, str]]:
        directory = ScriptDirectory.from_config(config(connection))
        return [(one.revision, Path(one.path).name) for one in directory.walk_revisions()][::-1]

    found = await database.read(numbers)
    assert [number for number, _ in found] == [*revisions()]
    assert [number for number, _ in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
    assert all(re.fullmatch(rf"{number}_[a-z0-9_]+\.py", name) for number, name in found)
    assert {name for _, name in found} == {
        path.name for path in (ROOT / "alembic" / "versions").glob("*.py")
    }
