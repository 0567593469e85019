import json
from dataclasses import replace

import pytest
from sqlalchemy.exc import NoResultFound

from db.limits import Quota, QuotaState
from db.models import chats, outbox, threads, updates
from db.operations import Accept, Accepted
from db.records import (
    Address,
    Draft,
    Incoming,
    OutboxKind,
    OutboxState,
    Turn,
    TurnState,
    UpdateKind,
    UpdateState,
)
from db.window import Window
from tests.addresses import chat_at
from tests.backends import on_both
from tests.databases import BOT, seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk, at, bubble, incoming

pytestmark = on_both


def slowly(_: Address, language: str | None, seconds: float) -> Draft:
    assert 0 < seconds <= 60
    return bubble("Piano!", kind=OutboxKind.NOTICE)


def elsewhere(update: Incoming, bot_id: int) -> Incoming:
    """The same, at another bot."""
    return replace(update, address=chat_at(bot_id, ANNA))


# ------------------------------------------------------------------- duplicates


async def test_an_update_delivered_again_changes_nothing(desk: Desk) -> None:
    await desk.accept(incoming(1))
    before = await desk.row(chats)
    desk.now += 1
    again = await desk.accept(incoming(1))
    assert (again.due, again.addresses, again.events, again.notices) == ({}, {}, (), ())
    assert await desk.row(chats) == before
    assert len(await desk.stored(updates)) == 1


async def test_an_update_twice_in_one_delivery_is_stored_once(desk: Desk) -> None:
    await desk.accept(incoming(1), incoming(1))
    assert len(await desk.stored(updates)) == 1


async def test_of_a_delivery_that_is_repeated_only_what_is_new_counts(desk: Desk) -> None:
    first = incoming(1, kind=UpdateKind.EVENT)
    await desk.accept(first)
    accepted = await desk.accept(first, incoming(2, "Nuovo", kind=UpdateKind.EVENT))
    assert [json.loads(event.payload)["text"] for event in accepted.events] == ["Nuovo"]


async def test_the_same_number_from_another_bot_is_another_update(desk: Desk) -> None:
    await seed_tenant(desk.journal, bot_id=BOT + 1)
    mine = incoming(1)
    await desk.accept(mine)
    theirs = elsewhere(mine, BOT + 1)
    await desk.journal.do(replace(desk.accepting(theirs), bot_id=BOT + 1))
    assert [row.bot_id for row in await desk.stored(updates)] == [BOT, BOT + 1]


# ------------------------------------------------------------ when a turn is due


async def test_a_message_is_due_after_the_quiet_window(desk: Desk) -> None:
    accepted = await desk.accept(incoming(1))
    (due,) = accepted.due.values()
    assert due == at(desk.now + 0.7)


async def test_who_waits_for_the_answer_says_no_more_before_it(desk: Desk) -> None:
    accepted = await desk.accept(incoming(1, awaited=True))
    assert [*accepted.due.values()] == [at(desk.now)]


async def test_a_burst_is_due_after_its_cap(desk: Desk) -> None:
    began = desk.now
    for _ in range(6):
        await desk.hear()
        desk.now += 0.6
    assert (await desk.row(chats)).due_at == at(began + 3.0)


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_a_turn_too_many_is_due_a_minute_after_the_first(desk: Desk, limit: int) -> None:
    desk.window = Window(turns_per_minute=limit)
    opened = []
    for _ in range(limit):
        turn = await desk.open_turn()
        opened.append(turn.opened_at)
        await desk.complete(turn)
    chat = await desk.hear()
    assert (await desk.row(chats, id=chat)).due_at == opened[0] + 60.0


async def test_without_a_limit_no_turn_is_too_many(desk: Desk) -> None:
    desk.window = Window(turns_per_minute=0)
    for _ in range(7):
        await desk.complete(await desk.open_turn())
    chat = await desk.hear()
    assert (await desk.row(chats, id=chat)).due_at == at(desk.now + 0.7)


async def test_too_fast_is_said_once_per_closed_window(desk: Desk) -> None:
    desk.window, desk.too_fast = Window(turns_per_minute=1), slowly
    await desk.complete(await desk.open_turn())
    said = [await desk.accept(incoming(number)) for number in (1, 2, 3)]
    assert [[row.text for row in accepted.notices] for accepted in said] == [["Piano!"], [], []]
    assert (await desk.row(outbox)).state == OutboxState.QUEUED


