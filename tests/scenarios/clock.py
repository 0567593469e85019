"""A clock on which a minute passes in less than a second."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.clock import NOON

UNHURRIED = 10.0  # at which a busy machine does not pass for an answer that never ends


@dataclass(slots=True)
class HastyClock:
    """bot.ports.Clock: what takes `speed` seconds in life takes one here.

    Pauses, back-offs and penalties keep their proportions, and the network keeps its pace: where
    a test is about both, a lower speed keeps it from failing on a busy machine.
    """

    _speed: float = 50.0
    started: float = field(default_factory=time.monotonic)
    skipped: float = 0.0  # seconds
    _timers: set["HastyTimer"] = field(default_factory=set)

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        """From now on: what has passed has passed, and what is pending comes when it is due."""
        passed = self.boottime()
        self._speed = speed
        self.skips(passed - self.boottime())

    def now(self) -> float:
        return NOON + self.boottime()

    def boottime(self) -> float:
        return (time.monotonic() - self.started) * self.speed + self.skipped

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        timer = self.call_later(seconds, woken.set)
        try:
            await woken.wait()
        finally:
            timer.cancel()

    def call_later(self, seconds: float, callback: Callable[[], object]) -> "HastyTimer":
        timer = HastyTimer(self._timers, self.boottime() + seconds, callback)
        timer.arm(seconds / self.speed)
        return timer

    def skips(self, seconds: float) -> None:
        """So much time has passed."""
        self.skipped += seconds
        now = self.boottime()
        for timer in tuple(self._timers):
            timer.arm((timer.when - now) / self.speed)


@dataclass(slots=True, eq=False)
class HastyTimer:
    """bot.ports.Timer, one of those that are pending."""

    pending: set["HastyTimer"]
    when: float
    callback: Callable[[], object]
    handle: asyncio.TimerHandle | None = None

    def arm(self, seconds: float) -> None:
        self.cancel()
        self.pending.add(self)
        self.handle = asyncio.get_running_loop().call_later(seconds, self._fire)

    def cancel(self) -> None:
        self.pending.discard(self)
        if self.handle:
            self.handle.cancel()

    def _fire(self) -> None:
        self.pending.discard(self)
        self.callback()
