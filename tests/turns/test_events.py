"""What needs no turn: in order in each chat, once, and whatever fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.turns.events import HANDLER, STORE, Events
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from bot.turns.tasks import Tasks
from db.connection import Unreachable
from db.journal import Journal
from db.operations import Handle
from db.operations.handle import Handled
from db.records import Event, OutboxRow
from db.window import Window
from tests.fakes.channel import BOT
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.records import CHAT, event, row

OTHER = BOT + 1


@dataclass(slots=True)
class Place:
    """Events, and what is around them; the handler does what a test says, by the row."""

    handled: list[tuple[int, str | None]] = field(default_factory=list)  # rows, and causes
    results: dict[int, Handled] = field(default_factory=dict)
    refusals: list[Exception] = field(default_factory=list)  # of the next commits
    acts: dict[int, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    tried: list[int] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    armed: list[tuple[int, float]] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    sent: list[tuple[int, ...]] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    delivery: Any = field(default_factory=lambda: SimpleNamespace(owner="me"))
    events: Events = field(init=False)

    def __post_init__(self) -> None:
        self.events = Events(
            cast(Journal, self),
            cast(Lanes, self),
            self.clock,
            Tasks(self.telemetry),
            self.telemetry,
            cast(Hosts, self),
            lambda chat, due: self.armed.append((chat, due)),
            self.stopped.append,
            self.handler,
            Window(quiet=1.0, cap=5.0),
        )

    async def handler(self, one: Event) -> None:
        self.tried.append(one.row)
        if act := self.acts.get(one.row):
            await act()
        await self.events.handle(one)

    async def do(self, operation: Handle) -> Handled:
        if self.refusals:
            raise self.refusals.pop(0)
        self.handled.append((operation.event.row, operation.cause))
        return self.results.get(operation.event.row, Handled(fresh=True))

    def add(self, rows: tuple[OutboxRow, ...], addresses: dict[int, object]) -> None:
        self.sent += [(*addresses, one.row) for one in rows]

    async def tell(self, text: object, bot_id: int, *, key: str) -> None:
        self.told.append(key)

    async def runs(self, seconds: float = 0.0) -> None:
        await self.clock.runs(seconds)


@pytest.fixture
def place() -> Place:
    return Place()


async def hangs() -> None:
    await asyncio.Event().wait()


async def breaks() -> None:
    raise ValueError("broken")


async def is_away() -> None:
    raise Unreachable


async def test_in_a_chat_each_waits_for_the_one_before_and_in_others_none_does(
    place: Place,
) -> None:
    go_on = asyncio.Event()
    place.acts[1] = go_on.wait
    for one in (event(1), event(2), event(3, chat=2), event(4, None), event(2), event(5)):
        place.events.put(one)
    await place.runs()
    assert place.tried == [1, 3, 4]
    go_on.set()
    await place.runs()
    assert place.tried == [1, 3, 4, 2, 5]
    place.events.put(event(1))  # as another process left it
    await place.runs()
    assert place.tried[5:] == [1]
    assert not place.telemetry.warnings


async def test_what_comes_of_one_goes_out_and_arms_and_stops(place: Place) -> None:
    place.results[1] = Handled(True, (row(9, None, "Ecco."),), due=7.0, stopped=(3, 4))
    place.results[2] = Handled(True, stopped=(5,))
    for one in (event(1), event(2, None)):
        place.events.put(one)
    await place.runs()
    assert (place.sent, place.armed, place.stopped) == ([(CHAT, 9)], [(CHAT, 7.0)], [3, 4, 5])
    assert not place.told


async def test_it_is_done_once_however_often_its_handler_does_it(place: Place) -> None:
    found: list[bool] = []

    async def twice() -> None:
        found.extend([await place.events.handle(event(1)) for _ in range(2)])

    place.acts[1] = twice
    place.events.put(event(1))
    await place.runs()
    assert (found, place.handled) == ([True, False], [(1, None)])
    assert await place.events.handle(event(1))  # from now on the tables know
    assert len(place.handled) == 2


async def test_what_is_handled_beside_the_one_in_front_is_not_taken_for_it(place: Place) -> None:
    async def another() -> None:
        await place.events.handle(event(7))

    place.acts[1] = another
    place.events.put(event(1))
    await place.runs()
    assert place.handled == [(7, None), (1, None)]
    assert not place.events._done


@pytest.mark.parametrize(
    ("breaking", "retry", "cause"),
    [(breaks, HANDLER, "ValueError"), (is_away, STORE, "Unreachable")],
)
async def test_what_fails_is_tried_again_and_then_kept_as_failed_and_told(
    place: Place, breaking: Callable[[], Awaitable[object]], retry: Any, cause: str
) -> None:
    place.acts[1] = breaking
    for one in (event(1), event(2)):
        place.events.put(one)
    tries = retry.attempts + 1
    for attempt in range(retry.attempts):
        await place.runs()
        assert place.tried == [1] * (attempt + 1)
        await place.runs(retry.delay(attempt))
    assert place.tried == [*[1] * tries, 2]
    assert place.handled == [(1, cause), (2, None)]
    assert len(place.told) == 1
    assert place.telemetry.count("event failed") == tries


async def test_one_that_cannot_be_kept_as_failed_holds_up_its_chat_and_no_other(
    place: Place,
) -> None:
    place.acts[1] = breaks
    for one in (event(1), event(2)):
        place.events.put(one)
    await rounds()
    place.refusals += [Unreachable(), Unreachable()]
    await place.runs(HANDLER.delay(0) or 0)
    await place.runs(HANDLER.delay(1) or 0)
    assert place.handled == []
    await place.runs(2 * STORE.ceiling_seconds - 1)
    assert place.handled == []
    await place.runs(1)
    assert place.handled == [(1, "ValueError"), (2, None)]


async def test_a_failure_that_was_told_before_is_not_told_again(place: Place) -> None:
    place.results[1] = Handled(fresh=False)
    assert await place.events.handle(event(1), cause="ValueError") is False
    assert place.handled == [(1, "ValueError")]
    assert not place.told


async def test_a_bot_that_leaves_finishes_what_it_can_and_the_rest_is_ended(place: Place) -> None:
    go_on = asyncio.Event()
    place.acts |= {1: go_on.wait, 3: hangs, 4: hangs}
    for one in (event(1), event(2), event(4, bot_id=OTHER)):
        place.events.put(one)
    await place.runs()
    go_on.set()
    await place.events.leave(BOT, patience=60)
    assert place.handled == [(1, None), (2, None)]
    place.events.put(event(3, chat=2))
    await place.runs()
    await place.events.leave(BOT, patience=0)
    assert [*place.events._drains] == [(OTHER, CHAT)]
    place.acts.clear()
    place.events.put(event(3, chat=2))  # it is back
    await place.runs()
    assert place.handled[2:] == [(3, None)]
    await place.events.leave(OTHER, patience=0)
    assert not place.events._queues


async def test_nothing_is_waited_for_where_nothing_is_under_way(place: Place) -> None:
    await place.events.leave(BOT, patience=60)
