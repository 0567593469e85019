"""Tenants are renamed, paused and deleted."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from db.audit import Deed, Signature, note
from db.bots import AddBot, RemoveBot
from db.codes import IssueCode
from db.companies import DeleteTenant, Rename, SetState
from db.company_tools import AddTool
from db.drafts import Change
from db.erasing import EraseTenant
from db.invites import Invite
from db.models import (
    admins,
    audit,
    bots,
    chats,
    codes,
    company_tools,
    drafts,
    erasures,
    hands,
    invites,
    metadata,
    secrets,
    tenants,
    threads,
    tries,
)
from db.operations import NoteResponse, SetConversation
from db.people import OWNER, Appoint, Person, TakeInHand
from db.records import Actor, Secret, TenantState, Turn, UpdateKind
from db.tenants import SaveProfile, TakeBots, find_tenant
from db.transaction import Operation
from tests.databases import BOT, SOMEBODY, TENANT
from tests.db.desk import ANNA, Desk, incoming

BANK = "banca-aessefin"
# Of the other tenant, of the chats that go on there, or of all.
OUTLIVE = {"tenants", "profiles", "bots", "chats", "threads", "tries", "erasures", "audit"}


async def tenant(desk: Desk, name: str) -> int:
    found = await desk.database.read(lambda connection: find_tenant(connection, name))
    assert found is not None
    return found.id


async def add_bank(desk: Desk) -> int:
    await desk.journal.do(SaveProfile(BANK, "{}", "test", desk.now))
    return await tenant(desk, BANK)


async def delete(desk: Desk, tenant: int) -> None:
    """To the end: what it left is erased in batches."""
    assert await desk.journal.do(DeleteTenant(tenant, SOMEBODY, desk.now)) == ()
    while await desk.journal.do(EraseTenant(desk.now)):
        pass


async def test_a_name_that_is_taken_is_refused(desk: Desk) -> None:
    bank = await add_bank(desk)
    assert await desk.journal.do(Rename(bank, TENANT, SOMEBODY, desk.now)) is False
    assert await desk.journal.do(Rename(bank, "banca", SOMEBODY, desk.now)) is True
    assert await tenant(desk, "banca") == bank


@pytest.mark.parametrize("state", [TenantState.PAUSED, TenantState.ARCHIVED, TenantState.ACTIVE])
async def test_a_state_is_kept(desk: Desk, state: TenantState) -> None:
    await desk.journal.do(SetState(await tenant(desk, TENANT), state, SOMEBODY, desk.now))
    found = await desk.database.read(lambda connection: find_tenant(connection, TENANT))
    assert found is not None
    assert found.state is state


async def test_the_tenant_of_the_hosts_bot_is_not_deleted(desk: Desk) -> None:
    hotel = await tenant(desk, TENANT)
    assert await desk.journal.do(DeleteTenant(hotel, SOMEBODY, desk.now)) == (str(BOT),)
    assert await tenant(desk, TENANT) == hotel


async def fill(desk: Desk, hotel: int) -> None:
    """A row of the tenant's in each of the tables for admins and clients with codes."""
    ada, now = Actor(1, "Ada"), desk.now
    digests = ("digest",)
    rows: list[Operation[Any]] = [
        Change(hotel, {"sector": "Hotel"}, ada, now, ()),
        Appoint(hotel, Person(1, "Ada", OWNER), ada, now),
        Invite("digest", hotel, OWNER, now + 60, ada, now),
        TakeInHand(1, hotel),
        IssueCode(
            tenant=hotel, assistant="vip", digests=digests, generated=True, actor=ada, now=now
        ),
        AddTool(hotel, "free_tables", "{}", ada, now),
        desk.accepting(
            incoming(1, kind=UpdateKind.EVENT, secrets=(Secret("code", "x"),), wrong_codes=1)
        ),
    ]
    for row in rows:
        await desk.journal.do(row)
    for table in (drafts, admins, invites, hands, codes, company_tools, secrets, tries):
        assert await desk.stored(table)


async def test_nothing_of_a_deleted_tenant_is_left(desk: Desk) -> None:
    hotel = await tenant(desk, TENANT)
    turn = await desk.open_turn()
    await fill(desk, hotel)
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    await desk.journal.do(NoteResponse(turn.fence, "resp_1", told="[]"))
    await desk.complete(turn)
    await add_bank(desk)
    await desk.journal.do(TakeBots(BANK, SOMEBODY, desk.now))

    await delete(desk, hotel)

    left = {t.name for t in metadata.sorted_tables if await desk.stored(t)}
    assert left <= OUTLIVE
    queued = {row.conversation_id: row.of_response for row in await desk.stored(erasures)}
    assert queued == {"conv_1": False, "resp_1": True}
    assert [row.name for row in await desk.stored(tenants)] == [BANK]


