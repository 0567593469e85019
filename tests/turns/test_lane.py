"""A lane by itself, over tables that refuse nothing: what it sends, when, and what it drops."""

from dataclasses import replace

import pytest

from bot.errors import ChatGone
from bot.ports import Outgoing
from db.errors import Stale
from db.records import Fence, OutboxKind, OutboxRow, OutboxState
from tenants.profile import Pace
from tests.fakes.clock import NOON
from tests.turns.lane import Place, place
from tests.turns.records import CHAT, FIRST, KEYS, SECOND, bubble, doubted, row

__all__ = ["place"]  # a fixture


def resting(number: int, *, kind: OutboxKind = OutboxKind.REPLY) -> OutboxRow:
    return replace(row(number, FIRST.turn, "Dopo.", kind=kind), not_before=NOON + 60)


# --------------------------------------------------------------------------- typing


@pytest.mark.parametrize("waits", ["drafted", "stored", "nothing"])
async def test_once_all_is_said_it_types_for_what_waits_alone(place: Place, waits: str) -> None:
    lane = place.lane
    lane.begin(FIRST, pace=Pace.OFF)
    lane.delivery.typing.start(CHAT, lane.address)
    if waits == "drafted":
        lane.say([bubble("Uno.")])
    if waits == "stored":
        lane.add([resting(1)])
    lane.all_said()
    assert await place.types() is (waits != "nothing")


@pytest.mark.parametrize(("kind", "typed"), [(OutboxKind.REPLY, True), (OutboxKind.COMMAND, False)])
async def test_nobody_types_before_what_no_model_says(
    place: Place, kind: OutboxKind, *, typed: bool
) -> None:
    place.lane.add([resting(1, kind=kind)])
    await place.runs()
    assert await place.types() is typed


async def test_where_a_commit_sends_there_is_a_pause_behind_each_bubble_too(place: Place) -> None:
    place.channel.logged = True
    place.lane.begin(FIRST, pace=Pace.HUMAN)
    place.lane.add([row(1, FIRST.turn, "Uno."), row(2, FIRST.turn, "Due, che è più lungo.")])
    await place.runs(0.1)
    at_once = [post.intend for post in place.tables.posts]
    await place.runs(30)
    assert at_once == [1]
    assert [post.intend for post in place.tables.posts] == [1, 2]


# ---------------------------------------------------------------- what is written down


async def test_keys_that_are_shown_are_written_down_as_shown(place: Place) -> None:
    place.lane.add([KEYS])
    await place.runs()
    assert place.channel.edited == [("9", "[]")]
    assert place.tables.settled() == [(1, OutboxState.SENT)]


async def test_what_a_doubt_turned_out_to_be_is_written_down_before_it_stands_aside_no_more(
    place: Place,
) -> None:
    place.lane.add([doubted(1, None)])
    await place.runs()
    assert place.doubts.written_by_then == {1: [(1, OutboxState.FAILED)]}


# ------------------------------------------------------------------------- the end


async def test_what_the_client_stopped_is_stopped_for_whoever_speaks(place: Place) -> None:
    place.lane.begin(FIRST, pace=Pace.OFF)
    place.lane.hush()
    assert place.lane.stopped


async def test_that_the_client_stopped_it_is_learned_from_the_tables(place: Place) -> None:
    place.lane.begin(FIRST, pace=Pace.OFF)
    place.lane.say([bubble("Uno.")])
    place.tables.stopped = True
    await place.lane.record()
    assert place.lane.stopped


async def test_in_a_chat_that_is_gone_nothing_more_is_tried_and_the_turn_hears_of_it(
    place: Place,
) -> None:
    place.lane.begin(FIRST, pace=Pace.OFF)
    place.lane.add([row(1, FIRST.turn, "Uno."), row(2, FIRST.turn, "Due.")])
    place.channel.refusals.append(ChatGone("blocked"))
    await place.runs()
    assert place.channel.sent == []
    with pytest.raises(ChatGone):
        await place.lane.settled()
    with pytest.raises(ChatGone):
        place.lane.say([bubble("Tre.")])


@pytest.mark.parametrize("next_turn", [SECOND, None])
async def test_of_a_turn_that_is_lost_while_another_begins_only_its_own_words_are_dropped(
    place: Place, next_turn: Fence | None
) -> None:
    lane = place.lane
    lane.begin(FIRST, pace=Pace.OFF)
    lane.add([row(1, FIRST.turn, "Uno."), row(2, None, "Ecco."), row(3, SECOND.turn, "Due.")])
    lane.say([bubble("Perso.")])

    def another_begins() -> None:
        place.tables.meanwhile = lambda: None
        lane.end()
        if next_turn:
            lane.begin(next_turn, pace=Pace.OFF)

    place.tables.meanwhile = another_begins
    place.tables.refusals.append(Stale("lost"))
    await place.runs()
    assert place.channel.texts() == (["Ecco.", "Due."] if next_turn else ["Ecco."])


async def test_of_a_turn_that_is_ended_its_doubts_are_let_go_and_those_of_events_are_not(
    place: Place,
) -> None:
    lane = place.lane
    lane.begin(FIRST, pace=Pace.OFF)
    lane.add([doubted(1, FIRST.turn), doubted(2, None), row(3, None, "Ecco."), resting(4)])
    lane.silence()
    assert place.doubts.freed == [1]
    await place.runs()
    assert place.channel.texts() == ["Ecco."]


@pytest.mark.parametrize("turn", [None, FIRST.turn])
async def test_keys_of_events_and_of_earlier_turns_are_shown_though_a_turn_was_ended(
    place: Place, turn: int | None
) -> None:
    place.lane.begin(SECOND, pace=Pace.OFF)
    place.lane.add([replace(KEYS, turn=turn)])
    place.lane.silence()
    await place.runs()
    assert place.channel.edited == [("9", "[]")]


async def test_what_was_being_sent_as_it_broke_is_taken_from_the_tables_anew(place: Place) -> None:
    first = row(1, None, "Uno.")

    async def breaks(_: Outgoing) -> str:
        raise RuntimeError("nobody foresaw it")

    place.channel.answer = breaks
    place.lane.add([first])
    with pytest.raises(RuntimeError):
        await place.runs()
    assert not place.lane.has_work
    place.lane.add([replace(first, state=OutboxState.DOUBT)])
    assert place.lane.has_work


async def test_what_was_said_and_not_written_down_is_lost_with_its_turn(place: Place) -> None:
    place.lane.begin(FIRST, pace=Pace.OFF)
    place.lane.say([bubble("Uno.")])
    place.lane.silence()
    assert not place.lane.has_work
