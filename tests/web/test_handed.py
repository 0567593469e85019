"""Whatever is committed, by whom, and whenever it is looked: who reads gets each entry once."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Generator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from bot.web.events import Following
from bot.web.shapes import Told
from bot.web.streams import Listener, Streams
from db.entries import LogState, log_at
from db.log import EntryKind, LogEntry, MarkRead
from db.operations import Accept, Accepted, Post, Posted
from db.transaction import Operation
from tests.addresses import chat_at
from tests.databases import BOT
from tests.scenarios.clock import HastyClock

HERE, ROW = chat_at(BOT, 1001), 1
HEARD = Accept(BOT, "me", 0.0, (), lambda _, payload: payload)
SAID = Post(ROW, "me", 0.0, logged=True)
READ = MarkRead(HERE, 1, 0.0)


class Step(Enum):
    """What comes next."""

    HEARD = auto()  # committed here, and not told of yet
    SAID = auto()
    BOTH = auto()  # in one commit, in which the later one was asked for first
    READ = auto()
    ELSEWHERE = auto()  # by another process
    ERASED = auto()
    TOLD = auto()  # of the oldest commit of which it was not
    LOOK = auto()  # for what others commit
    GO = auto()  # who reads goes on: a question leaves, is looked up, or its answer is there
    REST = auto()  # until there is nothing to read


ELSEWHERE = (Step.ELSEWHERE, Step.ERASED)  # what is found by a look alone


class Pause:
    """Until who reads goes on."""

    def __await__(self) -> Generator[None]:
        yield


@dataclass(slots=True)
class Log:
    """One that is read, in a database where all of a read is of one moment."""

    entries: list[LogEntry] = field(default_factory=list)
    newest: int = 0

    async def read(self, what: object, *asked: Any, limit: int = 0) -> Any:
        await Pause()
        if what is log_at:
            found: Any = LogState(ROW, self.newest, 0) if self.newest else None
        else:
            found = [one for one in self.entries if one.seq > asked[1]][:limit]
        await Pause()
        return found

    def add(self, kind: EntryKind = EntryKind.KEYS) -> LogEntry:
        self.newest += 1
        self.entries.append(LogEntry(self.newest, kind, 0.0))
        return self.entries[-1]


@dataclass(slots=True)
class Follower(ABC):
    """One who reads or waits, as `Following` makes them, a step at a time; `look`: under way."""

    listener: Listener
    following: Following
    look: Coroutine[Any, Any, Any] | None = None
    waits: bool = False

    @abstractmethod
    def looks(self) -> Coroutine[Any, Any, Any]:
        """What is there by now."""

    @abstractmethod
    def takes(self, found: Any) -> bool:
        """Whether nothing more is to be looked for until it is woken."""

    def goes(self) -> bool:
        """One step; whether there was one."""
        if self.waits:
            if not self.listener.woken.is_set():
                return False
            self.listener.woken.clear()
            self.waits = False
        self.look = self.look or self.looks()
        try:
            self.look.send(None)
        except StopIteration as done:
            self.look, self.waits = None, self.takes(done.value)
        return True

    def rests(self) -> None:
        while self.goes():
            pass


@dataclass(slots=True)
class Reader(Follower):
    """Of a stream."""

    got: list[int] = field(default_factory=list)

    def looks(self) -> Coroutine[Any, Any, Sequence[Told]]:
        return self.following._next(self.listener)

    def takes(self, found: Any) -> bool:
        self.got += [one.seq for one in found]
        return not found


@dataclass(slots=True)
class World:
    """A log, those who read it, and what this process committed without having told them."""

    log: Log
    streams: Streams
    readers: Sequence[Reader]
    untold: list[tuple[Sequence[Operation[Any]], Sequence[Any]]] = field(default_factory=list)
    is_elsewhere: bool = False  # something was committed

    def does(self, step: Step, who: int) -> None:
        self.is_elsewhere |= step in ELSEWHERE
        match step:
            case Step.GO:
                self.readers[who].goes()
            case Step.REST:
                self.readers[who].rests()
            case Step.LOOK:
                self.looks()
            case Step.TOLD:
                for batch in self.untold[:1]:
                    self.streams.note(*batch)
                del self.untold[:1]
            case Step.ELSEWHERE:
                self.log.add()
            case Step.ERASED:
                self.log.entries.clear()
                self.log.add(EntryKind.ERASED)
            case _:
                self.commits(step)

    def commits(self, step: Step) -> None:
        if step in (Step.HEARD, Step.BOTH) or not self.log.newest:  # who writes first is heard
            accepted = Accepted(logged=((HERE, self.log.add()),))
            done: list[tuple[Operation[Any], Any]] = [(HEARD, accepted)]
        else:
            done = []
        if step in (Step.SAID, Step.BOTH):
            done.insert(0, (SAID, Posted((), sending=True, logged=(self.log.add(),))))
        if step is Step.READ:
            self.log.add(EntryKind.READ)
            done.append((READ, None))
        self.untold.append(([one for one, _ in done], [result for _, result in done]))

    def looks(self) -> None:
        for one in (reader.listener for reader in self.readers):
            if one.row is None and self.log.newest:
                self.streams.know(one, ROW)
            if one.row is not None and self.log.newest > one.seq:
                one.wake()

    def settles(self) -> None:
        while self.untold:
            self.does(Step.TOLD, 0)
        if self.is_elsewhere:
            self.looks()
        for reader in self.readers:
            reader.rests()


def steps_of(kinds: Sequence[Step]) -> st.SearchStrategy[list[tuple[Step, int]]]:
    step = st.tuples(st.sampled_from(kinds), st.sampled_from((0, 1)))
    return st.lists(step, min_size=10, max_size=40)


@given(steps_of([one for one in Step if one not in ELSEWHERE]) | steps_of([*Step]))
def test_each_entry_is_told_once_and_in_order(steps: Sequence[tuple[Step, int]]) -> None:
    async def check() -> None:
        log, clock = Log(), HastyClock()
        streams, database = Streams(clock), cast("Any", log)
        following = Following(database, streams, clock)
        async with streams.listening(HERE) as anna, streams.listening(HERE) as her_phone:
            readers = [Reader(one, following) for one in (anna, her_phone)]
            world = World(log, streams, readers)
            for step, who in steps:
                world.does(step, who)
            world.settles()
            for reader in readers:
                assert reader.got == sorted({*reader.got})
                assert {one.seq for one in log.entries} <= {*reader.got}
                assert reader.listener.seq == log.newest

    asyncio.run(check())
