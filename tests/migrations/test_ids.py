"""No id is given twice, and what an earlier company left is not the next one's."""

import pytest
from alembic import command
from sqlalchemy import Connection, text

from db.engine import Database
from db.migrate import migrate
from db.models import RowId, metadata
from db.upgrade import config

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def with_own_ids() -> list[str]:
    return [
        table.name
        for table in metadata.sorted_tables
        if "id" in table.c and table.c.id.type is RowId and table.c.id.primary_key
    ]


@only_sqlite
async def test_no_table_gives_an_id_again(database: Database) -> None:
    wanted = "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
    found = await database.read(lambda c: c.execute(text(wanted)).scalars().all())
    assert sorted(found) == sorted(with_own_ids())


FILLED = """
INSERT INTO tenants (id, name, version, state, created_at) VALUES (3, 'new', 1, 'active', 50);
INSERT INTO profiles (tenant_id, version, body, author, created_at) VALUES (3, 1, '{}', 'x', 50);
INSERT INTO bots (id, tenant_id, managed) VALUES (7, 3, false);
INSERT INTO chats (id, bot_id, chat_id, topic_id, thread_id) VALUES (2, 7, 1, 0, 90);
INSERT INTO threads (id, chat_id, tenant_id, assistant, purpose, created_at)
  VALUES (4, 2, 3, 'public', 'client', 50);
INSERT INTO audit (id, tenant_id, tenant, actor, action, new, at) VALUES
  (1, 3, 'gone', 'x', 'draft changed', 'a secret', 10),
  (2, 3, 'new', 'x', 'draft changed', 'of an earlier one by this name', 20),
  (3, 3, 'gone', 'x', 'draft changed', 'by a clock that was put back', 55),
  (4, 3, 'first', 'x', 'draft changed', 'its own', 60),
  (5, 8, 'gone too', 'x', 'draft changed', 'of nobody', 61);
INSERT INTO audit (id, tenant_id, tenant, actor, action, old, new, at)
  VALUES (6, 3, 'new', 'x', 'tenants.rename', 'first', 'new', 70);
"""


def fill(connection: Connection) -> None:
    """A database as the second migration left it, in which a company was deleted."""
    command.upgrade(config(connection), "0002")
    for statement in filter(str.strip, FILLED.split(";\n")):
        connection.execute(text(statement))


async def test_what_an_earlier_company_left_is_not_the_next_ones(empty: Database, url: str) -> None:
    await empty.write(fill)
    await migrate(empty, url)
    mine = text("SELECT id FROM audit WHERE tenant_id = 3 ORDER BY id")
    assert await empty.read(lambda c: c.execute(mine).scalars().all()) == [4, 6]


@only_sqlite
async def test_ids_begin_above_every_number_that_is_still_named(empty: Database, url: str) -> None:
    await empty.write(fill)
    await migrate(empty, url)
    counters = text("SELECT name, seq FROM sqlite_sequence")
    found = await empty.read(lambda c: {row.name: row.seq for row in c.execute(counters)})
    assert (found["tenants"], found["chats"], found["threads"], found["audit"]) == (8, 2, 90, 6)
    made = text("INSERT INTO tenants (name, version, created_at) VALUES ('b', 0, 80) RETURNING id")
    first = await empty.write(lambda c: c.execute(made).scalar_one())
    await empty.write(lambda c: c.execute(text("DELETE FROM tenants WHERE name = 'b'")))
    second = await empty.write(lambda c: c.execute(made).scalar_one())
    assert (first, second) == (9, 10)
    sound = text("PRAGMA integrity_check")
    assert await empty.write(lambda c: c.execute(sound).scalar()) == "ok"
