"""Who is sending a file at this moment: so many at once, and who hardly sends keeps nobody out.

A place is lost by who is slow, but only to somebody who comes while all are taken: else a few
addresses could hold them all with next to nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.web.problems import QUOTA, ProblemDetails
from bot.web.visitors import Program, SiteVisitor, counted_as

AT_ONCE: Final = 32  # in this process: each holds a piece in memory
FROM_A_PLACE: Final = 4  # visitors behind one address
OF_A_KEY: Final = 16  # a company's program, for all of its clients
PIECE_SECONDS: Final = 20.0  # for the next piece to be there: 100 kbit/s
SLOW_SECONDS: Final = 5.0  # the same where somebody else waits for the place: 400 kbit/s
AGAIN_SECONDS: Final = 2


@dataclass(eq=False, slots=True)
class Sender:
    """One of them. `waits`: for the next piece; `since`: from when on, by the loop's clock."""

    whose: object
    since: float = 0.0
    waits: asyncio.Timeout | None = None

    @asynccontextmanager
    async def awaiting(self) -> AsyncIterator[None]:
        """While the next piece comes. Raises TimeoutError: it takes too long."""
        try:
            async with asyncio.timeout(PIECE_SECONDS) as self.waits:
                self.since = asyncio.get_running_loop().time()
                yield
        finally:
            self.waits = None


@dataclass(frozen=True, slots=True)
class Senders:
    """All of them in this process."""

    slow_seconds: float = SLOW_SECONDS
    at_once: int = AT_ONCE
    of_a_key: int = OF_A_KEY
    _senders: set[Sender] = field(default_factory=set)

    @contextmanager
    def one(self, who: SiteVisitor | Program, place: str) -> Iterator[Sender]:
        """One more, while it comes. Raises ProblemDetails where there are too many."""
        whose = counted_as(who, place)
        most = self.of_a_key if isinstance(who, Program) else FROM_A_PLACE
        mine = sum(one.whose == whose for one in self._senders)
        is_full = len(self._senders) >= self.at_once
        if mine >= most or (is_full and not self._lose_one()):
            title = "Too many files are being sent at the same time."
            raise ProblemDetails(429, QUOTA, title, {"Retry-After": str(AGAIN_SECONDS)})
        self._senders.add(sender := Sender(whose))
        try:
            yield sender
        finally:
            self._senders.discard(sender)

    def _lose_one(self) -> bool:
        """Whether there was one who was slow: the slowest is not waited for any more."""
        now = asyncio.get_running_loop().time()
        late = [
            (one.since, one.waits, one)
            for one in self._senders
            if one.waits and not one.waits.expired() and now - one.since >= self.slow_seconds
        ]
        if not late:
            return False
        _, waits, slowest = min(late, key=lambda one: one[0])
        waits.reschedule(now)
        self._senders.discard(slowest)
        return True
