"""What dead processes left is taken over."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from db.errors import Stale
from db.models import outbox, turns, updates, workers
from db.operations import Beat, NoteResponse, Orphans
from db.records import Fence, OutboxKind, OutboxState, Turn, UpdateKind
from db.rows import db_now
from tests.backends import on_both
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, at, bubble, incoming, sent

pytestmark = on_both

ANSWER = bubble("Ecco.", kind=OutboxKind.COMMAND)


@pytest.fixture
async def living(desk: Desk) -> Desk:
    """A process that renewed its lease."""
    await desk.journal.do(Beat(desk.owner, lease=30.0))
    return desk


@pytest.fixture
def second(desk: Desk) -> Desk:
    """Another process."""
    return replace(desk, owner="second")


async def die(desk: Desk, seconds_ago: float = 3600.0) -> None:
    """The lease of a process ran out, by the database's clock."""
    mine = workers.c.id == desk.owner
    await desk.database.write(
        lambda connection: connection.execute(
            update(workers).where(mine).values(expires_at=db_now(connection) - seconds_ago)
        )
    )


async def adopt(desk: Desk, *chats: int, grace: float = 0.0) -> Orphans:
    return await desk.journal.do(desk.adopting(grace=grace, chats=chats))


# ------------------------------------------------------------------------ turns


async def test_the_turn_of_a_dead_process_is_taken_over(living: Desk, second: Desk) -> None:
    turn = await living.open_turn("Buongiorno")
    await die(living)
    (adopted,) = (await adopt(second)).turns
    again = replace(turn, fence=Fence(turn.fence.turn, 2), adopted=True, reached=None)
    assert adopted == again
    assert (await second.row(turns)).owner == "second"


async def test_it_comes_with_all_that_was_done_for_it(living: Desk, second: Desk) -> None:
    turn = await living.open_turn()
    await living.journal.do(NoteResponse(turn.fence, "resp_1", told="[]"))
    first, second_row = (
        await living.post(turn, bubble("Uno."), bubble("Due.", 1), intend_first=True)
    ).rows
    await living.post(turn, settled=(sent(first, 42),), intend=second_row.row)
    await die(living)
    (adopted,) = (await adopt(second)).turns
    assert adopted.response_id == "resp_1"
    assert [(row.text, row.state) for row in adopted.rows] == [
        ("Uno.", OutboxState.SENT),
        ("Due.", OutboxState.DOUBT),
    ]


async def test_who_lost_it_can_do_nothing_more(living: Desk, second: Desk) -> None:
    turn = await living.open_turn()
    await die(living)
    await adopt(second)
    with pytest.raises(Stale):
        await living.post(turn, bubble("Troppo tardi."))
    with pytest.raises(Stale):
        await living.complete(turn)


async def test_the_turn_of_a_living_process_is_left_alone(living: Desk, second: Desk) -> None:
    await living.open_turn()
    await living.post(await living.open_turn(client=BRUNO), bubble("Uno."), intend_first=True)
    orphans = await adopt(second)
    assert (orphans.turns, orphans.rows) == ((), ())
    assert {row.epoch for row in await second.stored(turns)} == {1}


async def test_a_lease_is_honoured_for_a_while_after_its_end(living: Desk, second: Desk) -> None:
    await living.open_turn()
    await die(living, seconds_ago=5.0)
    assert (await adopt(second, grace=3600.0)).turns == ()
    assert len((await adopt(second, grace=1.0)).turns) == 1


async def test_a_turn_is_adopted_by_one(living: Desk, second: Desk) -> None:
    await living.open_turn()
    await die(living)
    await second.journal.do(Beat("second", lease=30.0))
    await adopt(second)
    assert (await adopt(replace(second, owner="third"))).turns == ()


async def test_each_adoption_has_its_own_epoch(living: Desk, second: Desk) -> None:
    await living.open_turn()
    await die(living)
    epochs = [(await adopt(replace(second, owner=name))).turns[0].fence.epoch for name in "abc"]
    assert epochs == [2, 3, 4]


async def test_a_turn_that_is_over_is_not_adopted(living: Desk, second: Desk) -> None:
    await living.complete(await living.open_turn())
    await die(living)
    assert (await adopt(second)).turns == ()


async def test_what_is_ones_own_is_not_an_orphan(living: Desk) -> None:
    await living.open_turn()
    await die(living)
    assert (await adopt(living)).turns == ()


async def test_a_chat_of_ones_own_can_be_begun_anew(living: Desk) -> None:
    anna, _ = await living.open_turn(client=ANNA), await living.open_turn(client=BRUNO)
    await living.post(anna, bubble("Uno."), intend_first=True)
    orphans = await adopt(living, anna.chat)
    assert [turn.fence for turn in orphans.turns] == [Fence(anna.fence.turn, 2)]
    assert [row.state for row in orphans.rows] == [OutboxState.DOUBT]


