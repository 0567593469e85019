"""The company that a group is bound to."""

import pytest
from sqlalchemy import Connection

from db.groups import bind, bind_anew, bound_to, move_group
from db.operations import MoveChat
from db.people import TakeInHand
from db.tenants import SaveProfile, tenant_in_hand
from tests.db.desk import Desk, doing

GROUP, SUPERGROUP = -500, -1_000_000_000_500
HOTEL, BANK = 1, 2


@pytest.fixture(autouse=True)
async def bank(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))


async def test_the_first_binds_until_it_is_bound_anew(desk: Desk) -> None:
    def work(connection: Connection) -> list[int | None]:
        first = [
            bound_to(connection, GROUP),
            *(bind(connection, GROUP, one) for one in (BANK, HOTEL)),
        ]
        bind_anew(connection, GROUP, HOTEL)
        return [*first, bind(connection, GROUP, BANK)]

    assert await desk.database.write(work) == [None, BANK, BANK, HOTEL]


async def test_a_group_is_nobody_who_has_a_company_in_hand(desk: Desk) -> None:
    await desk.journal.do(TakeInHand(-GROUP, HOTEL))
    await desk.database.write(lambda connection: bind(connection, GROUP, BANK))
    held = await desk.database.read(lambda connection: tenant_in_hand(connection, -GROUP))
    assert held
    assert held.id == HOTEL


async def test_a_group_that_moves_takes_it_along_once(desk: Desk) -> None:
    event = await desk.event(client=GROUP)
    await desk.database.write(lambda connection: bind(connection, GROUP, BANK))
    await desk.journal.do(MoveChat(event.chat or 0, SUPERGROUP, desk.now))
    await desk.handle(event, doing("move", SUPERGROUP))
    assert await desk.database.read(lambda c: bound_to(c, SUPERGROUP)) == BANK
    assert await desk.database.read(lambda c: bound_to(c, GROUP)) is None


async def test_what_was_bound_under_the_new_id_stays(desk: Desk) -> None:
    def work(connection: Connection) -> list[int | None]:
        bind(connection, GROUP, BANK)
        bind(connection, SUPERGROUP, HOTEL)
        move_group(connection, GROUP, SUPERGROUP)
        return [bound_to(connection, GROUP), bound_to(connection, SUPERGROUP)]

    assert await desk.database.write(work) == [None, HOTEL]
