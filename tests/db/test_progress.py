from typing import Any

import pytest
from sqlalchemy import update

from db.chores import QueueErasure
from db.errors import Stale
from db.models import chats, erasures, outbox, threads, turns, updates
from db.operations import Introduce, KeepExtracts, NoteResponse, SetConversation, Wait
from db.records import Fence, OutboxKind, OutboxState, Turn
from db.transaction import Operation
from db.transcript import ERASED
from tests.backends import on_both
from tests.db.desk import Desk, bubble

pytestmark = on_both

PLEASE_WAIT = bubble("Un momento.", kind=OutboxKind.WAITING)
AI_NOTICE = bubble("Le risponde una IA.", kind=OutboxKind.NOTICE)


def stale(turn: Turn) -> Fence:
    """The fence of one who lost the turn."""
    return Fence(turn.fence.turn, turn.fence.epoch - 1)


def introducing(desk: Desk, turn: Turn, fence: Fence | None = None) -> Introduce:
    return Introduce(fence or turn.fence, turn.chat, desk.owner, desk.now, (AI_NOTICE,))


def waiting(desk: Desk, turn: Turn, fence: Fence | None = None) -> Wait:
    return Wait(fence or turn.fence, turn.chat, desk.owner, desk.now, (PLEASE_WAIT,))