async def test_too_fast_is_said_again_when_the_next_window_is_closed(desk: Desk) -> None:
    desk.window = Window(turns_per_minute=1)
    for number in (1, 2):
        desk.too_fast = None
        await desk.complete(await desk.open_turn())
        desk.too_fast = slowly
        accepted = await desk.accept(incoming(number))
        assert len(accepted.notices) == 1
        desk.now += 60.0


async def test_too_fast_is_not_said_twice_within_a_minute(desk: Desk) -> None:
    """The window opens for the one turn that is a minute old, and is closed again after it."""
    desk.window, desk.too_fast = Window(turns_per_minute=2), slowly
    for _ in range(2):
        await desk.complete(await desk.open_turn())
        desk.now += 20
    said = []
    for number in range(1, 5):  # a turn each, as soon as there may be one
        accepted = await desk.accept(incoming(number))
        said.append((round(desk.now), len(accepted.notices)))
        (desk.now,) = (due + 0.1 for due in accepted.due.values())
        (chat,) = accepted.addresses
        turn = await desk.claim(chat)
        assert isinstance(turn, Turn)
        await desk.complete(turn)
    assert [number for _, number in said] == [1, 0, 0, 1]
    assert said[3][0] - said[0][0] >= 60


async def test_who_asks_behind_a_command_is_told_beside_its_answer(desk: Desk) -> None:
    desk.window, desk.too_fast = Window(turns_per_minute=1), slowly
    await desk.complete(await desk.open_turn())
    asking = [incoming(n, kind=UpdateKind.EVENT, asks=True) for n in (1, 2)]
    accepted = await desk.accept(*asking)
    assert [row.text for row in accepted.notices] == ["Piano!"]
    helped = bubble("Ecco.", kind=OutboxKind.COMMAND)
    handled = [await desk.handle(event, lambda _: (helped,)) for event in accepted.events]
    assert [[row.text for row in one.rows] for one in handled] == [["Ecco."], ["Ecco."]]
    assert (await desk.row(chats)).due_at is None


async def test_nobody_is_too_fast_within_the_limit(desk: Desk) -> None:
    desk.too_fast = slowly
    accepted = await desk.accept(incoming(1))
    assert accepted.notices == ()


# ------------------------------------------------------------------------ edits


async def test_an_edit_of_a_message_that_waits_is_part_of_its_turn(desk: Desk) -> None:
    chat = await desk.hear("Una camera?", message_id=7)
    await desk.accept(incoming(2, "Due camere?", kind=UpdateKind.EDIT, message_id=7))
    desk.now += 3
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    assert [(one.kind, one.message_id) for one in turn.messages] == [
        (UpdateKind.MESSAGE, "7"),
        (UpdateKind.EDIT, "7"),
    ]


async def test_an_edit_may_come_together_with_its_message(desk: Desk) -> None:
    await desk.accept(incoming(1), incoming(2, kind=UpdateKind.EDIT, message_id=10))
    assert [row.state for row in await desk.stored(updates)] == [UpdateState.ACCEPTED] * 2


async def test_a_late_edit_is_late_even_beside_its_message_delivered_again(desk: Desk) -> None:
    message = incoming(1)
    await desk.accept(message)
    await desk.open_turn()
    accepted = await desk.accept(message, incoming(2, kind=UpdateKind.EDIT, message_id=10))
    assert accepted.due == {}


async def test_an_edit_does_not_reach_a_message_of_another_chat(desk: Desk) -> None:
    await desk.hear(client=BRUNO, message_id=7)
    accepted = await desk.accept(incoming(2, kind=UpdateKind.EDIT, client=ANNA, message_id=7))
    assert accepted.due == {}


# ----------------------------------------------------- what is not for the model


async def test_an_event_is_handed_out_and_wakes_nobody(desk: Desk) -> None:
    accepted = await desk.accept(incoming(1, "/help", kind=UpdateKind.EVENT))
    (event,) = accepted.events
    stored = await desk.row(updates)
    assert (event.row, event.chat, event.payload) == (stored.id, stored.chat_id, stored.payload)
    assert event.address == chat_at(BOT, ANNA)
    assert accepted.due == {}


