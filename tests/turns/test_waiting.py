"""The waiting message by itself: when it is said, and when it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import pytest

from bot.ports import Timer
from bot.turns.lanes import Lanes
from bot.turns.speech import PREVIEW_MARK
from bot.turns.tasks import Tasks
from bot.turns.waiting import Waiting
from db.engine import Database
from db.errors import Stale
from db.journal import Journal
from db.operations import Wait
from db.records import (
    TELEGRAM,
    Address,
    Draft,
    Fence,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Purpose,
    Turn,
)
from db.transaction import Operation
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import NOON, FakeClock, rounds
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.records import TURN

R = TypeVar("R")
WORDS, SECONDS = "Un attimo…", 7.0
WAITING = OutboxKind.WAITING
ROW = OutboxRow(5, TURN.chat, TURN.fence.turn, WAITING, 0, WORDS, None, None, OutboxState.QUEUED)


@dataclass(slots=True)
class Tables(Journal):
    """Takes what is written, and says what became of it."""

    rows: tuple[OutboxRow, ...] = (ROW,)
    refusal: Exception | None = None
    done: list[Operation[Any]] = field(default_factory=list)

    async def do(self, operation: Operation[R]) -> R:
        self.done.append(operation)
        if self.refusal:
            raise self.refusal
        return cast(R, self.rows)


@dataclass(slots=True)
class Speaking:
    """The only lane, where it is that turn's, and has said that much."""

    fence: Fence = TURN.fence
    has_words: bool = False
    owner: str = "worker-1"
    added: list[tuple[Sequence[OutboxRow], Mapping[int, Address]]] = field(default_factory=list)
    troubles: list[tuple[int, Exception]] = field(default_factory=list)
    is_there: bool = True

    @property
    def delivery(self) -> "Speaking":
        return self

    def find(self, chat: int) -> "Speaking | None":
        return self if self.is_there and chat == TURN.chat else None

    def add(self, rows: Sequence[OutboxRow], addresses: Mapping[int, Address]) -> None:
        self.added.append((rows, addresses))

    def broken(self, chat: int, error: Exception) -> None:
        self.troubles.append((chat, error))


@dataclass(slots=True)
class Place:
    """What says it, and what is around it."""

    clock: FakeClock = field(default_factory=FakeClock)
    tables: Tables = field(default_factory=lambda: Tables(cast(Database, None)))
    lane: Speaking = field(default_factory=Speaking)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    said: list[float] = field(default_factory=list)

    def arms(self, turn: Turn = TURN) -> Timer:
        channels, lanes = {TELEGRAM: FakeChannel()}, cast(Lanes, self.lane)
        waiting = Waiting(self.tables, channels, lanes, self.clock, Tasks(self.telemetry))
        return waiting.arm(turn, WORDS, seconds=SECONDS, said=self.hears)

    def hears(self) -> None:
        self.said.append(self.clock.boottime())

    async def waits(self, seconds: float = SECONDS) -> None:
        self.clock.jump(self.clock.boottime() + seconds)
        await rounds()


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.mark.parametrize(("purpose", "mark"), [("client", ""), ("preview", PREVIEW_MARK)])
async def test_it_is_said_where_the_turn_has_said_nothing_in_that_time(
    place: Place, purpose: str, mark: str
) -> None:
    place.arms(replace(TURN, purpose=Purpose(purpose)))
    await place.waits(SECONDS - 0.1)
    assert place.tables.done == []
    await place.waits(0.1)
    drafts = (Draft(WAITING, 0, mark + WORDS),)
    assert place.tables.done == [
        Wait(TURN.fence, TURN.chat, "worker-1", NOON + SECONDS, drafts),
    ]
    assert place.said == [NOON + SECONDS]
    assert place.lane.added == [((ROW,), {TURN.chat: TURN.address})]


@pytest.mark.parametrize(
    "lane",
    [
        Speaking(is_there=False),
        Speaking(fence=Fence(TURN.fence.turn, TURN.fence.epoch + 1)),
        Speaking(has_words=True),
    ],
)
async def test_it_is_not_said_where_another_turn_speaks_or_none_or_it_has_begun(
    place: Place, lane: Speaking
) -> None:
    place.lane = lane
    place.arms()
    await place.waits()
    assert (place.tables.done, place.said) == ([], [])


async def test_nobody_says_it_for_a_turn_that_is_over(place: Place) -> None:
    place.arms().cancel()
    await place.waits()
    assert place.tables.done == []


async def test_where_the_tables_know_better_it_was_not_said(place: Place) -> None:
    place.tables.rows = ()
    place.arms()
    await place.waits()
    assert place.said == []
    assert [rows for rows, _ in place.lane.added if rows] == []


async def test_a_turn_that_another_has_taken_over_says_it_itself(place: Place) -> None:
    place.tables.refusal = Stale("turn")
    place.arms()
    await place.waits()
    assert (place.said, place.lane.troubles, place.telemetry.warnings) == ([], [], [])


async def test_where_it_may_be_written_down_all_the_same_the_chat_is_begun_anew(
    place: Place,
) -> None:
    error = place.tables.refusal = OSError("lost")
    place.arms()
    await place.waits()
    assert (place.said, place.lane.troubles) == ([], [(TURN.chat, error)])
    told = [("task failed", {"error": "OSError", "exc_info": error})]
    assert place.telemetry.warnings == told
