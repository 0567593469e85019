"""A deleted company is gone at once; what it left goes in batches."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, update

from db.bots import AddBot, Added, bots_to_run
from db.chats import ChatWork
from db.companies import DELETED, DeleteTenant, Rename, SetState
from db.erasing import BATCH, EraseTenant
from db.errors import Gone, Stale
from db.models import audit, bots, chats, outbox, profiles, tenants, threads, turns, updates
from db.operations.claim import NotDue
from db.previews import enter, leave
from db.records import Actor, Draft, OutboxState, TenantState, Turn, TurnState, UpdateKind
from db.tenants import SaveProfile, TakeBots, find_tenant, list_companies, list_tenants, tenant_here
from tests.databases import BOT, SOMEBODY, TENANT
from tests.db.desk import ANNA, Desk, bubble, doing, incoming

BANK = "banca-aessefin"
ADA = Actor(1, "Ada")


@pytest.fixture
async def bank(desk: Desk) -> int:
    """Another company, on the hotel's bot."""
    await desk.journal.do(SaveProfile(BANK, "{}", "test", desk.now))
    found = await desk.database.read(lambda connection: find_tenant(connection, BANK))
    assert found is not None
    return found.id


@pytest.fixture
def changed() -> Iterator[list[int]]:
    """How many rows each statement changed or deleted."""
    heard: list[int] = []

    def hear(*event: Any) -> None:
        _, cursor, statement, *_ = event
        if statement.startswith(("UPDATE", "DELETE")):
            heard.append(max(cursor.rowcount, 0))

    event.listen(Engine, "after_cursor_execute", hear)
    yield heard
    event.remove(Engine, "after_cursor_execute", hear)


async def own_bot(desk: Desk) -> None:
    await desk.database.write(lambda c: c.execute(update(bots).values(token="encrypted")))


# ------------------------------------------------------------------ gone at once


async def test_nobody_finds_it_and_its_name_is_free(desk: Desk, bank: int) -> None:
    await desk.do_to_chat("switch", bank)
    address = (await desk.event()).address
    assert address is not None
    assert await desk.journal.do(DeleteTenant(bank, SOMEBODY, desk.now)) == ()
    read = desk.database.read
    assert await read(lambda c: find_tenant(c, BANK)) is None
    assert [one.name for one in await read(list_companies)] == [TENANT]
    assert [one.name for one in await read(list_tenants)] == [TENANT]
    here = await read(lambda c: tenant_here(c, address))
    assert here is not None
    assert here.name == TENANT
    await desk.journal.do(SaveProfile(BANK, "{}", "test", desk.now))
    again = await read(lambda c: find_tenant(c, BANK))
    assert again is not None
    assert again.id > bank


async def test_nothing_brings_it_back(desk: Desk, bank: int) -> None:
    await desk.journal.do(DeleteTenant(bank, SOMEBODY, desk.now))
    await desk.journal.do(SetState(bank, TenantState.ACTIVE, SOMEBODY, desk.now))
    await desk.journal.do(Rename(bank, "nuova", SOMEBODY, desk.now))
    (_, left) = await desk.stored(tenants)
    assert (left.state, left.name) == (TenantState.DELETED, f"#{bank}")
    assert await desk.journal.do(DeleteTenant(bank, SOMEBODY, desk.now)) == ()


async def test_what_is_under_way_is_not_said(desk: Desk) -> None:
    await own_bot(desk)
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Salve."))
    await desk.hear("E la colazione?")
    await desk.journal.do(DeleteTenant(turn.tenant, SOMEBODY, desk.now))
    row = await desk.row(outbox)
    assert (row.state, row.text, row.cause) == (OutboxState.FAILED, "", DELETED)
    assert (await desk.row(turns)).state == TurnState.FAILED
    (refused,) = await desk.together(desk.posting(turn, bubble("Altro.")))
    assert isinstance(refused, Stale)
    assert await desk.database.read(bots_to_run) == ()


