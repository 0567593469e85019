"""The program as a process within the test's own: started, stopped cleanly, or killed."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from types import CoroutineType
from typing import Any

from bot.app import App
from bot.turns.events import Events

Tasks = set[asyncio.Task[Any]]

_TASKS: ContextVar[Tasks | None] = ContextVar("tasks", default=None)
GRACE_SECONDS = 0.05


@dataclass(slots=True)
class Process:
    """One run of the application; every task that it starts is known, so that it can be killed."""

    main: asyncio.Task[None]
    stop: asyncio.Event
    tasks: Tasks
    claims: list[str]  # the link that makes a host, if it was offered

    def following(self) -> Tasks:
        """What still follows updates that are done in the tables, such as the edit of a card."""
        events = Events._drain.__qualname__
        return {one for one in self.tasks if not one.done() and events in _names(one)}

    async def stops(self) -> None:
        """As on SIGTERM."""
        self.stop.set()
        await self.main

    async def dies(self) -> None:
        """As by kill -9, as nearly as tasks can: nothing is finished, nothing written any more.

        The journal goes with the other tasks, so what the main task would still write waits
        for ever; it is cancelled out of that. In closing its connections it is left alone: one
        that is lost there is a warning in whatever test runs when it is found.
        """
        others = self.tasks - {self.main}
        while unfinished := [task for task in others if not task.done()]:
            for task in unfinished:
                task.cancel()
            await asyncio.wait(unfinished, timeout=GRACE_SECONDS)
        while not self.main.done():
            if App._serve.__qualname__ in _names(self.main):
                self.main.cancel()
            await asyncio.wait([self.main], timeout=GRACE_SECONDS)


def _names(task: asyncio.Task[Any]) -> list[str]:
    """Of the functions that a task is in, the outermost first."""
    names: list[str] = []
    work: Any = task.get_coro()
    while isinstance(work, CoroutineType):
        names.append(work.__qualname__)
        work = work.cr_await
    return names


async def start(app: App) -> Process:
    """Run the application until it listens. Raises what it raises before."""
    asyncio.get_running_loop().set_task_factory(_note_task)
    stop, ready, tasks = asyncio.Event(), asyncio.Event(), Tasks()
    claims: list[str] = []
    noted = _TASKS.set(tasks)
    main = asyncio.create_task(app.run(stop, ready=lambda _: ready.set(), hostless=claims.append))
    _TASKS.reset(noted)
    listening = asyncio.create_task(ready.wait())
    await asyncio.wait([main, listening], return_when=asyncio.FIRST_COMPLETED)
    if main.done():
        listening.cancel()
        await main
    return Process(main, stop, tasks, claims)


def _note_task(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
    task = asyncio.Task(work, loop=loop, **options)
    if (tasks := _TASKS.get()) is not None:
        tasks.add(task)
    return task