async def test_the_models_id_of_an_answer_is_kept_and_can_be_dropped(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(NoteResponse(turn.fence, "resp_1", told="[]"))
    row = await desk.row(turns)
    assert (row.response_id, row.told) == ("resp_1", "[]")
    await desk.journal.do(NoteResponse(turn.fence, None, told="[]"))
    assert (await desk.row(turns)).response_id is None


async def test_a_new_conversation_begins_without_items(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn, last_item_id="item_9")
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_2"))
    stored = await desk.row(threads)
    assert (stored.conversation_id, stored.last_item_id) == ("conv_2", None)


async def test_a_conversation_takes_the_place_of_another_in_one_commit(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    await desk.journal.do(QueueErasure("conv_2", not_before=900.0))
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_2", "conv_1", 700.0))
    assert (await desk.row(threads)).conversation_id == "conv_2"
    erasure = await desk.row(erasures)
    assert (erasure.conversation_id, erasure.not_before) == ("conv_1", 700.0)


async def test_a_thread_may_be_left_without_a_conversation(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    for _ in range(2):
        await desk.journal.do(SetConversation(turn.fence, turn.thread, None, "conv_1", 700.0))
    assert (await desk.row(threads)).conversation_id is None
    left = await desk.row(erasures)
    assert (left.conversation_id, left.not_before, left.attempts) == ("conv_1", 700.0, 0)


async def test_one_that_lost_its_turn_gives_up_nothing(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    with pytest.raises(Stale):
        await desk.journal.do(SetConversation(stale(turn), turn.thread, None, "conv_1", 700.0))
    assert (await desk.row(threads)).conversation_id == "conv_1"


async def test_the_next_turn_has_the_conversation(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(SetConversation(turn.fence, turn.thread, "conv_1"))
    await desk.complete(turn, last_item_id="item_9")
    following = await desk.open_turn()
    assert (following.conversation_id, following.last_item_id) == ("conv_1", "item_9")


async def test_the_ai_notice_is_written_down_and_not_said_again(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = await desk.journal.do(introducing(desk, turn))
    assert (row.text, row.turn, row.state) == (AI_NOTICE.text, turn.fence.turn, OutboxState.QUEUED)
    assert (await desk.row(chats)).introduced_at == desk.now
    await desk.complete(turn)
    assert (await desk.open_turn()).introduced


async def test_one_waits_after_the_notice_and_once(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(introducing(desk, turn))
    first = await desk.journal.do(waiting(desk, turn))
    assert [row.text for row in first] == [PLEASE_WAIT.text]
    assert await desk.journal.do(waiting(desk, turn)) == ()


async def test_nobody_is_asked_to_wait_once_an_answer_is_written(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Dalle 14."))
    assert await desk.journal.do(waiting(desk, turn)) == ()


async def test_an_answer_of_the_same_commit_comes_first(desk: Desk) -> None:
    turn = await desk.open_turn()
    waited, _ = await desk.together(waiting(desk, turn), desk.posting(turn, bubble("Dalle 14.")))
    assert waited == ()
    assert (await desk.row(outbox)).kind == OutboxKind.REPLY


async def test_the_answer_of_an_earlier_turn_does_not_count(desk: Desk) -> None:
    first = await desk.open_turn()
    await desk.post(first, bubble("Dalle 14."))
    await desk.complete(first)
    second = await desk.open_turn()
    waited = await desk.journal.do(waiting(desk, second))
    assert [row.turn for row in waited] == [second.fence.turn]


async def test_what_was_made_of_attachments_is_kept_with_their_messages(desk: Desk) -> None:
    turn = await desk.open_turn("Uno", "Due", "Tre")
    first, _, third = (message.row for message in turn.messages)
    await desk.journal.do(KeepExtracts(turn.fence, {first: "heard 1", third: "heard 3"}))
    kept = [row.payload for row in await desk.stored(updates)]
    assert kept == ["heard 1", turn.messages[1].payload, "heard 3"]


async def test_what_was_erased_meanwhile_stays_so(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.database.write(lambda c: c.execute(update(updates).values(payload=ERASED)))
    await desk.journal.do(KeepExtracts(turn.fence, {turn.messages[0].row: "heard"}))
    assert (await desk.row(updates)).payload == ERASED


async def test_nothing_is_kept_with_the_messages_of_another_turn(desk: Desk) -> None:
    first = await desk.open_turn("Uno")
    await desk.complete(first)
    second = await desk.open_turn("Due")
    rows = {message.row: "heard" for turn in (first, second) for message in turn.messages}
    await desk.journal.do(KeepExtracts(second.fence, rows))
    kept = [row.payload for row in await desk.stored(updates)]
    assert kept == [first.messages[0].payload, "heard"]


async def test_who_lost_the_turn_writes_nothing(desk: Desk) -> None:
    turn = await desk.open_turn()
    lost = stale(turn)
    attempts: tuple[Operation[Any], ...] = (
        NoteResponse(lost, "resp_0", told="[]"),
        KeepExtracts(lost, {turn.messages[0].row: "heard"}),
        SetConversation(lost, turn.thread, "conv_0"),
        introducing(desk, turn, lost),
        waiting(desk, turn, lost),
    )
    for attempt in attempts:
        with pytest.raises(Stale):
            await desk.journal.do(attempt)
    assert await desk.stored(outbox) == await desk.stored(erasures) == []
    assert (await desk.row(updates)).payload == turn.messages[0].payload
    assert (await desk.row(threads)).conversation_id is None
    assert (await desk.row(chats)).introduced_at is None


async def test_who_has_the_turn_is_not_harmed_by_who_lost_it(desk: Desk) -> None:
    turn = await desk.open_turn()
    lost = stale(turn)
    results = await desk.together(
        NoteResponse(lost, "resp_0", told="[]"),
        NoteResponse(turn.fence, "resp_1", told="[]"),
        KeepExtracts(lost, {turn.messages[0].row: "heard by another"}),
        KeepExtracts(turn.fence, {turn.messages[0].row: "heard"}),
        SetConversation(lost, turn.thread, "conv_0"),
        SetConversation(turn.fence, turn.thread, "conv_1"),
        waiting(desk, turn, lost),
        waiting(desk, turn),
    )
    assert [isinstance(one, Stale) for one in results] == [True, False] * 4
    assert (await desk.row(turns)).response_id == "resp_1"
    assert (await desk.row(updates)).payload == "heard"
    assert (await desk.row(threads)).conversation_id == "conv_1"
    assert len(await desk.stored(outbox)) == 1
