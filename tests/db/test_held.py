"""A row that is made unless it is there is held: no other process deletes it in between."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import cast

import pytest
from sqlalchemy import ColumnElement, Connection, Insert, Table, delete, event, insert, select
from sqlalchemy.util import await_only

from db.bots import AddBot, Added
from db.groups import BindGroup
from db.journal import apply
from db.models import bots, hands, tenants
from db.records import Actor
from db.tenants import SaveProfile
from db.window import Window
from tests.db.desk import Desk
from tests.db.processes import two_desks

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
HOTEL, INN = 1, 2
OWN, GROUP = 8100, -77
MARCO = Actor(77, "Marco")


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[Sequence[Desk]]:
    async with two_desks(database_url, Window(quiet=0.0, cap=0.0, turns_per_minute=0)) as made:
        yield made


def adds_bot(connection: Connection) -> object:
    (added,) = apply(connection, [AddBot(OWN, "aurora_bot", HOTEL, "gAAAAA", MARCO, 2.0)])
    return added


def saves_profile(connection: Connection) -> object:
    (version,) = apply(connection, [SaveProfile("inn", "{}", "test", 2.0)])
    return version


def binds(connection: Connection) -> object:
    return BindGroup(GROUP, INN).carry_out(connection)


@pytest.mark.parametrize(
    ("row", "deed", "result", "mine"),
    [
        (
            insert(bots).values(id=OWN, tenant_id=HOTEL, removed_at=1.0),
            adds_bot,
            Added.NEW,
            bots.c.id == OWN,
        ),
        (
            insert(tenants).values(name="inn", version=0, created_at=1.0),
            saves_profile,
            1,
            tenants.c.name == "inn",
        ),
        (
            insert(hands).values(user_id=GROUP, tenant_id=HOTEL),
            binds,
            HOTEL,
            hands.c.user_id == GROUP,
        ),
    ],
)
async def test_what_is_there_stays_until_it_is_dealt_with(
    desks: Sequence[Desk],
    row: Insert,
    deed: Callable[[Connection], object],
    result: object,
    mine: ColumnElement[bool],
) -> None:
    here, there = desks
    table = cast(Table, row.table)
    await here.database.write(lambda connection: connection.execute(row))
    free = select(*table.primary_key).where(mine).with_for_update(skip_locked=True)
    taken = delete(table).where(next(iter(table.primary_key)).in_(free))

    def work(connection: Connection) -> object:
        @event.listens_for(connection, "after_cursor_execute", once=True)
        def _between(*_: object) -> None:
            await_only(there.database.write(lambda other: other.execute(taken)))

        return deed(connection)

    assert await here.database.write(work) == result
