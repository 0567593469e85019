"""Who a chat belongs to is held after the chat, whoever does it: no two wait for each other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, select

from db.identify import Identify
from db.limits import Quota, Spend
from db.models import chats, identities, limits, sessions
from db.operations import Accept, Handle
from db.order import PLACES
from db.sessions import KeepSession
from db.transaction import OneByOne
from db.window import Window
from tests.db.desk import Desk
from tests.db.processes import two_desks
from tests.db.test_identify import adding, identifying, opening, opens
from tests.db.test_locks import uncommitted, waits
from tests.patience import PATIENCE_SECONDS

ON_THE_SERVER = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[Sequence[Desk]]:
    async with two_desks(database_url, Window()) as made:
        await made[0].journal.do(adding(made[0]))
        yield made


class HoldChats(OneByOne[None]):
    """As whoever is about to forget one."""

    def carry_out(self, connection: Connection) -> None:
        connection.execute(select(chats.c.id).with_for_update(key_share=True))


@ON_THE_SERVER
async def test_who_is_proven_waits_for_the_chat_and_holds_no_identity(
    desks: Sequence[Desk],
) -> None:
    first, second = desks
    assert await first.journal.do(identifying(first, 1, session=await opens(first, 0))) == "c_0"
    free = select(identities.c.id).with_for_update(skip_locked=True)
    async with uncommitted(first, HoldChats()):
        proving = asyncio.create_task(second.journal.do(identifying(second, 2)))
        assert await waits(first, proving)
        found = await first.database.write(lambda connection: connection.execute(free).all())
        assert len(found) == 1
    assert await proving == "c_0"


def test_whose_a_chat_is_comes_after_what_holds_it_in_a_shared_commit() -> None:
    held = max(PLACES[one] for one in (Accept, Handle))
    assert all(PLACES[one] > held for one in (Identify, KeepSession))


@dataclass(frozen=True, slots=True)
class HoldOver(OneByOne[None]):
    """As another process that keeps, ends or counts."""

    def carry_out(self, connection: Connection) -> None:
        for table in (sessions, limits):
            connection.execute(select(table).with_for_update())


@ON_THE_SERVER
async def test_what_is_over_and_held_is_left_for_another_time(desks: Sequence[Desk]) -> None:
    first, second = desks
    await first.journal.do(opening(first, 1))
    await first.journal.do(Spend([Quota("anna", 1, 60.0)], first.now))
    second.now = first.now + 2 * 86_400
    async with uncommitted(first, HoldOver()), asyncio.timeout(PATIENCE_SECONDS):
        await second.journal.do(opening(second, 2))
    assert len(await first.stored(sessions)) == 2
    await second.journal.do(opening(second, 3))
    assert [row.digest for row in await first.stored(sessions)] == ["d2", "d3"]
    assert await first.stored(limits) == []
