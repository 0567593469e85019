"""Whatever is committed, by whom, and whenever it is looked: who waits is told all that is said."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.web.events import Following
from bot.web.streams import Streams
from db.entries import Glance
from db.log import EntryKind, LogEntry
from db.operations import Complete, Post, Posted
from db.records import Fence, TurnState
from db.transaction import Operation
from tests.scenarios.clock import HastyClock
from tests.web.test_handed import HERE, ROW, Follower, Pause

MINE, OTHER = 7, 8  # turns
SAYS = Post(ROW, "me", 0.0, logged=True)
ENDS = Complete(Fence(MINE, 1), ROW, 1, "me", TurnState.DONE, 0.0, ("", ""))


class Step(Enum):
    """What comes next."""

    BEGINS = auto()  # the turn
    SAID = auto()  # committed here, and not told of yet
    KEYS = auto()
    OTHERS = auto()  # in another turn
    BOTH = auto()  # said, and the turn is over, in one commit
    ENDS = auto()
    ELSEWHERE = auto()  # said, by another process
    ENDS_ELSEWHERE = auto()
    TYPES = auto()
    TOLD = auto()  # of the oldest commit of which it was not
    LOOK = auto()  # for what others commit
    GO = auto()  # who waits goes on
    REST = auto()


ELSEWHERE = (Step.ELSEWHERE, Step.ENDS_ELSEWHERE)  # what is found by a look alone
HERE_ALONE = [one for one in Step if one not in ELSEWHERE]


@dataclass(slots=True)
class Answer:
    """A database in which one message is answered; all of a read is of one moment."""

    entries: list[LogEntry] = field(default_factory=lambda: [LogEntry(1, EntryKind.HEARD, 0.0)])
    turn: int | None = None
    over: bool = False
    reads: int = 0

    @property
    def said(self) -> list[int]:
        of_it = (one for one in self.entries if one.turn == MINE and one.kind is EntryKind.SAID)
        return [one.seq for one in of_it]

    async def read(self, *_: Any) -> Glance:
        self.reads += 1
        await Pause()
        said = tuple(one for one in self.entries if one.seq in self.said)
        turn = None if self.over else self.turn
        found = Glance(ROW, len(self.entries), said, self.over, turn)
        await Pause()
        return found

    def add(self, turn: int = MINE, kind: EntryKind = EntryKind.SAID) -> LogEntry:
        self.entries.append(LogEntry(len(self.entries) + 1, kind, 0.0, turn=turn))
        return self.entries[-1]


@dataclass(slots=True)
class Waiting(Follower):
    """For the whole answer."""

    seen: Glance | None = None
    told: list[list[int]] = field(default_factory=list)

    def looks(self) -> Coroutine[Any, Any, Glance | None]:
        return self.following._glance(self.listener, "m1", self.seen)

    def takes(self, found: Glance) -> bool:
        self.seen = found
        self.told.append([one.seq for one in found.said])
        return True

    def goes(self) -> bool:
        return not (self.seen and self.seen.whole) and Follower.goes(self)


@dataclass(slots=True)
class World:
    """An answer, who waits for it, and what this process committed without having told it."""

    answer: Answer
    streams: Streams
    one: Waiting
    untold: list[tuple[Sequence[Operation[Any]], Sequence[Any]]] = field(default_factory=list)
    is_elsewhere: bool = False

    def does(self, step: Step) -> None:
        answer = self.answer
        match step:
            case Step.GO:
                self.one.goes()
            case Step.REST:
                self.one.rests()
            case Step.TYPES:
                self.streams.type(HERE)
            case Step.TOLD:
                for batch in self.untold[:1]:
                    self.streams.note(*batch)
                del self.untold[:1]
            case Step.LOOK:
                self.looks()
            case Step.OTHERS:
                self.commits(answer.add(OTHER))
            case Step.BEGINS:
                answer.turn = MINE
            case _ if answer.turn and not answer.over:
                self.is_answered(step)

    def is_answered(self, step: Step) -> None:
        answer = self.answer
        match step:
            case Step.SAID:
                self.commits(answer.add())
            case Step.KEYS:
                self.commits(answer.add(kind=EntryKind.KEYS))
            case Step.BOTH | Step.ENDS:
                said = [answer.add()] if step is Step.BOTH else []
                answer.over = True
                self.commits(*said, over=True)
            case Step.ELSEWHERE | Step.ENDS_ELSEWHERE:
                self.is_elsewhere = True
                answer.over = step is Step.ENDS_ELSEWHERE
                if not answer.over:
                    answer.add()

    def commits(self, *said: LogEntry, over: bool = False) -> None:
        done: list[tuple[Any, Any]] = [(SAYS, Posted((), sending=True, logged=said))]
        if over:
            done.append((ENDS, None))
        self.untold.append(([one for one, _ in done], [result for _, result in done]))

    def looks(self) -> None:
        listener = self.one.listener
        if self.is_elsewhere or len(self.answer.entries) > listener.seq:
            listener.wake()

    def settles(self) -> None:
        self.does(Step.BEGINS)
        self.does(Step.ENDS)
        while self.untold:
            self.does(Step.TOLD)
        self.looks()
        self.one.rests()


def told_of(steps: Sequence[Step]) -> tuple[Answer, Waiting]:
    """What becomes of it; who waits has looked once before."""

    async def run() -> tuple[Answer, Waiting]:
        answer, clock = Answer(), HastyClock()
        streams = Streams(clock)
        async with streams.listening(HERE) as listener:
            listener.till_answered = True
            following = Following(cast("Any", answer), streams, clock)
            world = World(answer, streams, Waiting(listener, following))
            for step in (Step.REST, *steps):
                world.does(step)
            world.settles()
        return answer, world.one

    return asyncio.run(run())


def steps_of(kinds: Sequence[Step]) -> st.SearchStrategy[list[Step]]:
    return st.lists(st.sampled_from(kinds), min_size=10, max_size=40)


@given(steps_of(HERE_ALONE) | steps_of([*Step]))
def test_whoever_waits_is_told_all_of_it_in_order(steps: Sequence[Step]) -> None:
    answer, one = told_of(
        (*(Step.BEGINS, Step.SAID, Step.TOLD, Step.REST)[: len(steps) % 5], *steps)
    )
    for told, later in pairwise(one.told):
        assert told == later[: len(told)]
    assert one.seen
    assert (one.seen.whole, one.told[-1]) == (True, answer.said)


def test_what_was_handed_over_is_not_read_again() -> None:
    """At first, for whose turn it is, and when that is over."""
    bubble = (Step.SAID, Step.TOLD, Step.REST)
    rest = (Step.TYPES, Step.REST, Step.OTHERS, Step.TOLD, Step.REST, Step.KEYS, Step.TOLD)
    answer, one = told_of((Step.BEGINS, *bubble * 9, *rest, Step.REST, Step.ENDS))
    assert ([*map(len, one.told)], answer.reads) == ([0, *range(1, 10), 9, 9, 9, 9], 3)
