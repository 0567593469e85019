"""Which tap on a short answer counts."""

from collections.abc import Sequence

import pytest

from db.chats import ChatWork
from db.models import updates
from db.records import Draft, Event, Turn, UpdateKind, UpdateState
from db.taps import Tap, judge_tap
from tests.db.desk import ANNA, BRUNO, Desk, bubble, sent

OURS = "13"  # the message that offers


async def offers(desk: Desk, client: int = ANNA, *, done: bool = True) -> Turn:
    """A turn whose bubble has arrived."""
    turn = await desk.open_turn(client=client)
    posted = await desk.post(turn, bubble("Uno?"), intend_first=True)
    await desk.post(turn, settled=(sent(posted.rows[0], int(OURS)),))
    if done:
        await desk.complete(turn)
    return turn


async def pressed(desk: Desk, client: int = ANNA) -> Event:
    return await desk.event("", client=client, message_id=None, pressed=OURS)


async def taps(desk: Desk, turn: int, event: Event | None = None) -> Tap:
    """What a tap comes to; one that counts becomes a message."""
    event, found = event or await pressed(desk), list[Tap]()

    def work(chat: ChatWork) -> Sequence[Draft]:
        where = {"chat": chat.chat, "event": event.row}
        found.append(chat.read(judge_tap, turn=turn, under=OURS, **where))
        if found[-1] is Tap.COUNTS:
            chat.ask_again(event.payload)
        return ()

    await desk.handle(event, work)
    return found[-1]


async def test_one_of_the_last_answer_counts_once(desk: Desk) -> None:
    turn = await offers(desk)
    assert await taps(desk, turn.fence.turn) is Tap.COUNTS
    assert await taps(desk, turn.fence.turn) is Tap.TAKEN
    (first, second) = await desk.stored(updates, pressed=int(OURS))
    assert (first.kind, first.state) == (UpdateKind.MESSAGE, UpdateState.ACCEPTED)
    assert (second.kind, second.state) == (UpdateKind.EVENT, UpdateState.DONE)


async def test_it_counts_though_the_turn_is_not_over_yet(desk: Desk) -> None:
    turn = await offers(desk, done=False)
    assert await taps(desk, turn.fence.turn) is Tap.COUNTS
    due = await desk.complete(turn)
    assert due is not None
    desk.now += desk.window.cap
    answered = await desk.claim(turn.chat)
    assert isinstance(answered, Turn)
    assert [one.message_id for one in answered.messages] == [OURS]


async def test_once_another_turn_has_begun_it_does_not(desk: Desk) -> None:
    turn = await offers(desk)
    await desk.open_turn()
    assert await taps(desk, turn.fence.turn) is Tap.OLD


async def test_while_a_message_waits_that_came_before_it_does_not(desk: Desk) -> None:
    turn = await offers(desk)
    await desk.hear()
    assert await taps(desk, turn.fence.turn) is Tap.OLD


async def test_a_message_that_came_after_it_changes_nothing(desk: Desk) -> None:
    turn = await offers(desk)
    event = await pressed(desk)
    await desk.hear()
    assert await taps(desk, turn.fence.turn, event) is Tap.COUNTS


@pytest.mark.parametrize("deed", ["start_over", "forget"])
async def test_in_a_fresh_conversation_it_does_not(desk: Desk, deed: str) -> None:
    turn = await offers(desk)
    await desk.do_to_chat(deed)
    assert await taps(desk, turn.fence.turn) is Tap.OLD


async def test_with_another_assistant_it_does_not(desk: Desk) -> None:
    turn = await offers(desk)

    def unlock(chat: ChatWork) -> Sequence[Draft]:
        chat.switch(chat.current().tenant, assistant="vip")
        return ()

    await desk.handle(await desk.event(), unlock)
    assert await taps(desk, turn.fence.turn) is Tap.OLD


async def test_the_turn_of_another_chat_is_none(desk: Desk) -> None:
    await offers(desk)
    other = await offers(desk, BRUNO)
    assert await taps(desk, other.fence.turn) is Tap.OLD


async def test_a_turn_that_never_was_is_none(desk: Desk) -> None:
    await offers(desk)
    assert await taps(desk, 999) is Tap.OLD
