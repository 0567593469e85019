"""The lanes of a process: each runs while it has something to do, and ends as it is told to."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.errors import LeaseLost
from bot.ports import Outgoing
from bot.turns.lanes import Lanes
from bot.turns.tasks import Tasks
from db.records import OutboxRow, OutboxState
from tenants.profile import Pace
from tests.addresses import chat_at
from tests.fakes.channel import BOT
from tests.fakes.clock import rounds
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.lane import Place, place
from tests.turns.records import CHAT, FIRST, bubble, row

__all__ = ["place"]  # a fixture

HERE = chat_at(BOT, CHAT)


@dataclass(slots=True)
class Around:
    """The lanes, and what they are told to begin anew."""

    place: Place
    broken: list[tuple[int, Exception]] = field(default_factory=list)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    lanes: Lanes = field(init=False)
    arrives: asyncio.Event = field(default_factory=asyncio.Event)  # what is in flight

    def __post_init__(self) -> None:
        tasks = Tasks(self.telemetry)
        delivery = self.place.lane.delivery
        self.lanes = Lanes(delivery, tasks, lambda chat, error: self.broken.append((chat, error)))

    def holds_up(self) -> None:
        """What is sent does not arrive yet."""

        async def send(message: Outgoing) -> str:
            await self.arrives.wait()
            return self.place.channel.deliver(message)

        self.place.channel.answer = send

    @property
    def texts(self) -> list[str]:
        return self.place.channel.texts()

    def settled(self) -> list[tuple[int, OutboxState]]:
        return self.place.tables.settled()

    def rests(self) -> bool:
        """Whether no lane is kept."""
        return self.lanes.find(CHAT) is None


@pytest.fixture
def around(place: Place) -> Around:
    return Around(place)


def elsewhere(number: int, text: str) -> OutboxRow:
    return replace(row(number, None, text), address=chat_at(BOT + 1, CHAT), chat=CHAT + 1)


async def test_what_is_stored_is_sent_and_then_the_lane_is_let_go(around: Around) -> None:
    around.lanes.add([row(1, None, "Uno.")], {CHAT: HERE})
    assert not around.rests()
    await rounds()
    assert (around.texts, around.rests()) == (["Uno."], True)


async def test_a_turns_lane_is_kept_until_the_turn_is_over(around: Around) -> None:
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.OFF)
    around.lanes.say(lane, [bubble("Uno.")])
    await rounds()
    assert (around.texts, around.broken, around.lanes.find(CHAT)) == (["Uno."], [], lane)
    around.lanes.release(lane)
    assert around.rests()
    assert lane.fence is None


async def test_what_was_said_as_the_turn_ended_is_sent_once_it_is_written_down(
    around: Around,
) -> None:
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.OFF)
    lane.say([bubble("Uno.")])
    await around.lanes.record(lane)
    assert len(around.place.tables.posts) == 1
    await rounds()
    assert around.texts == ["Uno."]


async def test_a_lane_that_breaks_is_begun_anew_and_told(around: Around) -> None:
    error = ZeroDivisionError()
    around.place.tables.refusals.append(error)
    around.lanes.add([row(1, None, "Uno.")], {CHAT: HERE})
    await rounds()
    assert around.broken == [(CHAT, error)]
    assert around.telemetry.count("task failed") == 1


async def test_when_the_process_ends_what_is_in_flight_arrives_and_the_rest_stays(
    around: Around,
) -> None:
    around.holds_up()
    around.lanes.add([row(1, None, "Uno."), row(2, None, "Due.")], {CHAT: HERE})
    await rounds()
    stopping = asyncio.ensure_future(around.lanes.stop())
    await rounds()
    assert not stopping.done()
    around.arrives.set()
    await stopping
    around.lanes.add([row(3, None, "Tre.")], {CHAT: HERE})
    around.lanes.add([elsewhere(4, "Altrove.")])
    await rounds()
    assert around.texts == ["Uno."]
    assert around.settled() == [(1, OutboxState.SENT)]


async def test_who_rests_is_not_waited_for_when_the_process_ends(around: Around) -> None:
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.HUMAN)
    rows = [row(1, FIRST.turn, "Uno."), row(2, FIRST.turn, "Due, che è più lungo.")]
    around.lanes.add(rows, {CHAT: HERE})
    await rounds()
    await around.lanes.stop()
    assert around.texts == ["Uno."]
    assert not around.broken
    assert not lane.has_unrecorded
    assert lane.pump is None


async def test_a_bot_that_leaves_sends_for_a_while_and_another_goes_on(around: Around) -> None:
    around.lanes.add([row(1, None, "Uno."), row(2, None, "Due.")], {CHAT: HERE})
    around.lanes.add([elsewhere(9, "Altrove.")])
    around.holds_up()
    leaving = asyncio.ensure_future(around.lanes.leave(BOT, patience=60))
    await rounds()
    around.arrives.set()
    await leaving
    assert sorted(around.texts) == ["Altrove.", "Due.", "Uno."]
    around.arrives.clear()
    around.lanes.add([row(3, None, "Tre."), row(4, None, "Quattro.")], {CHAT: HERE})
    leaving = asyncio.ensure_future(around.lanes.leave(BOT, patience=0))
    await rounds()
    around.arrives.set()
    await leaving
    assert around.settled()[3:] == [(3, OutboxState.SENT)]


async def test_a_bot_that_left_is_let_go_until_it_is_back(around: Around) -> None:
    around.holds_up()
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.OFF)
    lane.say([bubble("Uno.")])
    waiting = asyncio.ensure_future(lane.settled())
    await rounds()
    around.lanes.add([elsewhere(2, "Altrove.")])
    around.lanes.forget(BOT)
    with pytest.raises(LeaseLost):
        await waiting
    assert around.rests()
    assert around.lanes.find(CHAT + 1) is not None
    around.lanes.add([row(3, None, "Tre.")], {CHAT: HERE})
    assert around.rests()
    around.lanes.join(BOT)
    around.lanes.add([row(3, None, "Tre.")], {CHAT: HERE})
    assert not around.rests()
    around.arrives.set()
    await rounds()
    assert sorted(around.texts) == ["Altrove.", "Tre."]


@pytest.mark.parametrize("more", [False, True])
async def test_a_turn_that_was_ended_says_nothing_more_and_others_do(
    around: Around, *, more: bool
) -> None:
    around.holds_up()
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.OFF)
    around.lanes.add([row(1, FIRST.turn, "Uno."), row(2, FIRST.turn, "Due.")], {CHAT: HERE})
    await rounds()
    silencing = asyncio.ensure_future(around.lanes.silence([CHAT, 99]))
    await rounds()
    assert not silencing.done()
    if more:
        around.lanes.add([row(3, None, "Eccomi.")], {CHAT: HERE})
    around.arrives.set()
    await silencing
    await rounds()
    assert around.texts == ["Uno.", *(["Eccomi."] if more else [])]
    assert around.settled()[0] == (1, OutboxState.SENT)
    around.lanes.add([row(4, None, "Poi.")], {CHAT: HERE})
    await rounds()
    assert around.texts[-1] == "Poi."
    lane.end()
    around.lanes.release(lane)
    assert around.rests()


async def test_what_is_left_of_an_ended_turn_keeps_no_lane(around: Around) -> None:
    around.holds_up()
    around.lanes.add([row(1, FIRST.turn, "Uno."), row(2, FIRST.turn, "Due.")], {CHAT: HERE})
    await rounds()
    silencing = asyncio.ensure_future(around.lanes.silence([CHAT]))
    await rounds()
    around.arrives.set()
    await silencing
    assert (around.texts, around.rests()) == (["Uno."], True)


async def test_who_goes_on_types_a_moment_after_the_bubble_that_is_on_its_way(
    around: Around,
) -> None:
    around.holds_up()
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.OFF)
    around.lanes.say(lane, [bubble("Un attimo.")])
    await rounds()
    lane.all_said()
    around.lanes.expect(lane)
    await rounds()
    assert around.place.channel.typed == []
    around.arrives.set()
    await rounds()
    around.place.clock.jump(around.place.clock.time + 1)
    await rounds()
    assert around.place.channel.typed == [HERE]


async def test_who_goes_on_types_at_once_where_nothing_is_on_its_way(around: Around) -> None:
    lane = around.lanes.open(CHAT, HERE)
    lane.begin(FIRST, pace=Pace.OFF)
    around.lanes.expect(lane)
    await rounds()
    assert around.place.channel.typed == [HERE]
