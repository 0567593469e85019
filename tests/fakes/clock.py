"""A clock that moves when a test says so."""

import asyncio
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

NOON = 1_795_176_000.0  # 2026-11-20 12:00 UTC
QUIET_ROUNDS = 12  # of the loop, in which nothing is left to happen without the clock moving


async def rounds() -> None:
    for _ in range(QUIET_ROUNDS):
        await asyncio.sleep(0)


@dataclass(slots=True)
class FakeTimer:
    when: float
    callback: Callable[[], object] | None

    def cancel(self) -> None:
        self.callback = None


@dataclass(slots=True)
class FakeClock:
    """bot.ports.Clock; `advance` runs what falls due on the way."""

    time: float = NOON
    put_back: float = 0.0  # so many seconds somebody has put the wall clock back
    _timers: list[tuple[float, int, FakeTimer]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def now(self) -> float:
        return self.time - self.put_back

    def boottime(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        self.call_later(seconds, lambda: None if woken.done() else woken.set_result(None))
        await woken

    def call_later(self, seconds: float, callback: Callable[[], object]) -> FakeTimer:
        timer = FakeTimer(self.time + seconds, callback)
        if seconds <= 0:
            asyncio.get_running_loop().call_soon(_fire, timer)
        else:
            heapq.heappush(self._timers, (timer.when, next(self._order), timer))
        return timer

    def next_due(self) -> float | None:
        """When something happens next."""
        while self._timers and self._timers[0][2].callback is None:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def jump(self, until: float) -> None:
        """Move to a moment and fire what is due by then."""
        while (due := self.next_due()) is not None and due <= until:
            self.time = max(self.time, due)
            _fire(heapq.heappop(self._timers)[2])
        self.time = max(self.time, until)

    async def runs(self, seconds: float = 0.0) -> None:
        """Let time pass, stopping wherever something is due."""
        await rounds()
        until = self.time + seconds
        while (due := self.next_due()) is not None and due <= until:
            self.jump(due)
            await rounds()
        self.jump(until)


def _fire(timer: FakeTimer) -> None:
    callback, timer.callback = timer.callback, None
    if callback:
        callback()
