"""The company that a group is bound to."""

import pytest
from sqlalchemy import Connection

from db.engine import transact
from db.groups import BindGroup, BindGroupAnew, bound_to, move_group
from db.operations import MoveChat
from db.people import TakeInHand
from db.tenants import SaveProfile, tenant_in_hand
from db.transaction import Transaction
from tests.db.desk import Desk, doing

GROUP, SUPERGROUP = -500, -1_000_000_000_500
HOTEL, BANK = 1, 2


@pytest.fixture(autouse=True)
async def bank(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))


async def test_the_first_binds_until_it_is_bound_anew(desk: Desk) -> None:
    def work(transaction: Transaction) -> list[int | None]:
        first = [
            transaction.read(bound_to, GROUP),
            *(transaction.do(BindGroup(GROUP, one)) for one in (BANK, HOTEL)),
        ]
        transaction.do(BindGroupAnew(GROUP, HOTEL))
        return [*first, transaction.do(BindGroup(GROUP, BANK))]

    assert await transact(desk.database, work) == [None, BANK, BANK, HOTEL]


async def test_a_group_is_nobody_who_has_a_company_in_hand(desk: Desk) -> None:
    await desk.journal.do(TakeInHand(-GROUP, HOTEL))
    await desk.journal.do(BindGroup(GROUP, BANK))
    held = await desk.database.read(lambda connection: tenant_in_hand(connection, -GROUP))
    assert held
    assert held.id == HOTEL


async def test_a_group_that_moves_takes_it_along_once(desk: Desk) -> None:
    event = await desk.event(client=GROUP)
    await desk.journal.do(BindGroup(GROUP, BANK))
    await desk.journal.do(MoveChat(event.chat or 0, str(SUPERGROUP), desk.now))
    await desk.handle(event, doing("move", str(SUPERGROUP)))
    assert await desk.database.read(lambda c: bound_to(c, SUPERGROUP)) == BANK
    assert await desk.database.read(lambda c: bound_to(c, GROUP)) is None


async def test_what_was_bound_under_the_new_id_stays(desk: Desk) -> None:
    def work(connection: Connection) -> list[int | None]:
        BindGroup(GROUP, BANK).carry_out(connection)
        BindGroup(SUPERGROUP, HOTEL).carry_out(connection)
        move_group(connection, GROUP, SUPERGROUP)
        return [bound_to(connection, GROUP), bound_to(connection, SUPERGROUP)]

    assert await desk.database.write(work) == [None, HOTEL]