async def test_what_comes_to_its_bot_afterwards_is_answered_by_nobody(desk: Desk) -> None:
    await own_bot(desk)
    turn = await desk.open_turn()
    await desk.journal.do(DeleteTenant(turn.tenant, SOMEBODY, desk.now))
    chat = await desk.hear("C'è nessuno?")
    desk.now += 60
    assert not isinstance(await desk.claim(chat), Turn | NotDue)


def try_hotel(chat: ChatWork) -> Sequence[Draft]:
    enter(chat, 1)
    return ()


async def test_a_preview_ends_where_there_is_a_company(desk: Desk, bank: int) -> None:
    await desk.do_to_chat("switch", bank)
    await desk.event()
    await desk.do_to_chat("switch", 1)
    await desk.handle(await desk.event(), try_hotel)
    await desk.database.write(
        lambda c: c.execute(update(updates).where(updates.c.thread_id == 1).values(thread_id=None))
    )
    await desk.journal.do(DeleteTenant(bank, SOMEBODY, desk.now))
    await desk.handle(await desk.event(), lambda chat: (leave(chat), ())[1])
    current = (await desk.row(chats)).thread_id
    assert (await desk.row(threads, id=current)).tenant_id == 1


async def test_its_bot_may_be_anothers_before_it_is_all_erased(desk: Desk, bank: int) -> None:
    await own_bot(desk)
    turn = await desk.open_turn()
    await desk.journal.do(DeleteTenant(turn.tenant, SOMEBODY, desk.now))
    added = await desk.journal.do(AddBot(BOT, "bot", bank, "token", ADA, desk.now))
    assert added is Added.NEW
    while await desk.journal.do(EraseTenant(desk.now)):
        pass
    desk.now += 60
    following = await desk.open_turn("Buongiorno")
    assert following.tenant == bank
    assert [one.tenant_id for one in await desk.stored(threads)] == [bank]


# ------------------------------------------------------------------- in batches


async def test_no_commit_changes_more_than_a_few_rows(
    desk: Desk, bank: int, changed: list[int]
) -> None:
    many = [
        incoming(number, kind=UpdateKind.IGNORED, message_id=None) for number in range(1, 1_201)
    ]
    await desk.accept(*many)
    said = [{"actor": "Ada", "action": "a", "subject": "s", "at": desk.now, "tenant_id": 1}] * 500
    await desk.database.write(lambda c: c.execute(insert(audit), said))
    for number in range(9):
        await desk.journal.do(SaveProfile(TENANT, f'{{"sector":"{number}"}}', "test", desk.now))
    await desk.journal.do(TakeBots(BANK, SOMEBODY, desk.now))
    changed.clear()
    await desk.journal.do(DeleteTenant(1, SOMEBODY, desk.now))
    assert sum(changed) < BATCH
    commits, more = 0, True
    while more:
        changed.clear()
        more = await desk.journal.do(EraseTenant(desk.now))
        assert sum(changed) <= 3 * BATCH
        commits += 1
    assert commits >= 1_200 // BATCH
    assert await desk.stored(updates) == []
    assert len(await desk.stored(profiles)) == 1
    assert {row.subject for row in await desk.stored(audit)} == {None}


async def test_companies_go_one_after_the_other(desk: Desk, bank: int) -> None:
    await desk.do_to_chat("switch", bank)
    await desk.complete(await desk.open_turn())
    await own_bot(desk)
    for tenant in (bank, 1):
        assert await desk.journal.do(DeleteTenant(tenant, SOMEBODY, desk.now)) == ()
    while await desk.journal.do(EraseTenant(desk.now)):
        pass
    for table in (tenants, bots, chats, threads, turns, updates, outbox):
        assert await desk.stored(table) == []


async def test_nobody_switches_to_it(desk: Desk, bank: int) -> None:
    await desk.journal.do(DeleteTenant(bank, SOMEBODY, desk.now))
    (refused,) = await desk.together(
        desk.handling(await desk.event(client=ANNA), doing("switch", bank))
    )
    assert isinstance(refused, Gone)
