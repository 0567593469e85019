"""T3, T4 and T5: what a lane writes down."""

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from db.errors import Stale
from db.models import outbox
from db.operations import Post
from db.records import Fence, OutboxKind, OutboxState, Settled
from tests.backends import on_both
from tests.db.desk import BRUNO, Desk, bubble, sent

pytestmark = on_both

ONE, TWO, THREE = bubble("Uno.", 0), bubble("Due.", 1), bubble("Tre.", 2)


async def test_drafts_are_written_down_in_order(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, ONE, TWO, THREE)
    assert [row.text for row in posted.rows] == ["Uno.", "Due.", "Tre."]
    assert {row.state for row in posted.rows} == {OutboxState.QUEUED}
    assert not posted.sending


async def test_the_first_draft_may_go_out_with_the_commit_that_wrote_it(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, ONE, TWO, intend_first=True, lower_id=41)
    assert posted.sending
    assert [row.state for row in posted.rows] == [OutboxState.SENDING, OutboxState.QUEUED]
    stored = await desk.row(outbox, position=0)
    assert (stored.intent_at, stored.lower_id) == (desk.now, 41)


async def test_a_stored_row_is_marked_before_it_goes_out(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE)).rows
    posted = await desk.post(turn, intend=row.row, lower_id=41)
    assert posted.sending
    stored = await desk.row(outbox)
    assert (stored.state, stored.intent_at, stored.lower_id) == (
        OutboxState.SENDING,
        desk.now,
        41,
    )


async def test_a_commit_holds_what_was_sent_what_is_new_and_what_goes_out(desk: Desk) -> None:
    turn = await desk.open_turn()
    first, second = (await desk.post(turn, ONE, TWO, intend_first=True)).rows
    posted = await desk.post(turn, THREE, settled=(sent(first, 42),), intend=second.row)
    assert [row.text for row in posted.rows] == ["Tre."]
    assert posted.sending
    stored = [(row.state, row.message_id) for row in await desk.stored(outbox)]
    assert stored == [
        (OutboxState.SENT, 42),
        (OutboxState.SENDING, None),
        (OutboxState.QUEUED, None),
    ]


async def test_that_it_was_sent_is_recorded_with_its_time(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE, intend_first=True)).rows
    desk.now += 1
    await desk.post(turn, settled=(sent(row, 42),))
    stored = await desk.row(outbox)
    assert (stored.sent_at, stored.attempts) == (desk.now, 0)


async def test_one_that_must_wait_is_queued_again_and_counted(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE, intend_first=True)).rows
    later = Settled(row.row, OutboxState.QUEUED, not_before=desk.now + 30, cause="rate limit")
    await desk.post(turn, settled=(later,))
    stored = await desk.row(outbox)
    assert (stored.state, stored.attempts, stored.not_before, stored.cause) == (
        OutboxState.QUEUED,
        1,
        desk.now + 30,
        "rate limit",
    )


async def test_entities_that_were_refused_are_left_out_from_then_on(desk: Desk) -> None:
    turn = await desk.open_turn()
    bold = replace(ONE, entities='[{"type": "bold"}]')
    (row,) = (await desk.post(turn, bold, intend_first=True)).rows
    assert row.entities
    await desk.post(turn, settled=(Settled(row.row, OutboxState.QUEUED, plain=True),))
    assert (await desk.row(outbox)).entities is None


async def test_in_doubt_is_a_state(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE, intend_first=True)).rows
    await desk.post(turn, settled=(Settled(row.row, OutboxState.DOUBT),))
    assert (await desk.row(outbox)).state == OutboxState.DOUBT


# ------------------------------------------------------------- nothing goes twice


async def test_a_position_that_is_taken_is_not_written_again(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.post(turn, ONE)
    posted = await desk.post(turn, replace(ONE, text="Un altro."), TWO)
    assert [row.text for row in posted.rows] == ["Due."]
    assert [row.text for row in await desk.stored(outbox)] == ["Uno.", "Due."]


async def test_of_two_for_one_position_in_one_commit_the_first_is_written(desk: Desk) -> None:
    turn = await desk.open_turn()
    first, second = await desk.together(
        desk.posting(turn, ONE), desk.posting(turn, replace(ONE, text="Un altro."))
    )
    assert [row.text for row in first.rows] == ["Uno."]
    assert second.rows == ()


async def test_a_first_draft_whose_position_is_taken_does_not_go_out(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.post(turn, ONE)
    posted = await desk.post(turn, ONE, TWO, intend_first=True)
    assert not posted.sending
    assert [row.state for row in await desk.stored(outbox)] == [OutboxState.QUEUED] * 2


async def test_the_same_position_of_another_kind_is_free(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn, ONE, replace(ONE, kind=OutboxKind.FAILURE))
    assert len(posted.rows) == 2


async def test_a_row_that_was_sent_does_not_go_out_again(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE, intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 42),))
    assert not (await desk.post(turn, intend=row.row)).sending


