"""What was said before a turn, by itself: what is being answered elsewhere is answered first."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import Any, cast

import pytest

from bot.ports import Line, Speaker
from bot.turns.brief import Briefing
from bot.turns.history import ELSEWHERE_LOOK_SECONDS, ELSEWHERE_SECONDS, history_of
from db.engine import Database
from db.onward import is_being_answered
from db.records import Turn
from tests.fakes.clock import NOON, FakeClock
from tests.turns.records import TURN

RESUMED = replace(TURN, resumed=True)
SPOKEN = object()
LINE = Line(Speaker.CLIENT, "Buongiorno")
MOST_ROUNDS = 2_000  # of the loop


@dataclass(slots=True)
class Around:
    """The tables, and who makes lines of what they hold."""

    answered_elsewhere: Iterator[bool]  # what each look finds
    looked_up: list[dict[str, Any]] = field(default_factory=list)  # of what was said
    looks: int = 0

    async def read(self, work: Any, **which: Any) -> Any:
        await asyncio.sleep(0)
        if work is is_being_answered:
            assert which == {"thread": TURN.thread}
            self.looks += 1
            return next(self.answered_elsewhere)
        self.looked_up.append(which)
        return SPOKEN

    def recall(self, turn: Turn, spoken: object) -> Sequence[Line]:
        assert spoken is SPOKEN
        return [LINE]


@pytest.mark.parametrize(
    ("turn", "elsewhere", "seconds", "looks"),
    [
        (TURN, repeat(True), 0, 0),
        (RESUMED, iter([False]), 0, 1),
        (RESUMED, iter([True, True, False]), 2 * ELSEWHERE_LOOK_SECONDS, 3),
        (RESUMED, chain(repeat(True, 120), [False]), ELSEWHERE_SECONDS, 121),
        (RESUMED, repeat(True), ELSEWHERE_SECONDS, 121),
    ],
)
async def test_what_is_being_answered_in_another_chat_is_waited_for_but_not_for_ever(
    turn: Turn, elsewhere: Iterator[bool], seconds: float, looks: int
) -> None:
    clock, around = FakeClock(), Around(elsewhere)
    history = history_of(cast(Database, around), cast(Briefing, around), clock)
    lines = asyncio.ensure_future(history(turn, 10))
    rounds = 0
    while not lines.done() and (rounds := rounds + 1) < MOST_ROUNDS:
        clock.jump(clock.next_due() or clock.time)
        await asyncio.sleep(0)
    assert lines.result() == [LINE]
    assert (clock.boottime() - NOON, around.looks) == (seconds, looks)
    said = {"thread": TURN.thread, "before_turn": TURN.fence.turn, "limit": 10}
    assert around.looked_up == [said]
