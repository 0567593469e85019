"""A tenant's own bots: added, rotated, removed, brought back; none is held by two tenants."""

from typing import Any

import pytest

from db.audit import trail
from db.bots import (
    REMOVED,
    AddBot,
    Added,
    BotRow,
    BotState,
    MarkBot,
    RemoveBot,
    bots_of,
    bots_to_run,
    chats_of,
    find_bot,
)
from db.models import bots, chats, outbox, tenants, threads, turns, updates
from db.records import Actor, TenantState
from db.tenants import SaveProfile, TakeBots, bots_by_tenant
from tests.databases import BOT, SOMEBODY
from tests.db.desk import Desk, bubble

HOTEL, BANK = 1, 2
MARCO = Actor(77, "Marco")
OWN = 8100  # a bot of the hotel's own
TOKEN, OTHER_TOKEN = "gAAAAA-one", "gAAAAA-two"


@pytest.fixture(autouse=True)
async def bank(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))


async def add(desk: Desk, tenant: int = HOTEL, bot: int = OWN, **fields: Any) -> Added:
    given: dict[str, Any] = {"username": "aurora_bot", "token": TOKEN, "actor": MARCO}
    return await desk.journal.do(AddBot(bot, tenant=tenant, now=desk.now, **(given | fields)))


async def remove(desk: Desk, tenant: int = HOTEL, bot: int = OWN) -> bool:
    return await desk.journal.do(RemoveBot(bot, tenant, MARCO, desk.now))


async def running(desk: Desk) -> list[tuple[int, str | None]]:
    return [(bot.id, bot.token) for bot in await desk.database.read(bots_to_run)]


async def state(desk: Desk, bot: int = OWN) -> BotState:
    found = await desk.database.read(lambda connection: find_bot(connection, bot))
    assert found is not None
    return found.state


async def told(desk: Desk, tenant: int = HOTEL) -> list[tuple[str, str | None]]:
    entries = await desk.database.read(lambda c: trail(c, tenant=tenant, limit=10))
    return [(entry.action, entry.subject) for entry in reversed(entries)]


# ---------------------------------------------------------------- adding


async def test_a_new_bot_is_its_tenants(desk: Desk) -> None:
    assert await add(desk) is Added.NEW

    own = BotRow(OWN, HOTEL, "aurora_bot", BotState.ACTIVE, managed=False, token=TOKEN)
    assert (await desk.database.read(lambda c: bots_of(c, HOTEL)))[-1] == own
    assert await running(desk) == [(OWN, TOKEN)]
    assert await told(desk) == [("bot added", "@aurora_bot")]


async def test_a_bot_of_another_tenant_is_refused(desk: Desk) -> None:
    await add(desk, BANK)

    assert await add(desk, HOTEL, token=OTHER_TOKEN) is Added.HELD
    assert await running(desk) == [(OWN, TOKEN)]
    assert await told(desk) == []


async def test_the_hosts_bot_is_refused_to_others(desk: Desk) -> None:
    assert await add(desk, BANK, BOT) is Added.HELD
    assert await running(desk) == []


async def test_of_two_who_add_a_bot_at_once_one_has_it(desk: Desk) -> None:
    adding = [
        AddBot(OWN, "aurora_bot", tenant, TOKEN, actor=MARCO, now=desk.now)
        for tenant in (HOTEL, BANK)
    ]

    assert await desk.together(*adding) == [Added.NEW, Added.HELD]


async def test_added_again_it_has_the_new_token(desk: Desk) -> None:
    await add(desk)
    await desk.journal.do(MarkBot(OWN, TOKEN, refused_at=desk.now))

    assert await add(desk, token=OTHER_TOKEN) is Added.ROTATED
    assert await running(desk) == [(OWN, OTHER_TOKEN)]
    assert await state(desk) is BotState.ACTIVE
    assert await told(desk) == [("bot added", "@aurora_bot"), ("bot token changed", "@aurora_bot")]


async def test_a_bot_shows_no_token(desk: Desk) -> None:
    await add(desk)
    found = await desk.database.read(lambda connection: find_bot(connection, OWN))
    assert found is not None
    adding = AddBot(OWN, "aurora_bot", HOTEL, TOKEN, actor=MARCO, now=desk.now)

    assert TOKEN not in f"{found} {adding} {MarkBot(OWN, TOKEN)}"


# -------------------------------------------------------------- removing


async def test_a_removed_bot_runs_no_more_and_its_token_is_forgotten(desk: Desk) -> None:
    await add(desk)

    assert await remove(desk)
    assert await running(desk) == []
    assert (await desk.row(bots, id=OWN)).token is None
    assert await state(desk) is BotState.REMOVED
    assert OWN not in (await desk.database.read(bots_by_tenant))[HOTEL]
    assert await told(desk) == [("bot added", "@aurora_bot"), ("bot removed", "@aurora_bot")]