async def test_its_own_bots_go_along_with_their_chats(desk: Desk) -> None:
    await desk.complete(await desk.open_turn())
    await fill(desk, await tenant(desk, TENANT))
    await add_bank(desk)
    mine = bots.update().values(token="encrypted")
    await desk.database.write(lambda connection: connection.execute(mine))

    await delete(desk, await tenant(desk, TENANT))

    for table in (bots, chats, threads, tries):
        assert await desk.stored(table) == []


@pytest.mark.parametrize("new", [False, True])
async def test_a_client_of_a_shared_bot_goes_on_with_its_tenant(desk: Desk, new: bool) -> None:
    bank = await add_bank(desk)
    before = await desk.open_turn()
    await desk.complete(before)
    vip = desk.handling(
        await desk.event(), lambda c: (c.switch(before.tenant, assistant="vip"), ())[1]
    )
    await desk.journal.do(vip)
    if new:  # and nothing else is open there
        await desk.database.write(lambda c: c.execute(update(threads).values(closed_at=desk.now)))
    await desk.do_to_chat("switch", bank)
    desk.now += 60
    turn = await desk.open_turn("Quanto costa il conto?")
    assert turn.tenant == bank
    await desk.complete(turn)

    await delete(desk, bank)

    desk.now += 60
    after = await desk.open_turn("A che ora è il check-in?")
    assert isinstance(after, Turn)
    assert (after.tenant, after.address.chat_id) == (await tenant(desk, TENANT), str(ANNA))
    assert (after.assistant, after.introduced) == ("public", False)
    assert (after.thread == before.thread) is not new


async def test_a_bot_that_was_removed_holds_no_tenant(desk: Desk) -> None:
    bank, marco = await add_bank(desk), Actor(77, "Marco")
    await desk.journal.do(AddBot(8100, "bank_bot", bank, "token", marco, desk.now))
    await desk.journal.do(RemoveBot(8100, bank, marco, desk.now))
    await delete(desk, bank)
    assert [row.name for row in await desk.stored(tenants)] == [TENANT]


async def test_what_was_said_at_its_bots_former_tenants_is_erased_too(desk: Desk) -> None:
    bank, marco = await add_bank(desk), Actor(77, "Marco")
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    await desk.complete(turn)
    mine = bots.update().values(token="encrypted")
    await desk.database.write(lambda connection: connection.execute(mine))
    await desk.journal.do(RemoveBot(BOT, turn.tenant, marco, desk.now))
    await desk.journal.do(AddBot(BOT, "bot", bank, "token", marco, desk.now))

    await delete(desk, bank)

    assert await desk.stored(threads) == []
    assert [row.conversation_id for row in await desk.stored(erasures)] == ["conv_1"]


async def test_a_shared_bots_clients_go_on_though_the_company_had_a_bot_of_its_own(
    desk: Desk,
) -> None:
    bank, hotel = await add_bank(desk), await tenant(desk, TENANT)
    await desk.database.write(lambda connection: add_chat_of_its_own(connection, bank))
    await desk.do_to_chat("switch", bank)
    await delete(desk, bank)
    tenants_of = {thread.id: thread.tenant_id for thread in await desk.stored(threads)}
    assert [tenants_of.get(chat.thread_id) for chat in await desk.stored(chats)] == [hotel]


def add_chat_of_its_own(connection: Connection, bank: int) -> None:
    connection.execute(insert(bots).values(id=5, tenant_id=bank, token="x", managed=False))
    connection.execute(insert(chats).values(bot_id=5, chat_id=7, topic_id=0))


async def test_of_its_trail_stay_who_did_what_and_when(desk: Desk) -> None:
    bank, hotel = await add_bank(desk), await tenant(desk, TENANT)
    await desk.database.write(lambda connection: change(connection, bank, desk.now))
    await desk.database.write(lambda connection: change(connection, hotel, desk.now))
    await delete(desk, bank)
    left = {row.tenant_id: row for row in await desk.stored(audit)}
    words = ("knowledge", "Il caveau apre alle 7.", "Il caveau apre alle 8.")
    assert (left[hotel].subject, left[hotel].old, left[hotel].new) == words
    assert (left[bank].subject, left[bank].old, left[bank].new) == (None, None, None)
    kept = (left[bank].tenant, left[bank].actor, left[bank].actor_id, left[bank].action)
    assert kept == (BANK, "Marco", 77, "draft changed")
    assert left[bank].at == desk.now


def change(connection: Connection, of: int, now: float) -> None:
    note(
        connection,
        Signature(of, Actor(77, "Marco"), now),
        Deed.DRAFT_CHANGED,
        subject="knowledge",
        old="Il caveau apre alle 7.",
        new="Il caveau apre alle 8.",
    )
