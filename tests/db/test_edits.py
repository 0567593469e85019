"""Which edits are heard: of a message that waits, as a correction, as the words that it lacked."""

from collections.abc import Sequence
from typing import Any

import pytest

from db.chats import ChatWork
from db.edits import CORRECTION_SECONDS, NO_WORDS
from db.models import chats, tries, updates
from db.records import Draft, Event, Incoming, OutboxKind, Turn, UpdateKind, UpdateState
from db.window import Window
from tests.db.desk import BRUNO, Desk, at, bubble, doing, incoming
from tests.db.test_codes import issue
from tests.fakes.clock import NOON


def photo(number: int) -> Incoming:
    """Message 7, without words."""
    return incoming(number, "", kind=UpdateKind.EVENT, message_id=7)


def edit(number: int, text: str, *, after: float | None = 60.0, **fields: Any) -> Incoming:
    """An edit of message 7, so many seconds after it was written."""
    edited_at = None if after is None else NOON + after
    known: dict[str, Any] = {"message_id": 7, "written_at": NOON, "edited_at": edited_at, **fields}
    return incoming(number, text, kind=UpdateKind.EDIT, **known)


async def answered(desk: Desk, text: str = "Una camera?") -> Turn:
    """Message 7 had its turn."""
    turn = await desk.open_turn(text, message_id=7)
    await desk.complete(turn)
    return turn


async def states(desk: Desk, kind: UpdateKind = UpdateKind.EDIT) -> list[str]:
    return [row.state for row in await desk.stored(updates, kind=kind)]


async def take_turn(desk: Desk, chat: int) -> None:
    """What waits has its turn, to the end."""
    desk.now += desk.window.cap
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    await desk.complete(turn)


async def next_turn(desk: Desk, chat: int) -> list[tuple[UpdateKind, str]]:
    """What the next turn of the chat reads."""
    desk.now += desk.window.cap
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    return [(one.kind, one.payload) for one in turn.messages]


# ------------------------------------------------------------------ corrections


@pytest.mark.parametrize("after", [0.0, CORRECTION_SECONDS])
async def test_an_edit_of_an_answered_message_becomes_a_turn(desk: Desk, after: float) -> None:
    turn = await answered(desk)
    accepted = await desk.accept(edit(1, "Due camere?", after=after))
    assert accepted.due == {turn.chat: at(desk.now + desk.window.quiet)}
    assert await next_turn(desk, turn.chat) == [(UpdateKind.EDIT, '{"text": "Due camere?"}')]


@pytest.mark.parametrize(
    "late",
    [
        edit(1, "Una camera?"),  # a preview of a link came, a reaction
        edit(1, "Due camere?", after=CORRECTION_SECONDS + 1),
        edit(1, "Due camere?", after=None),
        edit(1, "Due camere?", written_at=None),
        edit(1, "Due camere?", message_id=8, after=CORRECTION_SECONDS + 1),
    ],
    ids=["same words", "too late", "undated", "of an undated", "of another, too late"],
)
async def test_any_other_is_kept_and_wakes_nobody(desk: Desk, late: Incoming) -> None:
    turn = await answered(desk)
    accepted = await desk.accept(late)
    assert (accepted.due, await states(desk)) == ({}, [UpdateState.DONE])
    assert (await desk.row(chats, id=turn.chat)).due_at is None


async def test_an_edit_during_the_turn_waits_for_the_next_one(desk: Desk) -> None:
    turn = await desk.open_turn("Una camera?", message_id=7)
    await desk.accept(edit(1, "Due camere?"))
    desk.now += desk.window.cap
    assert await desk.claim(turn.chat) is None
    assert await desk.complete(turn) is not None
    assert await next_turn(desk, turn.chat) == [(UpdateKind.EDIT, '{"text": "Due camere?"}')]


async def test_an_edit_is_compared_with_the_one_before_it(desk: Desk) -> None:
    turn = await answered(desk)
    await desk.accept(edit(1, "Due camere?"))
    await take_turn(desk, turn.chat)
    accepted = await desk.accept(edit(2, "Due camere?"))
    assert accepted.due == {}
    accepted = await desk.accept(edit(3, "Una camera?"))
    assert accepted.due != {}
    assert await states(desk) == [UpdateState.CLAIMED, UpdateState.DONE, UpdateState.ACCEPTED]


