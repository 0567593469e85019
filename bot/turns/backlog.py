"""What may wait at the channel for a bot, accepted as far as somebody must know of it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Backlog:
    """A question to whoever polls for a bot: is all accepted that waited when I asked?

    The answer is a poll that began after the question and found fewer than the channel gives at
    once. One that began before may hang in a connection that is dead; and one that finds nothing
    at all may never come where clients write all the while. The start asks too.
    """

    _asked: int = 1
    _answered: int = 0
    _waiting: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _left: list[asyncio.Timeout] = field(default_factory=list)  # by the next question

    @property
    def questions(self) -> int:
        """How many there were; a poll that began now answers all of them."""
        return self._asked

    @property
    def open(self) -> bool:
        """Whether one has no answer yet."""
        return self._answered < self._asked

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for an answer; the start does not."""
        return self._waiting > 0

    def answer(self, questions: int) -> None:
        """The first `questions` are answered: nothing waits any more."""
        self._answered = max(self._answered, questions)
        self._changed.set()
        self._changed = asyncio.Event()

    def ask(self) -> int:
        """Ask; the question's number."""
        self._asked += 1
        while self._left:
            self._left.pop().reschedule(0)
        return self._asked

    async def answered(self, question: int) -> None:
        """Return once it is."""
        self._waiting += 1
        try:
            while self._answered < question:
                await self._changed.wait()
        finally:
            self._waiting -= 1

    async def unless_asked(self, work: Coroutine[Any, Any, T], *, after: int) -> T | None:
        """What it comes to; None, and it is left, once there are more questions than `after`.

        In no task of its own: between two polls all other tasks have a turn for each that begins.
        """
        left = asyncio.timeout(0 if self._asked > after else None)
        self._left.append(left)
        try:
            async with left:
                return await work
        except TimeoutError:
            if not left.expired():
                raise
            return None
        finally:
            if left in self._left:
                self._left.remove(left)
