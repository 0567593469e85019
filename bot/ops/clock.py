"""The machine's time."""

import asyncio
import time
from collections.abc import Callable

# Suspension counts: a laptop that slept for an hour must find its lease ended.
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """bot.ports.Clock on the system's clocks and the running loop."""

    def now(self) -> float:
        """Seconds since the epoch (UTC)."""
        return time.time()

    def boottime(self) -> float:
        """Seconds since the machine started, suspension included where the system tells."""
        return time.clock_gettime(_BOOTTIME)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(seconds, 0.0))

    def call_later(self, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
        """Call once, after `seconds`."""
        return asyncio.get_running_loop().call_later(seconds, callback)
