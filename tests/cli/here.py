"""`sportello run` within this process: the program whole, with nothing to load.

What a process of its own is needed for is tried in one (tests/cli/processes.py).
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import pytest

from bot.cli.run import run
from tests.patience import PATIENCE_SECONDS

LOOK_SECONDS = 0.01


@dataclass(slots=True)
class Here:
    """A run, and what it has printed."""

    work: asyncio.Task[None]
    console: pytest.CaptureFixture[str]
    told: str = ""
    complaint: str = ""

    async def says(self, words: str) -> None:
        """Wait until it prints these words. Raises what it ends with before."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while words not in self._read():
                if self.work.done():
                    await self.work
                await asyncio.sleep(LOOK_SECONDS)

    async def ends(self) -> None:
        """Wait for its end; raises what it ends with."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.work
        self._read()

    async def stops(self) -> None:
        """As by SIGTERM."""
        signal.raise_signal(signal.SIGTERM)
        await self.ends()

    def _read(self) -> str:
        seen = self.console.readouterr()
        self.told += seen.out
        self.complaint += seen.err
        return self.told


@asynccontextmanager
async def started(console: pytest.CaptureFixture[str]) -> AsyncIterator[Here]:
    """A run that has begun; it takes its settings from the environment."""
    with _deaf():
        here = Here(asyncio.create_task(run()), console)
        try:
            yield here
        finally:
            here.work.cancel()
            await asyncio.wait([here.work])


@contextmanager
def _deaf() -> Iterator[None]:
    """A signal that comes when no run heeds it ends no test run."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
