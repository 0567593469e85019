"""Updates that need no turn: in order per chat, handled once, not held up by a running turn."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.core.texts import Text
from bot.core.waits import Retry
from bot.ports import Clock, Telemetry
from bot.turns.budget import day
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from bot.turns.tasks import Tasks
from db.chats import ChatWork
from db.engine import is_unusable
from db.journal import Journal
from db.operations import Handle
from db.records import Draft, Event
from db.window import Window

Work = Callable[[ChatWork], Sequence[Draft]]
Handler = Callable[[Event], Awaitable[None]]
_Place = tuple[int, int | None]  # a bot, and a chat of its
HANDLER = Retry(attempts=2)
STORE = Retry(first_seconds=1.0, ceiling_seconds=30.0, attempts=12)  # four minutes and a half


@dataclass(slots=True)
class Events:
    """One queue per chat. `handler` is the channel's; it calls `handle` for what it does.

    What has no chat waits in a queue of its bot's.
    """

    journal: Journal
    lanes: Lanes
    clock: Clock
    tasks: Tasks
    telemetry: Telemetry
    hosts: Hosts
    arm: Callable[[int, float], None]
    stop: Callable[[int], None]  # a turn, of which the client wants no more
    handler: Handler
    window: Window
    _queues: dict[_Place, deque[Event]] = field(default_factory=dict)
    _drains: dict[_Place, asyncio.Task[None]] = field(default_factory=dict)
    _done: set[int] = field(default_factory=set)  # rows of which the handler is still at work

    def put(self, event: Event) -> None:
        """Handle an event after the earlier ones of its chat."""
        place = (event.bot_id, event.chat)
        queue = self._queues.get(place)
        if queue is None:
            self._queues[place] = deque([event])
            self._drains[place] = self.tasks.start(self._drain(place))
        elif all(waiting.row != event.row for waiting in queue):
            queue.append(event)

    async def handle(self, event: Event, work: Work = lambda _: (), *, cause: str = "") -> bool:
        """H: the event's effect, its answers and "done" in one commit; False if it was done before.

        With a `cause` the update is kept as failed.
        """
        if event.row in self._done:  # the tables need not be asked
            return False
        handled = await self.journal.do(
            Handle(
                event=event,
                owner=self.lanes.delivery.owner,
                now=self.clock.now(),
                work_in_commit=work,
                cause=cause or None,
                window=self.window,
            )
        )
        queue = self._queues.get((event.bot_id, event.chat))
        if queue and queue[0].row == event.row:  # `_handle` forgets it again
            self._done.add(event.row)
        if handled.fresh and cause:
            key = f"update unreadable {day(self.clock.now())}"
            await self.hosts.tell(Text.HOST_UPDATE_UNREADABLE, event.bot_id, key=key)
        for turn in handled.stopped:
            self.stop(turn)
        if event.chat is not None and event.address is not None:
            self.lanes.add(handled.rows, {event.chat: event.address})
            if handled.due is not None:
                self.arm(event.chat, handled.due)
        return handled.fresh

    async def leave(self, bot_id: int, *, patience: float) -> None:
        """Finish what a bot has within `patience` seconds; the rest goes on when it is back."""
        drains = {place: task for place, task in self._drains.items() if place[0] == bot_id}
        if drains:
            await asyncio.wait(drains.values(), timeout=patience)
        for task in drains.values():
            task.cancel()
        await asyncio.gather(*drains.values(), return_exceptions=True)

    async def _drain(self, place: _Place) -> None:
        queue = self._queues[place]
        try:
            while queue:
                await self._handle(queue[0])
                queue.popleft()
        finally:
            self._forget(place)

    def _forget(self, place: _Place) -> None:
        self._queues.pop(place, None)
        self._drains.pop(place, None)

    async def _handle(self, event: Event) -> None:
        """What fails is tried again, a failing database for minutes; then it is kept, marked."""
        attempt = 0
        try:
            while error := await self._failure(event, self.handler(event)):
                delay = (STORE if is_unusable(error) else HANDLER).delay(attempt)
                if delay is None:
                    await self._give_up(event, type(error).__name__)
                    return
                await self.clock.sleep(delay)
                attempt += 1
        finally:
            self._done.discard(event.row)

    async def _give_up(self, event: Event, cause: str) -> None:
        while await self._failure(event, self.handle(event, cause=cause)):
            await self.clock.sleep(STORE.ceiling_seconds)

    async def _failure(self, event: Event, handling: Awaitable[object]) -> Exception | None:
        try:
            await handling
        except Exception as error:
            self.telemetry.warn("event failed", update=event.row, exc_info=error)
            return error
        return None
