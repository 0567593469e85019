"""Which programs may run on a database: also older ones, where its migrations only add."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.errors import ConfigError
from bot.ops.database import open_migrated, watch_database
from bot.ops.volume import FreeSpace
from db.engine import Database
from db.journal import Journal
from db.migrate import migrate
from db.models import metadata, turns
from db.operations import Beat
from db.schema import Schema, schema
from db.tenants import list_tenants
from tests.backends import on_both
from tests.databases import Backend, opened, seed_tenant
from tests.db.aging import Aging
from tests.db.desk import Desk, bubble, sent
from tests.fakes.clock import FakeClock
from tests.migrations.newer import NUMBER, copy_program, newer_program, running

ADDS = f"""op.create_table("tomorrow", sa.Column("id", sa.Integer(), primary_key=True))
    for table in {[*metadata.tables]}:
        op.add_column(table, sa.Column("extra", sa.Text()))
        op.add_column(table, sa.Column("one", sa.Integer(), nullable=False, server_default="1"))
        op.create_index(f"ix_{{table}}_one", table, ["one"])
"""
TAKES_AWAY = 'op.drop_column("profiles", "note")'
REFUSED = "it was written by a newer version; install that version"


@pytest.fixture
async def database_url(backend: Backend, tmp_path: Path) -> AsyncIterator[str]:
    """A current database that no other test will use again."""
    async with backend.database(tmp_path, migrated=False) as url:
        async with opened(url) as database:
            await migrate(database, url)
        yield url


async def works(desk: Desk) -> None:
    """All of its days, on connections that it has open."""
    await desk.handle(await desk.event())
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, bubble("Buongiorno."), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 9),))
    await desk.complete(turn)
    await desk.journal.do(Beat(desk.owner, 30.0))
    await desk.journal.do(desk.adopting())
    await Aging(desk).prune()
    await desk.database.read(list_tenants)


@on_both
async def test_an_older_one_goes_on_beside_one_that_brings_additions(
    journal: Journal, database: Database, database_url: str, tmp_path: Path
) -> None:
    await seed_tenant(journal)
    desk = Desk(journal, database)
    await works(desk)
    assert await schema(database) is Schema.CURRENT
    await newer_program(tmp_path / "newer", ADDS).starts(database_url)
    assert await schema(database) is Schema.NEWER
    await works(desk)
    assert [turn.state for turn in await desk.stored(turns)] == ["done", "done"]


async def test_an_older_one_starts_after_it_and_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    await newer_program(tmp_path / "newer", ADDS).starts(database_url)
    database = await open_migrated(database_url)
    noted = text("SELECT version_num FROM alembic_version")
    assert await database.read(lambda connection: connection.scalar(noted)) == NUMBER
    await database.close()


async def test_one_that_needs_what_is_gone_is_refused(database_url: str, tmp_path: Path) -> None:
    await newer_program(tmp_path / "newer", TAKES_AWAY, min_code=NUMBER).starts(database_url)
    async with opened(database_url) as database:
        assert await schema(database) is Schema.TOO_NEW
    with pytest.raises(ConfigError, match=REFUSED):
        await open_migrated(database_url)


async def test_one_that_did_without_it_already_is_not(database_url: str, tmp_path: Path) -> None:
    await newer_program(tmp_path / "newer", TAKES_AWAY).starts(database_url)
    await (await open_migrated(database_url)).close()


async def test_one_that_is_running_learns_it(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    newer = newer_program(tmp_path / "newer", TAKES_AWAY, min_code=NUMBER)

    class Clock(FakeClock):
        async def sleep(self, seconds: float) -> None:
            await newer.starts(database_url)

    with pytest.raises(ConfigError, match=f"cannot be used any more: {REFUSED}"):
        await watch_database(database, FreeSpace(0), Clock())


async def test_one_whose_files_are_replaced_is_still_what_it_was(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "program"
    copy_program(folder)
    older = await running(folder, database_url)
    assert older.stdin
    assert older.stdout
    assert await older.stdout.readline() == b"current\n"
    await newer_program(folder, TAKES_AWAY, min_code=NUMBER).starts(database_url)
    said, _ = await older.communicate(b"and now?\n")
    assert said == b"too new\n"


async def test_where_a_newer_one_does_not_say_who_may_nobody_may(database: Database) -> None:
    for statement in ("SET version_num = '9999'", "SET min_code = NULL"):
        unsaid = text(f"UPDATE alembic_version {statement}")
        await database.write(partial(Connection.execute, statement=unsaid))
    assert await schema(database) is Schema.TOO_NEW
