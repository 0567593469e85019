"""What is cancelled gives its connection back, wherever it was."""

import asyncio
import gc
import warnings
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, func, insert, select

from db.engine import Database
from db.models import alerts
from tests.databases import opened

Work = Callable[[Database], Coroutine[Any, Any, object]]


def add(connection: Connection) -> int:
    connection.execute(insert(alerts).values(key=uuid4().hex, told_at=0.0))
    return how_many(connection)


def how_many(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(alerts)) or 0


def itself(_: set[asyncio.Task[Any]]) -> None:
    if task := asyncio.current_task():
        task.cancel()


def whatever_runs(tasks: set[asyncio.Task[Any]]) -> None:
    """As the end of a loop does, and a kill in a scenario."""
    for task in tasks:
        task.cancel()


@dataclass(slots=True)
class CancelledAt:
    """Does some work; where that is suspended for the nth time, `cancel` is told its tasks."""

    work: Coroutine[Any, Any, object]
    nth: int
    cancel: Callable[[set[asyncio.Task[Any]]], None]
    suspended: int = 0

    async def run(self) -> object:
        return await self

    def __await__(self) -> Generator[Any, Any, object]:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        inner = self.work.__await__()
        step: Callable[[], Any] = partial(next, inner)
        while True:
            try:
                waits_for = step()
            except StopIteration as end:
                return end.value
            self.suspended += 1
            if self.suspended == self.nth:
                self.cancel(asyncio.all_tasks() - others)
            try:
                yield waits_for
            except BaseException as error:
                step = partial(inner.throw, error)
            else:
                step = partial(next, inner)


@pytest.mark.parametrize("cancel", [itself, whatever_runs])
@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda database: database.read(how_many), id="read"),
        pytest.param(lambda database: database.write(add), id="write"),
    ],
)
async def test_a_connection_is_never_lost(
    database_url: str, work: Work, cancel: Callable[[set[asyncio.Task[Any]]], None]
) -> None:
    for nth in count(1):
        async with opened(database_url) as database:
            suspended = await _suspended(CancelledAt(work(database), nth, cancel))
            await database.read(how_many)
            assert _lost() == [], f"cancelled at suspension {nth}"
        if suspended < nth:
            break


async def _suspended(work: CancelledAt) -> int:
    """How often it was, once it is over; nothing of it is left then."""
    await asyncio.gather(work.run(), return_exceptions=True)
    return work.suspended


def _lost() -> list[str]:
    """What the garbage collector has to say."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        gc.collect()
    return [str(one.message) for one in told]