@pytest.mark.parametrize("together", [True, False])
async def test_the_same_edit_under_two_numbers_is_heard_once(desk: Desk, together: bool) -> None:
    turn = await answered(desk)
    twice = edit(1, "Due camere?"), edit(2, "Due camere?")
    for batch in (twice,) if together else ((twice[0],), (twice[1],)):
        await desk.accept(*batch)
    assert await states(desk) == [UpdateState.ACCEPTED, UpdateState.DONE]
    assert len(await next_turn(desk, turn.chat)) == 1


@pytest.mark.parametrize("leave", ["start_over", "forget"])
async def test_what_the_chat_has_left_behind_is_not_corrected(desk: Desk, leave: str) -> None:
    await answered(desk)
    await desk.do_to_chat(leave)
    accepted = await desk.accept(edit(1, "Due camere?"))
    assert (accepted.due, await states(desk)) == ({}, [UpdateState.DONE])


@pytest.mark.parametrize("leave", ["start_over", "forget"])
async def test_nor_by_an_edit_that_was_accepted_before_that_was_done(
    desk: Desk, leave: str
) -> None:
    turn = await answered(desk)
    command = incoming(1, "/new", kind=UpdateKind.EVENT)
    (event,) = (await desk.accept(command, edit(2, "Due camere?"))).events
    await desk.handle(event, doing(leave))
    assert await states(desk) == [UpdateState.DONE]
    desk.now += desk.window.cap
    assert await desk.claim(turn.chat) is None


async def test_an_edit_before_it_is_answered_where_its_message_was(desk: Desk) -> None:
    turn = await answered(desk)
    await desk.accept(edit(1, "Due camere?"))
    await desk.do_to_chat("start_over")
    corrected = await desk.claim(turn.chat)
    assert isinstance(corrected, Turn)
    assert corrected.thread == turn.thread


async def test_an_edit_goes_to_the_thread_in_which_its_message_waits(desk: Desk) -> None:
    chat = await desk.hear("Una camera?", message_id=7)
    await desk.do_to_chat("start_over")
    await desk.accept(edit(1, "Due camere?", after=CORRECTION_SECONDS * 2))
    kinds = [kind for kind, _ in await next_turn(desk, chat)]
    assert kinds == [UpdateKind.MESSAGE, UpdateKind.EDIT]


async def test_so_does_one_that_was_accepted_before_the_chat_left_that(desk: Desk) -> None:
    chat = await desk.hear("Una camera?", message_id=7)
    command = incoming(1, "/new", kind=UpdateKind.EVENT)
    (event,) = (await desk.accept(command, edit(2, "Due camere?"))).events
    await desk.handle(event, doing("start_over"))
    kinds = [kind for kind, _ in await next_turn(desk, chat)]
    assert kinds == [UpdateKind.MESSAGE, UpdateKind.EDIT]


async def test_unless_all_of_it_is_forgotten(desk: Desk) -> None:
    await desk.hear("Una camera?", message_id=7)
    yes = incoming(1, "forget:yes", kind=UpdateKind.EVENT)
    (event,) = (await desk.accept(yes, edit(2, "Due camere?"))).events
    await desk.handle(event, doing("forget"))
    stored = await desk.stored(updates)
    assert {(row.state, row.payload) for row in stored} == {(UpdateState.DONE, "{}")}


async def test_an_edit_goes_to_the_thread_in_which_a_correction_waits(desk: Desk) -> None:
    turn = await answered(desk)
    await desk.accept(edit(1, "Due camere?"))
    await desk.do_to_chat("start_over")
    await desk.accept(edit(2, "Tre camere?", after=CORRECTION_SECONDS * 2))
    texts = [text for _, text in await next_turn(desk, turn.chat)]
    assert texts == ['{"text": "Due camere?"}', '{"text": "Tre camere?"}']


async def test_corrections_in_haste_wait_and_are_told_so(desk: Desk) -> None:
    desk.window, desk.too_fast = Window(turns_per_minute=1), lambda *_: bubble("Piano!")
    turn = await answered(desk)
    accepted = await desk.accept(edit(1, "Due camere?"))
    assert accepted.due == {turn.chat: turn.opened_at + 60.0}
    assert [row.text for row in accepted.notices] == ["Piano!"]


