"""What is left behind goes on; who leaves, or is closed, begins nothing: without tables."""

import asyncio
from dataclasses import replace

import pytest

from bot.turns.scheduler import GRACE_SECONDS, OVERLOOKED_SECONDS
from db.connection import Unreachable
from db.operations import Claim, Own
from tests.addresses import chat_at
from tests.fakes.channel import BOT
from tests.turns.records import TURN, event, row
from tests.turns.scheduled import CHAT, NOTHING, OTHER, Place, turn


@pytest.fixture
def place() -> Place:
    return Place()


async def test_what_dead_processes_left_goes_on_here(place: Place) -> None:
    ours = replace(row(5, None, "Ecco."), address=chat_at(BOT, CHAT))
    theirs = replace(row(6, None, "Ecco."), address=chat_at(BOT + 1, CHAT))
    found = replace(
        NOTHING,
        turns=(turn(1), replace(turn(2, OTHER), address=chat_at(BOT + 1, OTHER))),
        rows=(ours, theirs, row(7, None, "Ecco.")),
        events=(event(8), event(9, bot_id=BOT + 1)),
        stopped=frozenset({3}),
    )
    place.adoptions.append(found)
    await place.scheduler.adopt()
    await place.runs()
    assert (place.resumed, place.begun, place.stopped) == ([8, 5], [(1, False)], [3])
    assert place.telemetry.count("turn adopted") == 2


@pytest.mark.parametrize(("alone", "grace"), [(True, 0.0), (False, GRACE_SECONDS)])
async def test_what_may_be_on_its_way_from_another_machine_is_left_alone_for_a_while(
    place: Place, alone: bool, grace: float
) -> None:
    place.lease.alone = alone
    await place.scheduler.adopt()
    assert place.done[0].grace == grace


async def test_who_joins_goes_on_with_what_waits(place: Place) -> None:
    due = place.clock.now() + 2
    place.adoptions.append(replace(NOTHING, turns=(turn(1),), due={OTHER: due}))
    place.claims.append(turn(2, OTHER))
    await place.scheduler.join(BOT)
    await place.runs(2)
    assert place.begun == [(1, False), (2, False)]
    assert place.done[0].returned == (BOT,)


async def test_a_chat_that_is_long_past_its_time_is_armed_unless_it_is(place: Place) -> None:
    past = place.clock.now() - OVERLOOKED_SECONDS
    place.scheduler.arm(3, place.clock.now() + 1)
    place.adoptions.append(replace(NOTHING, due={1: past - 1, 2: past, 3: past - 1}))
    await place.scheduler.adopt()
    await place.runs(0.5)
    assert [one.chat for one in place.done if isinstance(one, Claim)] == [1]
    await place.runs(1)
    assert [one.chat for one in place.done if isinstance(one, Claim)] == [1, 3]


async def test_where_nobody_is_at_work_twice_it_is_begun_anew_at_once(place: Place) -> None:
    place.at_work.add(3)
    await place.begins(turn(1, 4))
    own = [{Own(chat, "turns", chat) for chat in chats} for chats in ((1, 3, 4), (1, 2, 3, 4))]
    place.adoptions += [replace(NOTHING, own=frozenset(one)) for one in own]
    await place.scheduler.adopt()
    await place.runs(0.5)
    assert (place.anew(), place.telemetry.warnings) == ([], [])
    await place.scheduler.adopt()
    await place.runs(0)
    assert place.anew() == [1]
    assert place.telemetry.warnings == [("chat overlooked", {"chat": 1})]


async def test_where_much_happens_what_is_new_each_time_is_not_overlooked(place: Place) -> None:
    own = [Own(1, "outbox", 7)], [Own(1, "outbox", 8)], [Own(1, "turns", 8)]
    place.adoptions += [replace(NOTHING, own=frozenset(one)) for one in own]
    for _ in own:
        await place.scheduler.adopt()
    await place.runs(0)
    assert (place.anew(), place.telemetry.warnings) == ([], [])


async def test_a_sweep_that_fails_is_followed_by_the_next(place: Place) -> None:
    place.adoptions.append(Unreachable())
    sweeping = asyncio.ensure_future(place.scheduler.sweep())
    await place.runs(9)
    assert not place.done
    await place.runs(12)
    assert len(place.done) == 2
    assert place.telemetry.warnings == [("sweep failed", {"error": "Unreachable"})]
    sweeping.cancel()
    await asyncio.wait({sweeping})


# ------------------------------------------------------------------- who leaves, and who is closed


async def test_a_bot_that_left_begins_nothing(place: Place) -> None:
    place.scheduler.arm(CHAT, place.clock.now() + 1)
    place.scheduler.leave(BOT, [CHAT])
    await place.runs(2)
    assert not place.done
    await place.begins(turn(1))
    assert not place.begun


async def test_a_bots_turns_are_ended_and_no_others(place: Place) -> None:
    place.scheduler._bots.add(BOT + 1)
    other = replace(turn(2, OTHER), address=chat_at(BOT + 1, OTHER))
    await place.begins(turn(1), other)
    await place.scheduler.interrupt(BOT)
    assert place.ended == [1]


async def test_a_company_that_is_closed_speaks_no_more_until_it_is_reopened(place: Place) -> None:
    place.scheduler._bots.add(BOT + 1)
    await place.begins(turn(1), turn(2, OTHER, tenant=8))
    await place.scheduler.close(TURN.tenant)
    assert (place.ended, place.silenced) == ([1], [{CHAT}])
    await place.begins(turn(3, 5))
    assert (place.quiet, len(place.begun)) == ([5], 2)
    place.scheduler.reopen(TURN.tenant)
    await place.runs(1)
    assert sorted(place.anew()) == [CHAT, 5]


async def test_who_stops_arms_nothing_and_begins_nothing_anew(place: Place) -> None:
    place.scheduler.arm(CHAT, place.clock.now() + 1)
    place.scheduler._begin_anew_soon(OTHER)
    place.scheduler.stop()
    place.scheduler.arm(CHAT, place.clock.now() + 1)
    place.scheduler._begin_anew_soon(CHAT)
    await place.runs(60)
    assert not place.done
