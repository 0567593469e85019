"""When turns begin, end, and begin anew: without tables."""

import asyncio
from dataclasses import replace

import pytest

from bot.turns.scheduler import BEGIN_ANEW, HOPELESS
from db.connection import Unreachable
from db.operations import Claim
from tests.turns.scheduled import CHAT, NOTHING, OTHER, Place, turn


@pytest.fixture
def place() -> Place:
    return Place()


async def test_a_chat_that_is_due_is_claimed_once_and_waited_for_no_more(place: Place) -> None:
    await place.begins(turn(1))
    assert (place.begun, place.scheduler._alarms) == ([(1, False)], {})
    place.scheduler.arm(CHAT, place.clock.now() + 1)
    place.scheduler.arm(CHAT, place.clock.now() + 2)
    await place.runs(5)
    claims = [one.waited_for for one in place.done if isinstance(one, Claim)]
    assert claims == [place.clock.now() - 5, place.clock.now() - 3]


async def test_what_was_waited_for_and_is_there_still_is_claimed_at_once(place: Place) -> None:
    place.claims.append(place.clock.now() + 3)
    place.scheduler.arm(CHAT, place.clock.now() + 3)
    place.clock.put_back = 60  # which the tables do not know
    await place.runs(3)
    assert len(place.done) == 2


async def test_one_that_is_not_due_yet_is_claimed_when_it_is(place: Place) -> None:
    later = place.clock.now() + 4
    place.claims += [later, turn(1)]
    place.scheduler.arm(CHAT, place.clock.now())
    await place.runs(3)
    assert not place.begun
    await place.runs(1)
    assert place.begun == [(1, False)]


async def test_where_nothing_waits_any_more_nobody_types(place: Place) -> None:
    place.scheduler.arm(CHAT, place.clock.now())
    await place.runs()
    assert (place.quiet, place.scheduler._alarms) == ([CHAT], {})
    place.ends[1] = None
    await place.begins(turn(2, OTHER))
    place.scheduler.arm(OTHER, place.clock.now())
    await place.runs()
    assert place.quiet == [CHAT]  # a turn goes on in the other


async def test_a_claim_that_fails_may_have_happened(place: Place) -> None:
    place.claims.append(Unreachable())
    place.adoptions.append(replace(NOTHING, turns=(turn(1),)))
    place.scheduler.arm(CHAT, place.clock.now())
    await place.runs()
    assert place.telemetry.count("claim failed") == 1
    await place.runs(1)
    assert (place.anew(), place.begun) == ([CHAT], [(1, False)])


async def test_a_turn_that_is_over_is_followed_by_the_next_when_that_is_due(place: Place) -> None:
    place.ends = {1: place.clock.now() + 2, 2: None}
    await place.begins(turn(1))
    assert not place.scheduler._running
    place.claims.append(turn(2))
    await place.runs(2)
    assert place.begun == [(1, False), (2, False)]
    assert (place.scheduler._alarms, place.scheduler._speaking) == ({}, {})


async def test_what_was_waited_for_during_a_turn_is_over_with_it(place: Place) -> None:
    going = asyncio.Event()
    place.waits[1], place.ends[1] = going, None
    await place.begins(turn(1))
    place.scheduler.arm(CHAT, place.clock.now())
    await place.runs()
    assert (len(place.done), place.quiet) == (2, [])
    going.set()
    await place.runs()
    assert place.scheduler._alarms == {}


async def test_a_second_turn_of_a_chat_begins_when_the_first_is_gone(place: Place) -> None:
    await place.begins(turn(1), turn(2), turn(3, OTHER))
    assert place.log == ["begins 1", "ends 1", "begins 2", "begins 3"]
    assert {chat: one.fence.turn for chat, one in place.scheduler._speaking.items()} == {
        CHAT: 2,
        OTHER: 3,
    }


# ------------------------------------------------------------------- what breaks


async def test_a_turn_that_breaks_begins_anew_later_each_time(place: Place) -> None:
    place.ends = {number: ValueError() for number in range(HOPELESS + 1)}
    place.adoptions += [replace(NOTHING, turns=(turn(n),)) for n in range(1, HOPELESS + 1)]
    await place.begins(turn(0))
    for attempt in range(HOPELESS):
        delay = BEGIN_ANEW.delay(attempt) or 0.0
        await place.runs(delay - 0.5)
        assert len(place.begun) == attempt + 1
        await place.runs(0.5)
    hopeless = [hopeless for _, hopeless in place.begun]
    assert hopeless == [*[False] * HOPELESS, True]
    assert place.telemetry.count("turn broken") == HOPELESS + 1


async def test_a_database_that_is_away_makes_no_turn_hopeless(place: Place) -> None:
    place.ends = {number: Unreachable() for number in range(HOPELESS + 1)}
    place.adoptions += [replace(NOTHING, turns=(turn(n),)) for n in range(1, HOPELESS + 1)]
    await place.begins(turn(0))
    await place.runs(200)
    assert [hopeless for _, hopeless in place.begun] == [False] * (HOPELESS + 1)


async def test_one_that_is_taken_up_again_and_ends_is_well(place: Place) -> None:
    place.ends = {0: ValueError(), 1: None}
    place.adoptions.append(replace(NOTHING, turns=(turn(1),)))
    await place.begins(turn(0))
    await place.runs(4)
    assert place.begun == [(0, False), (1, False)]
    assert not place.scheduler._broken
    assert not place.scheduler._hopeless


@pytest.mark.parametrize("by", ["its end", "another claim"])
async def test_one_that_is_well_again_is_begun_soon_when_it_breaks(place: Place, by: str) -> None:
    place.ends = {number: ValueError() for number in range(10)}
    place.adoptions += [replace(NOTHING, turns=(turn(n),)) for n in (1, 2)]
    await place.begins(turn(0))
    await place.runs(4)
    place.adoptions.clear()
    if by == "its end":
        place.ends[7] = None
    await place.begins(turn(7))
    assert place.scheduler._hopeless[CHAT] == (0 if by == "its end" else 1)
    assert place.scheduler._broken[CHAT] == (0 if by == "its end" else 1)


async def test_what_breaks_beside_a_turn_ends_it_and_begins_it_anew_once(place: Place) -> None:
    await place.begins(turn(1))
    place.adoptions.append(replace(NOTHING, turns=(turn(1),)))
    for _ in range(2):
        place.scheduler.broken(CHAT, ValueError())
    await place.runs()
    assert place.ended == [1]
    await place.runs(60)
    assert (place.anew(), place.begun) == ([CHAT], [(1, False)] * 2)


async def test_a_turn_that_goes_on_ends_before_it_is_begun_anew(place: Place) -> None:
    await place.begins(turn(1))
    place.scheduler._begin_anew_soon(CHAT)
    place.adoptions.append(replace(NOTHING, turns=(turn(1),), due={CHAT: place.clock.now() + 9}))
    await place.runs(1)
    assert place.log == ["begins 1", "ends 1", "adopts", "begins 1"]
    assert [*place.scheduler._alarms] == [CHAT]
    assert not place.scheduler._anew


async def test_what_cannot_be_begun_anew_is_tried_again(place: Place) -> None:
    place.scheduler._begin_anew_soon(CHAT)
    place.adoptions.append(Unreachable())
    await place.runs(3)
    assert place.anew() == [CHAT, CHAT]
    assert place.telemetry.count("chat not begun anew") == 1
