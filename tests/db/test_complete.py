from dataclasses import replace

import pytest

from db.errors import Stale
from db.models import chats, outbox, threads, tokens, turns
from db.records import (
    KEYS_PLACE,
    Completed,
    Draft,
    Fence,
    OutboxState,
    Outcome,
    Settled,
    Stated,
    Turn,
    TurnState,
)
from tests.backends import on_both
from tests.db.desk import BRUNO, TODAY, Desk, bubble, incoming, sent

pytestmark = on_both


async def test_a_turn_is_closed_with_what_it_cost(desk: Desk) -> None:
    turn = await desk.open_turn()
    desk.now += 2
    await desk.complete(
        turn,
        model="gpt-6-luna",
        input_tokens=100,
        cached_tokens=60,
        output_tokens=20,
        first_delta_at=desk.now - 1.5,
    )
    stored = await desk.row(turns)
    assert (stored.state, stored.done_at, stored.model) == (TurnState.DONE, desk.now, "gpt-6-luna")
    assert (stored.input_tokens, stored.cached_tokens, stored.output_tokens) == (100, 60, 20)
    assert stored.first_delta_at == desk.now - 1.5


async def test_a_turn_is_closed_with_what_its_answer_says_of_itself(desk: Desk) -> None:
    turn = await desk.open_turn()
    stated = Stated(Outcome.ASKED, "Una camera", ("Sì", "No"), ("Listino",), promised=True)
    await desk.journal.do(replace(desk.completing(turn), stated=stated))
    stored = await desk.row(turns)
    assert (stored.outcome, stored.about, stored.promised) == ("asked", "Una camera", True)
    assert (stored.buttons, stored.sources) == ('["Sì", "No"]', '["Listino"]')


async def test_what_an_answer_does_not_say_of_itself_is_empty(desk: Desk) -> None:
    await desk.complete(await desk.open_turn())
    stored = await desk.row(turns)
    assert (stored.outcome, stored.about, stored.buttons, stored.sources) == (None,) * 4
    assert not stored.promised


@pytest.mark.parametrize("state", [TurnState.FAILED, TurnState.UNREACHABLE])
async def test_a_turn_may_end_badly(desk: Desk, state: TurnState) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn, state)
    assert (await desk.row(turns)).state == state


async def test_the_thread_remembers_the_last_item(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn, last_item_id="item_9")
    assert (await desk.row(threads)).last_item_id == "item_9"


async def test_a_turn_without_an_answer_leaves_the_last_item_as_it_is(desk: Desk) -> None:
    await desk.complete(await desk.open_turn(), last_item_id="item_9")
    await desk.complete(await desk.open_turn(), TurnState.FAILED)
    assert (await desk.row(threads)).last_item_id == "item_9"


async def test_the_tokens_of_a_day_add_up(desk: Desk) -> None:
    anna, bruno = await desk.open_turn(), await desk.open_turn(client=BRUNO)
    await desk.together(
        desk.completing(anna, input_tokens=100, output_tokens=10),
        desk.completing(bruno, input_tokens=200, output_tokens=20),
    )
    await desk.complete(await desk.open_turn(), input_tokens=1)
    stored = await desk.row(tokens)
    assert (stored.day, stored.used) == (TODAY, 331)


async def test_they_are_counted_for_each_who_has_a_limit_as_well(desk: Desk) -> None:
    anna, bruno = await desk.open_turn(), await desk.open_turn(client=BRUNO)
    ends = [
        replace(desk.completing(anna, input_tokens=300, output_tokens=4), counted_for=("a", "b")),
        replace(desk.completing(bruno, input_tokens=20, output_tokens=7), counted_for=("b",)),
    ]
    await desk.together(*ends)
    alone = replace(desk.completing(await desk.open_turn(), input_tokens=1), counted_for=("a",))
    await desk.journal.do(alone)
    counted = {row.day: row.used for row in await desk.stored(tokens)}
    assert counted == {TODAY: 332, f"{TODAY} a": 305, f"{TODAY} b": 331}


async def test_the_end_of_a_turn_tells_when_the_next_one_is_due(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.hear()
    due = await desk.complete(turn)
    assert due == (await desk.row(chats)).due_at
    assert due is not None


async def test_a_message_accepted_in_the_same_commit_is_not_missed(desk: Desk) -> None:
    turn = await desk.open_turn()
    heard, ended = await desk.together(desk.accepting(incoming(1)), desk.completing(turn))
    assert heard.due == {turn.chat: ended.due}


async def test_without_messages_nothing_is_due(desk: Desk) -> None:
    assert await desk.complete(await desk.open_turn()) is None


async def test_a_turn_ends_once(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn, input_tokens=5)
    with pytest.raises(Stale):
        await desk.complete(turn, TurnState.FAILED, input_tokens=5)
    assert (await desk.row(turns)).state == TurnState.DONE
    assert (await desk.row(tokens)).used == 5


async def test_who_lost_the_turn_does_not_end_it_but_others_do_theirs(desk: Desk) -> None:
    anna, bruno = await desk.open_turn(), await desk.open_turn(client=BRUNO)
    stale = replace(desk.completing(anna), fence=Fence(anna.fence.turn, 0))
    refused, ended = await desk.together(stale, desk.completing(bruno))
    assert isinstance(refused, Stale)
    assert ended.due is None
    assert [row.state for row in await desk.stored(turns)] == [TurnState.OPEN, TurnState.DONE]


# ------------------------------------------------------------------------------ keys


async def says(desk: Desk, *drafts: Draft, settled: OutboxState = OutboxState.SENT) -> Turn:
    """A turn whose last bubble has left; they got the ids from 11 on."""
    turn = await desk.open_turn()
    rows = (await desk.post(turn, *drafts)).rows
    arrived = [sent(row, number) for number, row in enumerate(rows, 11)]
    await desk.post(turn, settled=(*arrived[:-1], replace(arrived[-1], state=settled)))
    return turn


async def ends(desk: Desk, turn: Turn) -> Completed:
    return await desk.journal.do(replace(desk.completing(turn), keys="keys"))


async def test_keys_that_the_last_bubble_left_without_become_a_row(desk: Desk) -> None:
    turn = await says(desk, bubble("Uno."), bubble("Due?", 1))
    (row,) = (await ends(desk, turn)).keys
    assert (row.position, row.reply_to, row.markup) == (KEYS_PLACE, "12", "keys")
    assert (row.turn, row.state) == (turn.fence.turn, OutboxState.QUEUED)


async def test_keys_that_it_left_with_do_not(desk: Desk) -> None:
    turn = await says(desk, bubble("Uno."), replace(bubble("Due?", 1), markup="keys"))
    assert (await ends(desk, turn)).keys == ()


@pytest.mark.parametrize("settled", [OutboxState.FAILED, OutboxState.QUEUED])
async def test_a_bubble_that_did_not_arrive_gets_none(desk: Desk, settled: OutboxState) -> None:
    turn = await says(desk, bubble("Uno."), bubble("Due?", 1), settled=settled)
    assert (await ends(desk, turn)).keys == ()


async def test_a_row_may_leave_with_keys_that_came_later(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, bubble("Uno?"))).rows
    await desk.post(turn, intend=row.row, keys="keys")
    assert (await desk.row(outbox)).markup == "keys"
    await desk.post(turn, settled=(Settled(row.row, OutboxState.QUEUED),))
    await desk.post(turn, intend=row.row)
    assert (await desk.row(outbox)).markup == "keys"
