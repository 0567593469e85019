"""What may wait at the channel for a bot, accepted as far as somebody must know of it."""

import asyncio
from dataclasses import dataclass, field


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
        self._notify()

    def ask(self) -> int:
        """Ask; the question's number."""
        self._asked += 1
        self._notify()
        return self._asked

    async def answered(self, question: int) -> None:
        """Return once it is."""
        self._waiting += 1
        self._notify()
        try:
            while self._answered < question:
                await self._changed.wait()
        finally:
            self._waiting -= 1

    async def asked(self, *, after: int) -> None:
        """Return once there are more questions than `after`."""
        while self._asked <= after:
            await self._changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