@pytest.mark.parametrize(("tenant", "bot"), [(BANK, OWN), (HOTEL, BOT), (HOTEL, 99)])
async def test_only_its_tenant_removes_a_bot_and_nobody_the_hosts(
    desk: Desk, tenant: int, bot: int
) -> None:
    await add(desk)

    assert not await remove(desk, tenant, bot)
    assert await running(desk) == [(OWN, TOKEN)]


async def test_it_is_removed_once(desk: Desk) -> None:
    await add(desk)

    assert [await remove(desk), await remove(desk)] == [True, False]


async def test_what_waits_at_a_removed_bot_is_answered_no_more(desk: Desk) -> None:
    await add(desk, bot=BOT)
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Salve."))
    await desk.hear("Ci siete?")

    await remove(desk, bot=BOT)

    assert [(row.state, row.cause) for row in await desk.stored(outbox)] == [("failed", REMOVED)]
    assert (await desk.row(turns)).state == "unreachable"
    assert (await desk.row(chats)).due_at is None
    assert {row.state for row in await desk.stored(updates)} == {"claimed", "done"}


async def test_nothing_of_another_bots_is_touched(desk: Desk) -> None:
    await add(desk)
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Salve."))
    before = [await desk.stored(table) for table in (turns, chats, updates, outbox)]

    await remove(desk)

    assert [await desk.stored(table) for table in (turns, chats, updates, outbox)] == before


# ---------------------------------------------------------- brought back


async def test_its_tenant_brings_it_back_with_its_chats(desk: Desk) -> None:
    await add(desk, bot=BOT)
    before = await desk.open_turn()
    await remove(desk, bot=BOT)

    assert await add(desk, bot=BOT, token=OTHER_TOKEN) is Added.NEW
    desk.now += 60
    again = await desk.open_turn()

    assert (again.chat, again.thread) == (before.chat, before.thread)
    assert again.missed
    assert await running(desk) == [(BOT, OTHER_TOKEN)]


async def test_at_another_tenant_its_chats_begin_anew(desk: Desk) -> None:
    await add(desk, bot=BOT)
    before = await desk.open_turn()
    await remove(desk, bot=BOT)

    assert await add(desk, BANK, BOT) is Added.NEW
    desk.now += 60
    again = await desk.open_turn()

    assert (again.chat, again.tenant, again.introduced) == (before.chat, BANK, False)
    assert (await desk.row(threads, id=before.thread)).closed_at is not None


# ------------------------------------------------------------ other states


async def test_a_refused_token_is_marked_until_it_is_accepted(desk: Desk) -> None:
    await add(desk)

    await desk.journal.do(MarkBot(OWN, TOKEN, refused_at=desk.now))
    assert await state(desk) is BotState.REFUSED
    assert await running(desk) == [(OWN, TOKEN)]

    await desk.journal.do(MarkBot(OWN, TOKEN, username="aurora_new_bot"))
    assert await state(desk) is BotState.ACTIVE
    assert (await desk.row(bots, id=OWN)).username == "aurora_new_bot"


async def test_a_token_that_was_changed_meanwhile_is_not_marked(desk: Desk) -> None:
    await add(desk, token=OTHER_TOKEN)

    await desk.journal.do(MarkBot(OWN, TOKEN, refused_at=desk.now))

    assert await state(desk) is BotState.ACTIVE


async def test_the_hosts_bot_is_told_its_name(desk: Desk) -> None:
    await desk.journal.do(MarkBot(BOT, None, username="front_desk_bot"))

    assert (await desk.row(bots, id=BOT)).username == "front_desk_bot"
    assert await state(desk, BOT) is BotState.SHARED


async def test_a_removed_bot_may_become_the_hosts(desk: Desk) -> None:
    await add(desk)
    await remove(desk)
    await desk.journal.do(MarkBot(OWN, None, username="aurora_bot"))
    assert await state(desk) is BotState.SHARED
    assert await desk.journal.do(TakeBots("bank", SOMEBODY, desk.now)) == (BOT, OWN)


async def test_bots_of_an_archived_tenant_do_not_run(desk: Desk) -> None:
    await add(desk)
    archive = tenants.update().where(tenants.c.id == HOTEL).values(state=TenantState.ARCHIVED)

    await desk.database.write(lambda connection: connection.execute(archive))

    assert await running(desk) == []


async def test_taking_the_hosts_bots_leaves_a_tenants_own(desk: Desk) -> None:
    await add(desk)

    assert await desk.journal.do(TakeBots("bank", SOMEBODY, desk.now)) == (BOT,)
    assert (await desk.row(bots, id=OWN)).tenant_id == HOTEL


async def test_the_chats_of_a_bot(desk: Desk) -> None:
    chat = await desk.hear()

    assert await desk.database.read(lambda c: chats_of(c, BOT)) == {chat}
    assert await desk.database.read(lambda c: chats_of(c, OWN)) == set()
