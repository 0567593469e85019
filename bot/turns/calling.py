"""Waiting for a tool: never longer than it may take, whatever it does."""

import asyncio
import traceback
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.errors import OutOfPatience
from bot.ports import Clock
from bot.turns.patience import Patience

T = TypeVar("T")
CANCELLED_SECONDS: Final = 1.0  # for a tool to come to its end


async def awaited(clock: Clock, call: Coroutine[Any, Any, T], seconds: float) -> T:
    """What a tool says within so many seconds; one that does not end when told to is left.

    Raises OutOfPatience, and what the tool raises.
    """
    task = asyncio.ensure_future(call)
    try:
        await Patience(clock, seconds).of(asyncio.wait({task}))
    except OutOfPatience:
        await _end(task)
        if not task.done() or task.cancelled():
            raise
    except asyncio.CancelledError:
        await _end(task)
        raise
    if task.cancelled():
        raise RuntimeError("it cancelled itself")
    return task.result()


async def _end(task: "asyncio.Future[Any]") -> None:
    task.cancel()
    await asyncio.wait({task}, timeout=CANCELLED_SECONDS)


def place_of(error: Exception) -> str:
    """The file and the line that raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return "".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in last)
