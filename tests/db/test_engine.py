"""The database opened: what its connections promise."""

import asyncio
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.util import await_only

from db.connection import Unreachable
from db.engine import Database, is_unusable, open_database, sqlite_path
from db.models import alerts, chats
from tests.databases import opened
from tests.patience import PATIENCE_SECONDS

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)

CONNECTIONS = 15  # as many as a pool gives out


def add(connection: Connection) -> None:
    """One row more."""
    connection.execute(insert(alerts).values(key=uuid4().hex, told_at=0.0))


def how_many(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(alerts)) or 0


async def test_what_is_written_is_read(database: Database) -> None:
    await database.write(add)
    assert await database.read(how_many) == 1


async def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def work(connection: Connection) -> None:
        add(connection)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(work)
    assert await database.read(how_many) == 0


async def test_what_is_read_at_once_is_of_one_moment(database: Database) -> None:
    loop = asyncio.get_running_loop()

    def work(connection: Connection) -> tuple[int, int]:
        before, writing = how_many(connection), database.write(add)
        if database.sqlite:  # a file is read in a thread of its own
            asyncio.run_coroutine_threadsafe(writing, loop).result()
        else:
            await_only(writing)
        return before, how_many(connection)

    assert await database.read(work) == (0, 0)
    assert await database.read(how_many) == 1


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.read(add)


async def test_after_a_reader_tried_to_write_others_still_can(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.read(add)
    await database.write(add)
    assert await database.read(how_many) == 1


async def test_a_row_cannot_belong_to_nothing(database: Database) -> None:
    orphan = insert(chats).values(bot_id=1, chat_id=1, topic_id=0)
    with pytest.raises(IntegrityError):
        await database.write(lambda connection: connection.execute(orphan))


async def test_it_is_known_which_database_it_is(database: Database, database_url: str) -> None:
    assert database.sqlite == database_url.startswith("sqlite")
    assert (sqlite_path(database_url) is not None) == database.sqlite


async def test_a_server_that_is_not_there_is_told_from_a_file_that_is_not(tmp_path: Path) -> None:
    async with opened(f"postgresql+asyncpg://postgres@/x?host={tmp_path}") as away:
        for use in (away.read(how_many), away.write(add)):
            with pytest.raises(Unreachable) as raised:
                await use
            assert is_unusable(raised.value)
    assert not is_unusable(FileNotFoundError())
    assert not is_unusable(ConnectionResetError())


async def test_work_that_is_refused_is_no_broken_database(database: Database) -> None:
    def twice(connection: Connection) -> None:
        connection.execute(insert(alerts), [{"key": "a", "told_at": 0.0}] * 2)

    def nothing(connection: Connection) -> None:
        connection.execute(select(alerts).where(alerts.c.key == "?")).one()

    def elsewhere(connection: Connection) -> None:
        connection.execute(text("SELECT * FROM mislaid"))

    unusable = {}
    for work in (twice, nothing, elsewhere):
        with pytest.raises(SQLAlchemyError) as raised:
            await database.write(work)
        unusable[work] = is_unusable(raised.value)
    assert unusable == {twice: False, nothing: False, elsewhere: True}


@only_postgresql
async def test_a_text_that_no_column_takes_is_no_broken_database(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised:
        await database.write(
            lambda connection: connection.execute(insert(alerts).values(key="\0", told_at=0.0))
        )
    assert not is_unusable(raised.value)


@only_postgresql
async def test_a_crowd_that_reads_does_not_hold_up_the_writer(database: Database) -> None:
    released, full = asyncio.Event(), asyncio.Semaphore(0)

    def stays(connection: Connection) -> None:
        how_many(connection)
        full.release()
        await_only(released.wait())

    crowd = [asyncio.create_task(database.read(stays)) for _ in range(2 * CONNECTIONS)]
    for _ in range(CONNECTIONS):
        await full.acquire()
    await database.write(add)
    released.set()
    await asyncio.gather(*crowd)


# ----------------------------------------------------------------------- SQLite


@only_sqlite
async def test_commits_are_durable_and_readers_do_not_wait(database: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    full = 2
    assert await database.write(pragmas) == ["wal", full, 1]


class Holding:
    """A write that stays open until it is let go."""

    def __init__(self) -> None:
        self.begun, self.end = threading.Event(), threading.Event()

    def __call__(self, connection: Connection) -> None:
        add(connection)
        self.begun.set()
        assert self.end.wait(timeout=PATIENCE_SECONDS)


@only_sqlite
async def test_one_reads_what_was_committed_while_another_writes(database: Database) -> None:
    holding = Holding()
    writing = asyncio.create_task(database.write(holding))
    await asyncio.to_thread(holding.begun.wait, 30)
    during = await database.read(how_many)
    holding.end.set()
    await writing
    assert (during, await database.read(how_many)) == (0, 1)


@only_sqlite
async def test_a_second_process_waits_for_the_first(database: Database, database_url: str) -> None:
    holding = Holding()
    writing = asyncio.create_task(database.write(holding))
    await asyncio.to_thread(holding.begun.wait, 30)
    async with opened(database_url) as second:
        waiting = asyncio.create_task(second.write(add))
        holding.end.set()
        await asyncio.gather(writing, waiting)
        assert await second.read(how_many) == 2


@only_sqlite
async def test_a_second_process_does_not_wait_for_ever(
    database: Database, database_url: str
) -> None:
    holding = Holding()
    writing = asyncio.create_task(database.write(holding))
    await asyncio.to_thread(holding.begun.wait, 30)
    second = open_database(database_url, busy_timeout_ms=1)
    with pytest.raises(OperationalError, match="locked"):
        await second.write(add)
    await second.close()
    holding.end.set()
    await writing


@only_sqlite
async def test_a_closed_file_has_nothing_beside_it(database_url: str) -> None:
    async with opened(database_url) as database:
        await database.write(add)
        await database.read(how_many)
    path = sqlite_path(database_url)
    assert path is not None
    assert [one.name for one in path.parent.glob(f"{path.name}*")] == [path.name]


# ------------------------------------------------------------------- PostgreSQL


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_after_the_server_has_hung_up_it_is_called_again(
    database: Database, database_url: str
) -> None:
    await asyncio.gather(database.write(add), database.read(how_many))
    async with opened(database_url) as another:
        await another.write(hang_up)
    await database.write(add)
    assert await database.read(how_many) == 2


def hang_up(connection: Connection) -> None:
    """The server ends the connections of everybody else, as when it is started again."""
    ended = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert connection.execute(text(ended)).scalars().all() == [True, True]


def test_the_file_of_a_url() -> None:
    assert sqlite_path("sqlite+aiosqlite:///data/x.db") == Path("data/x.db")
    assert sqlite_path("sqlite+aiosqlite://") is None
    assert sqlite_path("postgresql+asyncpg://u@h/x") is None
