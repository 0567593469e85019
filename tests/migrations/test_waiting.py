"""What migrations wait for: whoever waits for them reads it, and nobody waits for them in vain."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from alembic import command
from filelock import FileLock
from sqlalchemy import Engine, event, make_url

from db.engine import Database, sqlite_path
from db.migrate import ADVISORY_LOCK, Waits, migrate
from db.schema import Schema, revisions, schema
from db.upgrade import config

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
AT_ONCE = Waits(table_seconds=0.05, pause_seconds=0.0, tell_seconds=0.0)
ANOTHER = "waiting for another process that migrates"


@asynccontextmanager
async def session(url: str, statement: str) -> AsyncIterator[Callable[[], object]]:
    """Another program's transaction, which has said something; what is given ends it."""
    at, endings = make_url(url), list[asyncio.Task[None]]()
    other = await asyncpg.connect(
        user="postgres", host=str(at.query["host"]), database=str(at.database)
    )
    transaction = other.transaction()
    await transaction.start()
    await other.execute(statement)

    def end() -> None:
        if not endings:
            endings.append(asyncio.create_task(transaction.commit()))

    yield end
    await asyncio.gather(*endings)
    await other.close()


async def until_told(words: str, database: Database, url: str, then: Callable[[], object]) -> None:
    """Migrate; what is told of the way must begin so, and then something happens."""
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if line.startswith(words):
            then()

    await migrate(database, url, tell=tell, waits=AT_ONCE)
    assert [line for line in told if line.startswith(words)]
    assert await schema(database) is Schema.CURRENT


@only_sqlite
async def test_another_process_that_migrates_the_file(empty: Database, url: str) -> None:
    lock = FileLock(f"{sqlite_path(url)}.migrating")
    lock.acquire()
    await until_told(f"{ANOTHER}, 0 s", empty, url, lock.release)


@pytest.fixture
def goes_on() -> Iterator[Callable[[], object]]:
    """No table is made before this is called."""
    told = threading.Event()

    def is_slow(_: object, __: object, statement: str, *___: object) -> None:
        if "CREATE TABLE" in statement:
            told.wait()

    event.listen(Engine, "before_cursor_execute", is_slow)
    yield told.set
    event.remove(Engine, "before_cursor_execute", is_slow)


@only_sqlite
async def test_a_migration_that_takes_long(
    empty: Database, url: str, goes_on: Callable[[], object]
) -> None:
    words = f"migration 0001_the_durable_engine, 1 of {len(revisions())}, 0 s"
    await until_told(words, empty, url, goes_on)


@only_postgresql
async def test_another_process_that_migrates(empty: Database, url: str) -> None:
    async with session(url, f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})") as end:
        await until_told(f"{ANOTHER}, 0 s", empty, url, end)


@only_postgresql
async def test_whoever_uses_a_table_is_let_past(empty: Database, url: str) -> None:
    await empty.write(lambda connection: command.upgrade(config(connection), "0007"))
    async with session(url, "SELECT 1 FROM alembic_version") as end:
        await until_told("waiting for what others do with the tables, 0 s", empty, url, end)
