"""A caller goes on speaking, or hangs up: which answer ends."""

import pytest

from db.models import turns, updates
from db.records import Turn
from db.stopping import StopTurn
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, incoming


def stop(desk: Desk, message: int, *, hung_up: bool = False, client: int = ANNA) -> StopTurn:
    return StopTurn(chat_at(BOT, client), str(message), desk.now, hung_up)


async def stop_turn(desk: Desk) -> StopTurn:
    await spoken(desk)
    await desk.accept(incoming(2))
    return stop(desk, 20)


async def spoken(desk: Desk, *numbers: int) -> int:
    """A turn that answers these messages."""
    (chat,) = (await desk.accept(*map(incoming, numbers or (1,)))).due
    desk.now += desk.window.cap
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    return turn.fence.turn


async def states(desk: Desk) -> list[str]:
    return [row.state for row in await desk.stored(updates)]


async def test_the_answer_before_a_message_ends_once(desk: Desk) -> None:
    """[53]"""
    turn = await spoken(desk)
    await desk.accept(incoming(2))
    assert await desk.journal.do(stop(desk, 20)) == turn
    assert await desk.journal.do(stop(desk, 20)) is None
    assert (await desk.row(turns)).stopped_at == desk.now
    assert await states(desk) == ["claimed", "accepted"]  # it is answered in a turn of its own


async def test_one_that_answers_it_as_well_goes_on(desk: Desk) -> None:
    await spoken(desk, 1, 2)
    assert await desk.journal.do(stop(desk, 20)) is None


@pytest.mark.parametrize(("message", "ends"), [(10, False), (20, True)])
async def test_who_hangs_up_hears_no_more_of_what_they_said_last(
    desk: Desk, message: int, ends: bool
) -> None:
    """[54] A line that was left for another one is no hang-up."""
    turn = await spoken(desk, 1, 2)
    assert await desk.journal.do(stop(desk, message, hung_up=True)) == (turn if ends else None)


async def test_what_waits_of_who_has_hung_up_stays_unanswered(desk: Desk) -> None:
    """[54]"""
    await desk.accept(incoming(1), incoming(2))
    assert await desk.journal.do(stop(desk, 10, hung_up=True)) is None
    assert await states(desk) == ["done", "accepted"]


async def test_nobody_elses_answer_ends(desk: Desk) -> None:
    """[60]"""
    await spoken(desk)
    await desk.accept(incoming(2, client=BRUNO))
    assert await desk.journal.do(stop(desk, 20, client=BRUNO)) is None
    assert await desk.journal.do(stop(desk, 77)) is None
