from dataclasses import replace
from typing import Any

import pytest

from db.calls import Became, CallRow, CallState, NoteCalls, ProposeCalls, calls_of, outputs_of
from db.chats import ChatWork
from db.errors import Stale
from db.models import calls, erasures
from db.operations import NoteResponse
from db.records import Draft, Fence, Turn
from db.retention import Retention, Spans
from db.seconds import DAY_SECONDS
from db.transaction import Operation
from db.words import SAID_TO_TOOLS, EraseWords, old_words
from tests.db.desk import Desk

FIRST = CallRow("call_1", "resp_1", "book_table", '{"people":4}', "a", input_tokens=100)
SECOND = CallRow("call_2", "resp_1", "book_table", '{"people":5}', "b")
REFUSED = CallRow("call_3", "resp_1", "fly", "{}", "c", CallState.FAILED, "There is no such tool.")


async def proposed(desk: Desk, *rows: CallRow) -> Turn:
    turn = await desk.open_turn()
    await desk.journal.do(ProposeCalls(turn.fence, rows or (FIRST, SECOND), desk.now))
    return turn


async def became(desk: Desk, turn: Turn, *changes: Became) -> None:
    await desk.journal.do(NoteCalls(turn.fence, changes, desk.now))


async def propose_calls(desk: Desk) -> Operation[Any]:
    """For tests/db/repeated."""
    return ProposeCalls((await desk.open_turn()).fence, (FIRST,), desk.now)


async def note_calls(desk: Desk) -> Operation[Any]:
    """For tests/db/repeated."""
    turn = await proposed(desk)
    return NoteCalls(turn.fence, (Became("call_1", CallState.DONE, "{}"),), desk.now)


async def written(desk: Desk, turn: Turn) -> tuple[CallRow, ...]:
    return tuple(await desk.database.read(calls_of, turn.fence.turn))


async def test_an_answers_calls_are_written_down_together(desk: Desk) -> None:
    turn = await proposed(desk, FIRST, SECOND, REFUSED)

    assert await written(desk, turn) == (FIRST, SECOND, REFUSED)


async def test_what_is_proposed_again_stays_as_it_became(desk: Desk) -> None:
    turn = await proposed(desk)
    await became(desk, turn, Became("call_1", CallState.DONE, "Booked."))

    await desk.journal.do(ProposeCalls(turn.fence, (FIRST, SECOND, REFUSED), desk.now))

    done = replace(FIRST, state=CallState.DONE, output="Booked.")
    assert await written(desk, turn) == (done, SECOND, REFUSED)


async def test_a_call_begins_and_ends_once(desk: Desk) -> None:
    turn = await proposed(desk)
    await became(desk, turn, Became("call_1", CallState.RUNNING))
    desk.now += 1
    await became(desk, turn, Became("call_1", CallState.DOUBT, "Nobody knows."))
    desk.now += 1
    await became(desk, turn, Became("call_1", CallState.RUNNING))
    await became(desk, turn, Became("call_1", CallState.DONE, "Booked."))

    row = (await desk.stored(calls, call_id="call_1"))[0]

    assert (row.state, row.output) == (CallState.DOUBT, "Nobody knows.")
    assert (row.started_at, row.done_at) == (desk.now - 2, desk.now - 1)


@pytest.mark.parametrize("epochs", [1, -1])
async def test_who_lost_the_turn_writes_nothing(desk: Desk, epochs: int) -> None:
    turn = await proposed(desk, FIRST)
    lost = Fence(turn.fence.turn, turn.fence.epoch + epochs)

    with pytest.raises(Stale):
        await desk.journal.do(ProposeCalls(lost, (SECOND,), desk.now))
    with pytest.raises(Stale):
        await desk.journal.do(NoteCalls(lost, (Became("call_1", CallState.RUNNING),), desk.now))

    assert await written(desk, turn) == (FIRST,)


async def test_the_outputs_of_a_threads_calls_are_found_by_their_ids(desk: Desk) -> None:
    turn = await proposed(desk)
    await became(desk, turn, Became("call_1", CallState.DONE, "Booked."))
    ids = ("call_1", "call_2", "call_9")

    found = await desk.database.read(outputs_of, turn.thread, ids)
    elsewhere = await desk.database.read(outputs_of, turn.thread + 1, ids)

    assert (found, elsewhere) == ({"call_1": "Booked.", "call_2": None}, {})


async def test_forget_leaves_no_words_of_them_and_no_answer_at_openai(desk: Desk) -> None:
    def forget(chat: ChatWork) -> tuple[Draft, ...]:
        chat.forget()
        return ()

    turn = await proposed(desk)
    await became(desk, turn, Became("call_1", CallState.DONE, "Booked."))
    await desk.journal.do(NoteResponse(turn.fence, "resp_2", told="[]"))

    await desk.handle(await desk.event(), forget)

    assert {(row.arguments, row.digest, row.output) for row in await written(desk, turn)} == {
        ("", "", None)
    }
    queued = {row.conversation_id for row in await desk.stored(erasures)}
    assert queued >= {"resp_1", "resp_2"}
    assert all(row.response_id is None for row in await written(desk, turn))


async def test_their_words_go_with_age_once_the_turn_is_over(desk: Desk) -> None:
    turn = await proposed(desk)
    desk.now += 400 * DAY_SECONDS
    spans = Spans(Retention(), {}, desk.now)

    async def old() -> tuple[int, ...]:
        return (await desk.database.read(old_words, SAID_TO_TOOLS, spans))[0]

    async def erased(rows: tuple[int, ...]) -> Any:
        return await desk.journal.do(EraseWords("calls", rows, spans.patience))

    assert await erased(await old()) == 0  # of an open turn nothing goes
    await desk.complete(turn)

    assert await erased(await old()) == 2
    assert {(row.arguments, row.output) for row in await written(desk, turn)} == {("", None)}
    assert await old() == ()