# ------------------------------------------------------ words that were added later


@pytest.mark.parametrize("to", [{"message_id": 8}, {"client": BRUNO}], ids=["here", "elsewhere"])
async def test_what_was_not_said_to_the_bot_before_is_a_message(
    desk: Desk, to: dict[str, Any]
) -> None:
    await answered(desk)
    accepted = await desk.accept(edit(1, "Due camere?", **to))
    (chat,) = accepted.due
    assert await next_turn(desk, chat) == [(UpdateKind.MESSAGE, '{"text": "Due camere?"}')]


async def seen(desk: Desk) -> Event:
    """Message 7 had no words, and its sender was told so."""
    event = await desk.event("", message_id=7)
    await desk.handle(event, doing("lacks_words"))
    return event


async def test_words_added_to_what_had_none_are_a_message(desk: Desk) -> None:
    event = await seen(desk)
    assert (await desk.row(updates, id=event.row)).cause == NO_WORDS
    await desk.accept(edit(1, "Questa?", after=CORRECTION_SECONDS * 2))
    assert event.chat is not None
    assert await next_turn(desk, event.chat) == [(UpdateKind.MESSAGE, '{"text": "Questa?"}')]


async def test_and_may_be_corrected(desk: Desk) -> None:
    event = await seen(desk)
    await desk.accept(edit(1, "Questa?"))
    assert event.chat is not None
    await take_turn(desk, event.chat)
    await desk.accept(edit(2, "Questa?"), edit(3, "Quella?"))
    assert await next_turn(desk, event.chat) == [(UpdateKind.EDIT, '{"text": "Quella?"}')]


async def test_words_that_come_at_once_spare_the_answer_that_there_are_none(desk: Desk) -> None:
    (event,) = (await desk.accept(photo(1), edit(2, "Questa?"))).events

    def only_text(chat: ChatWork) -> Sequence[Draft]:
        return (bubble("Solo testo.", kind=OutboxKind.COMMAND),) if chat.lacks_words() else ()

    assert (await desk.handle(event, only_text)).rows == ()
    assert event.chat is not None
    assert [kind for kind, _ in await next_turn(desk, event.chat)] == [UpdateKind.MESSAGE]


async def test_words_added_to_what_answered_a_form_are_no_message(desk: Desk) -> None:
    await desk.do_to_chat("ask", "{}")
    accepted = await desk.accept(photo(1), edit(2, "Il listino"))
    assert accepted.due == {}
    await desk.handle(accepted.events[0], doing("ask", None))
    assert (await desk.accept(edit(3, "Il nuovo listino"))).due == {}


async def test_nor_are_words_added_to_what_was_left_behind(desk: Desk) -> None:
    await seen(desk)
    await desk.do_to_chat("start_over")
    assert (await desk.accept(edit(1, "Questa?"))).due == {}


async def test_the_words_of_a_command_are_not_those_of_a_message(desk: Desk) -> None:
    await desk.handle(await desk.event("/unlock", message_id=7))
    assert (await desk.accept(edit(1, "Ciao"))).due == {}


async def test_an_edit_that_came_before_a_command_was_handled_counts(desk: Desk) -> None:
    command = incoming(1, "uno", kind=UpdateKind.EVENT, message_id=7)
    (event,) = (await desk.accept(command, edit(2, "due"))).events
    await desk.handle(event, doing("ask_again", '{"text": "uno"}'))
    assert event.chat is not None
    assert await next_turn(desk, event.chat) == [
        (UpdateKind.MESSAGE, '{"text": "uno"}'),
        (UpdateKind.EDIT, '{"text": "due"}'),
    ]


@pytest.mark.parametrize(("handled", "counted"), [(False, 2), (True, 0)])
async def test_wrong_codes_count_in_an_edit_that_may_yet_be_heard(
    desk: Desk, handled: bool, counted: int
) -> None:
    await issue(desk)
    event = await desk.event("uno", message_id=7)
    if handled:
        await desk.handle(event)
    await desk.accept(edit(1, "due", wrong_codes=2))
    assert len(await desk.stored(tries)) == counted
