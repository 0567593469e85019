"""Migrations on a database that is full, also where they are killed in the middle."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from db.engine import Database
from db.migrate import migrate
from db.schema import Schema, schema
from db.upgrade import config
from tests.backends import on_both
from tests.databases import Backend, opened

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ROOT = Path(__file__).parents[2]
ROWS = 3  # in each table, each with a parent of its own wherever it can have one
KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from db.engine import open_database
from db.migrate import migrate

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(_, __, statement, *___):
    global left
    left -= statement.split()[0] in ("UPDATE", "INSERT", "CREATE", "ALTER", "DROP", "PRAGMA")
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(migrate(open_database(sys.argv[1]), sys.argv[1]))
"""
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
async def url(backend: Backend, tmp_path: Path) -> AsyncIterator[str]:
    """A database as the second migration left it, with rows in every table."""
    async with backend.database(tmp_path, migrated=False) as url:
        async with opened(url) as database:
            await database.write(fill)
        yield url


def fill(connection: Connection, revision: str = "0002") -> None:
    command.upgrade(config(connection), revision)
    for table in tables(connection):
        values = [row_of(table, number) for number in range(1, ROWS + 1)]
        connection.execute(table.insert(), values)


def tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def row_of(table: Table, number: int) -> dict[str, object]:
    """A value in each column: numbers lead to the parent with that number."""
    row: dict[str, object] = {}
    for column in table.columns:
        kind = column.type.python_type
        row[column.name] = f"{column.name} {number}" if kind is str else kind(number)
    return row


def stored(connection: Connection) -> Rows:
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by("id"))]
        if "id" in table.c
        else [dict(row._mapping) for row in connection.execute(select(table))]
        for table in tables(connection)
    }


async def check(database: Database, before: Rows) -> None:
    """Everything is there; of the trail, no line is another company's."""
    assert await schema(database) is Schema.CURRENT
    after = await database.read(stored)
    for table, old in before.items():
        kept = [
            {column: row[column] for column in was}
            for row, was in zip(after[table], old, strict=True)
        ]
        # "tenant 1" is not the name of the company "name 1".
        changes = {"tenant_id": None} if table == "audit" else {}
        assert (table, kept) == (table, [was | changes for was in old])
    if database.sqlite:
        assert await database.read(told("integrity_check")) == ["ok"]
        assert await database.read(told("foreign_key_check")) == []


def told(pragma: str) -> Callable[[Connection], list[object]]:
    """What SQLite says of the file."""
    return lambda connection: list(connection.execute(text(f"PRAGMA {pragma}")).scalars())


@on_both
async def test_nothing_of_a_full_database_is_lost(url: str) -> None:
    async with opened(url) as database:
        before = await database.read(stored)
        assert all(len(rows) == ROWS for rows in before.values())
        await migrate(database, url)
        await check(database, before)


@pytest.mark.parametrize("statements", [1, 4, 8])
async def test_what_was_killed_in_the_middle_is_done_again(url: str, statements: int) -> None:
    await is_killed_and_done_again(url, statements)


@only_sqlite
@pytest.mark.parametrize("statements", [16, 24, 32])
async def test_so_is_what_was_killed_at_the_counters(url: str, statements: int) -> None:
    await is_killed_and_done_again(url, statements)


async def is_killed_and_done_again(url: str, statements: int) -> None:
    async with opened(url) as database:
        before = await database.read(stored)
        definitions = await database.read(defined)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", KILLED, url, str(statements), cwd=ROOT, stderr=PIPE
        )
        _, errors = await process.communicate()
        assert (process.returncode, errors) == (-signal.SIGKILL, b"")
        assert await schema(database) is Schema.OLDER
        assert await database.read(defined) == definitions
        assert await database.read(stored) == before
        await migrate(database, url)
        await check(database, before)


def defined(connection: Connection) -> list[object]:
    """The tables as the database has them."""
    if connection.dialect.name == "sqlite":
        wanted = "SELECT name, sql FROM sqlite_master ORDER BY name"
        return [tuple(row) for row in connection.execute(text(wanted))]
    known = inspect(connection)
    return [
        (table, [column["name"] for column in known.get_columns(table)], known.get_indexes(table))
        for table in sorted(known.get_table_names())
    ]