async def test_an_update_that_has_no_chat_is_an_event_of_none(desk: Desk) -> None:
    accepted = await desk.accept(Incoming("1", "{", UpdateKind.EVENT))
    (event,) = accepted.events
    assert (event.chat, event.address, event.payload) == (None, None, "{")


async def test_what_is_ignored_is_kept(desk: Desk) -> None:
    accepted = await desk.accept(incoming(1, kind=UpdateKind.IGNORED))
    assert (accepted.due, accepted.events) == ({}, ())
    assert (await desk.row(updates)).state == UpdateState.DONE


async def test_what_somebody_was_asked_for_is_an_event_and_an_edit_beside_it_is_none(
    desk: Desk,
) -> None:
    await desk.do_to_chat("ask", "{}")
    edit = incoming(2, kind=UpdateKind.EDIT, message_id=10)
    accepted = await desk.accept(incoming(1, "Anna"), edit)
    assert [json.loads(event.payload)["text"] for event in accepted.events] == ["Anna"]
    assert accepted.due == {}


# ------------------------------------------------------------------------ chats


async def test_a_topic_is_a_chat_of_its_own(desk: Desk) -> None:
    accepted = await desk.accept(incoming(1, client=-5), incoming(2, client=-5, topic=7))
    assert set(accepted.addresses.values()) == {chat_at(BOT, -5), chat_at(BOT, -5, 7)}


async def test_a_chat_speaks_the_language_of_its_last_message(desk: Desk) -> None:
    await desk.accept(incoming(1, language="it"))
    await desk.accept(incoming(2, language="ru"), incoming(3))
    assert (await desk.row(chats)).language == "ru"


async def test_a_message_is_pinned_to_the_thread_of_its_time(desk: Desk) -> None:
    await desk.hear()
    await desk.do_to_chat("start_over")
    await desk.hear()
    old, new = await desk.stored(threads)
    heard = await desk.stored(updates, kind=UpdateKind.MESSAGE)
    assert [update.thread_id for update in heard] == [old.id, new.id]


async def test_a_bot_that_is_not_known_has_no_chats(desk: Desk) -> None:
    unknown = BOT + 1
    update = elsewhere(incoming(1), unknown)
    with pytest.raises(NoResultFound):
        await desk.journal.do(replace(desk.accepting(update), bot_id=unknown))
    assert await desk.stored(updates) == []


async def test_nothing_accepted_is_nothing_stored(desk: Desk) -> None:
    accepted = await desk.accept()
    assert (accepted.due, accepted.events) == ({}, ())


async def test_a_failed_turn_counts_for_the_limit_too(desk: Desk) -> None:
    desk.window = Window(turns_per_minute=1)
    turn = await desk.open_turn()
    await desk.complete(turn, TurnState.FAILED)
    chat = await desk.hear()
    assert (await desk.row(chats, id=chat)).due_at == turn.opened_at + 60.0


async def test_what_has_no_chat_is_new_and_counted(desk: Desk) -> None:
    limit = Quota("a", times=2, seconds=60.0)
    counted = replace(desk.accepting(Incoming("1", "{", UpdateKind.EVENT)), limits=[limit])
    accepted = await desk.journal.do(counted)
    assert (len(accepted.events), accepted.quota) == (1, QuotaState(limit, 1, 30.0))


async def test_what_is_new_is_counted_and_what_came_before_is_not(desk: Desk) -> None:
    limit = Quota("a", times=2, seconds=60.0)

    def counted(number: int) -> Accept:
        return replace(desk.accepting(incoming(number, message_id=f"m{number}")), limits=[limit])

    assert (await desk.journal.do(counted(1))).quota == QuotaState(limit, 1, 30.0)
    assert await desk.journal.do(counted(1)) == Accepted()
    second, third = await desk.together(counted(2), counted(3))
    assert (second.quota.left, second.quota.wait) == (0, 0.0)
    assert third == Accepted(quota=QuotaState(limit, 0, 60.0, wait=30.0))
    assert await desk.journal.do(counted(2)) == Accepted(), "it is not refused either"
    assert len(await desk.stored(updates)) == 2
    desk.now += 30.0
    assert (await desk.journal.do(counted(3))).quota == QuotaState(limit, 0, 60.0)