async def test_one_row_is_on_its_way_per_chat(desk: Desk) -> None:
    turn = await desk.open_turn()
    first, second = (await desk.post(turn, ONE, TWO, intend_first=True)).rows
    posted = await desk.post(turn, intend=second.row)
    assert (posted.sending, posted.busy) == (False, True)
    assert [row.state for row in await desk.stored(outbox)] == [
        OutboxState.SENDING,
        OutboxState.QUEUED,
    ]
    assert first.state is OutboxState.SENDING


async def test_one_that_may_not_send_does_not_hold_up_the_others(desk: Desk) -> None:
    anna, bruno = await desk.open_turn(), await desk.open_turn(client=BRUNO)
    _, second = (await desk.post(anna, ONE, TWO, intend_first=True)).rows
    refused, posted = await desk.together(
        desk.posting(anna, intend=second.row),
        desk.posting(bruno, ONE, intend_first=True),
    )
    assert refused.busy
    assert posted.sending


async def test_what_may_not_be_sent_yet_is_written_down(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.post(turn, ONE, intend_first=True)
    posted = await desk.post(turn, TWO, intend_first=True)
    assert [row.state for row in posted.rows] == [OutboxState.QUEUED]
    assert posted.busy


async def test_the_database_itself_refuses_a_second_row_on_its_way(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.post(turn, ONE, TWO, intend_first=True)
    both = update(outbox).values(state=OutboxState.SENDING)
    with pytest.raises(IntegrityError):
        await desk.database.write(lambda connection: connection.execute(both))


# ------------------------------------------------------------------ whose it is


async def test_who_lost_the_turn_writes_and_sends_nothing(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE)).rows
    lost = Fence(turn.fence.turn, turn.fence.epoch - 1)
    with pytest.raises(Stale):
        await desk.post(turn, TWO, fence=lost, intend=row.row)
    assert (await desk.row(outbox)).state == OutboxState.QUEUED


async def test_what_arrived_counts_also_for_who_lost_the_turn(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE, intend_first=True)).rows
    lost = Fence(turn.fence.turn, turn.fence.epoch - 1)
    with pytest.raises(Stale):
        await desk.post(turn, TWO, fence=lost, settled=(sent(row, 42),))
    assert [(one.state, one.message_id) for one in await desk.stored(outbox)] == [
        (OutboxState.SENT, 42)
    ]


async def test_but_that_it_must_wait_is_for_the_owner_of_the_turn_to_say(desk: Desk) -> None:
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, ONE, intend_first=True)).rows
    lost = Fence(turn.fence.turn, turn.fence.epoch - 1)
    queued = Settled(row.row, OutboxState.QUEUED)
    with pytest.raises(Stale):
        await desk.post(turn, TWO, fence=lost, settled=(queued,))
    assert (await desk.row(outbox)).state == OutboxState.SENDING


async def test_a_turn_that_is_over_is_written_to_by_nobody(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.complete(turn)
    with pytest.raises(Stale):
        await desk.post(turn, ONE)


async def test_one_lost_turn_among_many_is_told_to_its_own_lane(desk: Desk) -> None:
    anna, bruno = await desk.open_turn(), await desk.open_turn(client=BRUNO)
    lost = Fence(anna.fence.turn, 0)
    results = await desk.together(
        desk.posting(anna, ONE, fence=lost),
        desk.posting(bruno, ONE, TWO),
        desk.posting(anna, replace(ONE, text="Il mio.")),
    )
    assert isinstance(results[0], Stale)
    assert [[row.text for row in one.rows] for one in results[1:]] == [
        ["Uno.", "Due."],
        ["Il mio."],
    ]


async def test_rows_without_a_turn_go_to_the_chat_that_they_are_for(desk: Desk) -> None:
    anna, bruno = await desk.open_turn(), await desk.open_turn(client=BRUNO)
    notice = replace(ONE, kind=OutboxKind.NOTICE)
    hers, his = await desk.together(
        desk.posting(anna, replace(notice, text="ad Anna"), fence=None),
        desk.posting(bruno, replace(notice, text="a Bruno"), fence=None),
    )
    assert [row.text for row in hers.rows] == ["ad Anna"]
    assert [row.text for row in his.rows] == ["a Bruno"]


async def test_a_row_that_another_process_took_over_is_not_ours_to_send(desk: Desk) -> None:
    (row,) = (await desk.handle(await desk.event(), lambda _: [ONE])).rows
    await desk.journal.do(desk.adopting(owner="second"))
    mine = Post(chat=row.chat, owner=desk.owner, now=desk.now, intend=row.row)
    its = replace(mine, owner="second")
    assert not (await desk.journal.do(mine)).sending
    assert (await desk.journal.do(its)).sending


async def test_nor_is_it_ours_to_settle(desk: Desk) -> None:
    (row,) = (await desk.handle(await desk.event(), lambda _: [ONE])).rows
    await desk.journal.do(desk.adopting(owner="second"))
    failed = Settled(row.row, OutboxState.FAILED)
    await desk.journal.do(Post(chat=row.chat, owner=desk.owner, now=desk.now, settled=(failed,)))
    assert (await desk.row(outbox)).state == OutboxState.QUEUED


async def test_nothing_posted_is_nothing_done(desk: Desk) -> None:
    turn = await desk.open_turn()
    posted = await desk.post(turn)
    assert (posted.rows, posted.sending) == ((), False)
