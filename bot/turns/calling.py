"""The tools of a turn: which it may call, and for how long one is waited for."""

import asyncio
import traceback
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.core.calls import Effect
from bot.core.waits import seconds_until
from bot.errors import OutOfPatience
from bot.ports import Clock, PhoneCall, Telemetry, Tool
from bot.turns.patience import Patience
from db.calls import CallRow
from db.records import Purpose, Turn

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


async def until_ended(clock: Clock, row: CallRow, tool: Tool) -> None:
    """Wait until a call that another process began is over.

    That one may be cut off and not dead, and the other side may be at work though it is: what is
    not there yet would be done twice.
    """
    ends = (row.started_at or 0.0) + tool.timeout
    await clock.sleep(seconds_until(ends, now=clock.now(), at_most=tool.timeout))


def report(telemetry: Telemetry, tool: Tool, error: Exception) -> None:
    """Say what a tool raised, and where: not its text, which may quote a client, or a secret."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = "".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in last)
    name, kind = tool.definition.name, type(error).__name__
    telemetry.warn("tool failed", tool=name, error=kind, at=place)


def offered(tools: Iterable[Tool], turn: Turn, call: PhoneCall | None) -> Iterable[Tool]:
    """In a preview nothing that changes something; what is done with a call, in one alone."""
    may_change = turn.purpose is not Purpose.PREVIEW
    here = (tool for tool in tools if call or not tool.on_phone)
    return (tool for tool in here if may_change or tool.effect is Effect.READ)
