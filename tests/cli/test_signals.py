"""A process that is told to stop."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cli.run import STOP_SECONDS

HERE = Path(__file__).parents[2]
STUBBORN = """
import asyncio
from bot.cli.run import heeding_signals

async def main():
    stop = asyncio.Event()
    with heeding_signals(stop):
        print("ready", flush=True)
        await stop.wait()
        print("stopping", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def stubborn() -> AsyncIterator[tuple[Process, asyncio.StreamReader]]:
    """A process that never gets to the end of its stop."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STUBBORN, cwd=HERE, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    yield process, process.stdout
    if process.returncode is None:
        process.kill()
        await process.communicate()


async def test_a_second_signal_ends_at_once() -> None:
    """Well before a stop that takes too long is ended anyway."""
    async with stubborn() as (process, told):
        process.send_signal(signal.SIGINT)
        assert await told.readline() == b"stopping\n"

        process.send_signal(signal.SIGTERM)
        _, complaint = await asyncio.wait_for(process.communicate(), STOP_SECONDS / 2)

    assert process.returncode == 1
    assert complaint == b"sportello: ended at once; the next start goes on where it was\n"
