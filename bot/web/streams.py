"""Who reads a chat at this moment, and how they learn that there is more.

Whoever waits is woken by what this process commits, at once. What another process commits, and
where it answers, is found by two queries a second for all the chats that are read here (PostgreSQL
alone: a SQLite file has one process). NOTIFY would be quicker, and make all commits of the server
wait for each other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from bot.ports import Clock
from db.engine import Database, is_unusable
from db.entries import being_answered, newest_seqs, rows_at
from db.log import LogEntry, MarkRead
from db.operations import Accept, Accepted, Complete, Handle, Post, Posted
from db.records import Address
from db.transaction import Operation

LOOK_SECONDS: Final = 0.7  # between two looks for what others commit
TYPING_SECONDS: Final = 6.0  # for which typing is shown; it is renewed before they are over


async def looking(look: Callable[[], Awaitable[object]], clock: Clock, seconds: float) -> None:
    """Look again and again until cancelled; what could not be read, the next time."""
    while True:
        await clock.sleep(seconds)
        try:
            await look()
        except Exception as error:
            if not is_unusable(error):
                raise


@dataclass(eq=False, slots=True)
class Listener:
    """One who reads a chat.

    `row`: the chat's, once somebody wrote there; `seq`: read so far; `handed`: more that is known;
    `news`: there may be more still.
    `session`: with which; `end`: the event that tells why it may not any more. `till_answered`: it
    wants to know when a turn ends, too; `answering`: whether one was open.
    """

    address: Address
    session: int | None = None
    row: int | None = None
    seq: int = 0
    news: bool = True
    handed: list[LogEntry] = field(default_factory=list)
    till_answered: bool = False
    answering: bool = False
    typing_until: float = 0.0
    over: bool = False  # it may not read any more
    end: str | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, entries: Sequence[LogEntry] = ()) -> None:
        """There is more, or (without entries, or a row) there may be."""
        self.handed += entries
        self.news |= not entries or self.row is None
        self.woken.set()

    def take_handed(self) -> Sequence[LogEntry]:
        """What was handed over, which counts as read; nothing if something is missing before it."""
        handed, self.handed = [one for one in self.handed if one.seq > self.seq], []
        if [one.seq - self.seq for one in handed] != [*range(1, len(handed) + 1)]:
            self.news = True
            return ()
        self.seq += len(handed)
        return handed

    async def wait(self, seconds: float, clock: Clock) -> bool:
        """Until it is woken, at most so long; whether it was."""
        timed_out = False

        def wake() -> None:
            nonlocal timed_out
            timed_out = True
            self.woken.set()

        timer = clock.call_later(seconds, wake)
        try:
            await self.woken.wait()
        finally:
            timer.cancel()
        self.woken.clear()
        return not timed_out


@dataclass(slots=True)
class Streams:
    """All of them in this process."""

    clock: Clock
    _listeners: dict[Address, set[Listener]] = field(default_factory=dict)
    _by_row: dict[int, Address] = field(default_factory=dict)
    _ending: bool = False

    @property
    def ending(self) -> bool:
        """Whether the process ends: nobody waits any more."""
        return self._ending

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))

    @asynccontextmanager
    async def listening(
        self, address: Address, session: int | None = None
    ) -> AsyncIterator[Listener]:
        """From now on nothing is missed that is committed here."""
        one = Listener(address, session)
        self._listeners.setdefault(address, set()).add(one)
        try:
            yield one
        finally:
            mine = self._listeners[address]
            mine.discard(one)
            if not mine:
                del self._listeners[address]
                if one.row is not None:
                    self._by_row.pop(one.row, None)

    def know(self, listener: Listener, row: int) -> None:
        """The row of a chat that is read."""
        listener.row = row
        self._by_row[row] = listener.address

    def note(self, operations: Sequence[Operation[Any]], results: Sequence[Any]) -> None:
        """These have just been committed here, and came to this."""
        if not self._listeners:
            return
        for one, result in zip(operations, results, strict=True):
            match one, result:
                case Post(), Posted(logged=entries):
                    if entries:  # else it is nothing that is seen
                        self.wake(self._by_row.get(one.chat), entries)
                case Post(logged=True), _:  # refused, but for what was sent before
                    self.wake(self._by_row.get(one.chat))
                case Complete(), _:
                    self._end_wait(self._by_row.get(one.chat))
                case Accept(), Accepted(logged=logged):
                    for address, entry in logged:
                        self.wake(address, [entry])
                case Handle(), _:
                    self.wake(one.event.address)
                case MarkRead(), _:
                    self.wake(one.chat)

    def wake(self, address: Address | None, entries: Sequence[LogEntry] = ()) -> None:
        """There is more in a chat, or (without entries) there may be."""
        for one in self._listeners.get(address, ()) if address else ():
            one.wake(entries)

    def _end_wait(self, address: Address | None) -> None:
        for one in self._listeners.get(address, ()) if address else ():
            if one.till_answered:
                one.wake()

    def type(self, address: Address) -> None:
        """Somebody types there."""
        for one in self._listeners.get(address, ()):
            self._show_typing(one)

    def cut(self, address: Address, session: int | None, event: str | None = None) -> None:
        """Whoever reads a chat with this session, or a key, may not any more, and is told why."""
        for one in self._listeners.get(address, ()):
            if one.session == session:
                one.over, one.end = True, event
                one.woken.set()

    def end(self) -> None:
        """The process ends: all are told to come again."""
        self._ending = True
        for address in self._listeners:
            self.wake(address)

    async def watch(self, database: Database) -> None:
        """Look for what other processes commit, while anybody reads."""
        await looking(partial(self._look, database), self.clock, LOOK_SECONDS)

    def _show_typing(self, listener: Listener) -> None:
        listener.typing_until = self.clock.now() + TYPING_SECONDS
        listener.woken.set()

    async def _look(self, database: Database) -> None:
        open_now = [one for each in self._listeners.values() for one in each]
        new = {one.address for one in open_now if one.row is None}
        known = await database.read(rows_at, new) if new else {}
        for one in open_now:
            if one.row is None and one.address in known:
                self.know(one, known[one.address])
        rows = {one.row for one in open_now if one.row is not None}
        newest = await database.read(newest_seqs, rows) if rows else {}
        answering = await database.read(being_answered, rows) if rows else frozenset()
        soon = self.clock.now() + LOOK_SECONDS
        for one in open_now:
            is_answered = one.row in answering
            if is_answered and not one.till_answered and one.typing_until < soon:
                self._show_typing(one)  # no process tells another: an open turn does
            was, one.answering = one.answering, one.till_answered and is_answered
            is_over = was and not one.answering
            if one.row is not None and (is_over or newest.get(one.row, 0) > one.seq):
                one.wake()
