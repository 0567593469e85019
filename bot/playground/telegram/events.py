"""What happens in the chats, as a numbered stream that pages and tests can follow."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any

from bot.playground.telegram.records import Json

KEPT = 5_000


class Events:
    """The latest events; `seq` grows by one with each."""

    def __init__(self) -> None:
        self.seq = 0
        self._kept: deque[Json] = deque(maxlen=KEPT)
        self._changed = asyncio.Event()

    def add(self, kind: str, **fields: Any) -> None:
        self.seq += 1
        self._kept.append({"seq": self.seq, "type": kind, **fields})
        self.notify()

    def notify(self) -> None:
        """Wake whoever waits, so that it looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when the condition holds; it is asked again at every event and bot's call."""
        while not condition():
            await self._changed.wait()

    async def follow(self, after: int) -> AsyncGenerator[Json, None]:
        """All events after `after`, for ever; first a `reset` if some of them are lost."""
        if not self._oldest() - 1 <= after <= self.seq:
            after = self.seq
            yield {"seq": after, "type": "reset"}
        while True:
            for event in self._newer(after):
                yield event
                after = event["seq"]
            if self.seq == after:
                await self._changed.wait()

    def _oldest(self) -> int:
        return self.seq - len(self._kept) + 1

    def _newer(self, after: int) -> list[Json]:
        count = min(self.seq - after, len(self._kept))
        return [self._kept[index] for index in range(len(self._kept) - count, len(self._kept))]
