"""Who asks over HTTP until there is an answer, of whichever process lives."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.crash.verdict import Verdict
from tests.web.reader import ORIGIN, Reader

PAUSES: Final = 0.4, 1.6  # seconds between two messages
AGAIN: Final = 0.05  # seconds until somebody comes again
LONGEST: Final = 60.0  # seconds of a request


@dataclass(slots=True)
class Caller(ABC):
    """Writes now and then. `doors`: the addresses of the processes that serve."""

    reader: Reader
    number: int
    doors: Sequence[str]
    chance: random.Random
    written: list[str] = field(default_factory=list)

    async def talks(self, stop: asyncio.Event) -> None:
        """Each message is written under its id until it is accepted."""
        await self.insists(self.opens)
        while not stop.is_set():
            words = f"c{self.number}m{len(self.written)}"
            self.written.append(words)
            await self.insists(partial(self.says, words))
            await asyncio.sleep(self.chance.uniform(*PAUSES))

    async def opens(self) -> bool:
        """Before the first message; whether it was done."""
        return True

    @abstractmethod
    async def says(self, words: str) -> bool:
        """Say it once; whether that was enough."""

    @abstractmethod
    async def has_read_all(self) -> bool:
        """Whether all that was said, once no more is said, was read."""

    @abstractmethod
    def judge(self, verdict: Verdict) -> None:
        """What was read beside what was written."""

    async def insists(self, doing: Callable[[], Awaitable[bool]]) -> None:
        """At one door or another, until it is done."""
        while True:
            self.goes_to_a_door()
            try:
                if await doing():
                    return
            except (ClientError, OSError, AssertionError):
                pass
            await asyncio.sleep(AGAIN)

    def goes_to_a_door(self) -> None:
        """As a proxy shares requests among processes."""
        self.reader.url = self.chance.choice(self.doors)


def reader(number: int, *, origin: str | None = ORIGIN, token: str = "") -> Reader:
    """Each from an address of its own, so that none is held up by what others ask."""
    headers = {"X-Forwarded-For": f"203.0.113.{number}"}
    http = ClientSession(headers=headers, timeout=ClientTimeout(LONGEST))
    return Reader("", origin, token, http)