async def test_a_chat_that_another_living_process_has_cannot(living: Desk, second: Desk) -> None:
    turn = await living.open_turn()
    await living.post(turn, bubble("Uno."), intend_first=True)
    orphans = await adopt(second, turn.chat)
    assert (orphans.turns, orphans.rows) == ((), ())


# ------------------------------------------------------------------------- rows


async def test_only_what_was_on_its_way_is_in_doubt(living: Desk, second: Desk) -> None:
    turn = await living.open_turn()
    drafts = [bubble(text, position) for position, text in enumerate(("Uno.", "Due.", "Tre."))]
    first, middle, _ = (await living.post(turn, *drafts, intend_first=True)).rows
    await living.post(turn, settled=(sent(first, 42),), intend=middle.row)
    await die(living)
    orphans = await adopt(second)
    assert [(row.text, row.state) for row in orphans.rows] == [
        ("Due.", OutboxState.DOUBT),
        ("Tre.", OutboxState.QUEUED),
    ]
    assert [(row.state, row.owner) for row in await second.stored(outbox)] == [
        (OutboxState.SENT, "first"),
        (OutboxState.DOUBT, "second"),
        (OutboxState.QUEUED, "second"),
    ]


async def test_a_commands_answer_is_sent_by_who_adopts_it(living: Desk, second: Desk) -> None:
    await living.handle(await living.event(), lambda _: [ANSWER])
    await die(living)
    (row,) = (await adopt(second)).rows
    assert (row.text, row.turn) == ("Ecco.", None)
    assert row.address is not None
    assert row.address.chat_id == str(ANNA)


async def test_a_row_in_doubt_keeps_what_settles_it(living: Desk, second: Desk) -> None:
    turn = await living.open_turn()
    await living.post(turn, bubble("Uno."), intend_first=True, lower_id=41)
    await die(living)
    (row,) = (await adopt(second)).rows
    assert (row.lower_id, row.intent_at) == (41, living.now)


# ------------------------------------------------------------------------ events


async def test_events_that_nobody_handled_are_handed_out_in_order(
    living: Desk, second: Desk
) -> None:
    events = [await living.event("/help"), await living.event("/new")]
    await die(living)
    assert list((await adopt(second)).events) == events
    assert {row.owner for row in await second.stored(updates)} == {"second"}


async def test_an_event_that_was_handled_is_not(living: Desk, second: Desk) -> None:
    await living.handle(await living.event())
    await die(living)
    assert (await adopt(second)).events == ()


async def test_the_event_of_a_living_process_is_left_to_it(living: Desk, second: Desk) -> None:
    await living.event()
    assert (await adopt(second)).events == ()


async def test_messages_are_no_events(living: Desk, second: Desk) -> None:
    await living.accept(incoming(1), incoming(2, kind=UpdateKind.IGNORED))
    await die(living)
    assert (await adopt(second)).events == ()


# -------------------------------------------------------------------------- due


async def test_chats_that_are_due_are_known_to_all(living: Desk, second: Desk) -> None:
    chat = await living.hear()
    assert (await adopt(second)).due == {chat: at(living.now + 0.7)}


async def test_a_wait_that_began_before_the_clock_was_put_back_begins_anew(
    living: Desk, second: Desk
) -> None:
    chat = await living.hear()
    second.now = living.now - 3600
    assert (await adopt(second)).due == {chat: at(second.now + 0.7)}


async def test_a_chat_with_an_open_turn_is_not_due(living: Desk, second: Desk) -> None:
    await living.open_turn()
    await living.hear()
    assert (await adopt(second)).due == {}


# ------------------------------------------------------------------ the next life


async def test_what_waited_for_a_dead_turn_is_the_next_one(living: Desk, second: Desk) -> None:
    await living.open_turn("prima")
    await living.hear("dopo")
    await die(living)
    second.now = living.now + 3
    (adopted,) = (await adopt(second)).turns
    assert await second.complete(adopted) is not None
    following = await second.claim(adopted.chat)
    assert isinstance(following, Turn)
    assert [one.payload for one in following.messages] == ['{"text": "dopo"}']


async def test_work_of_a_bot_that_one_does_not_speak_for_is_left_alone(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Ecco."))
    adopt = desk.adopting(owner="heir", grace=-1e9, bots=(BOT + 1,))
    orphans = await desk.journal.do(adopt)
    assert (orphans.turns, orphans.rows, orphans.due) == ((), (), {})
