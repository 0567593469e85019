"""A clock on which a minute passes in less than a second."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.clock import NOON


@dataclass(slots=True)
class HastyClock:
    """bot.ports.Clock: what takes `speed` seconds in life takes one here.

    Pauses, back-offs and penalties keep their proportions, and the network keeps its pace: where
    a test is about both, a lower speed keeps it from failing on a busy machine.
    """

    speed: float = 50.0
    started: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        return NOON + self.boottime()

    def boottime(self) -> float:
        return (time.monotonic() - self.started) * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0) / self.speed)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds / self.speed, callback)
