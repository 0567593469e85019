"""Updates that need no turn: in order per chat, handled once, not held up by a running turn."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.core.texts import Text
from bot.ports import Clock, Telemetry
from bot.turns.day import day
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from bot.turns.tasks import Tasks
from db.chats import ChatWork
from db.journal import Journal
from db.operations import Handle
from db.records import Draft, Event

Work = Callable[[ChatWork], Sequence[Draft]]
Handler = Callable[[Event], Awaitable[None]]
ATTEMPTS = 3
RETRY_SECONDS = 1.0


@dataclass(slots=True)
class Events:
    """One queue per chat. `handler` is the channel's; it calls `handle` for what it does."""

    journal: Journal
    lanes: Lanes
    clock: Clock
    tasks: Tasks
    telemetry: Telemetry
    hosts: Hosts
    arm: Callable[[int, float], None]
    handler: Handler
    _queues: dict[int | None, deque[Event]] = field(default_factory=dict)

    def put(self, event: Event) -> None:
        """Handle an event after the earlier ones of its chat."""
        queue = self._queues.get(event.chat)
        if queue is None:
            self._queues[event.chat] = deque([event])
            self.tasks.start(self._drain(event.chat))
        elif all(waiting.row != event.row for waiting in queue):
            queue.append(event)

    async def handle(self, event: Event, work: Work = lambda _: (), *, cause: str = "") -> bool:
        """H: the event's effect, its answers and "done" in one commit; False if it was done before.

        With a `cause` the update is kept as failed.
        """
        handled = await self.journal.do(
            Handle(
                event=event,
                owner=self.lanes.delivery.owner,
                now=self.clock.now(),
                work=work,
                cause=cause or None,
            )
        )
        if handled.fresh and cause:
            key = f"update unreadable {day(self.clock.now())}"
            await self.hosts.tell(Text.HOST_UPDATE_UNREADABLE, event.bot_id, key=key)
        if event.chat is not None and event.address is not None:
            self.lanes.add(handled.rows, {event.chat: event.address})
            if handled.due is not None:
                self.arm(event.chat, handled.due)
        return handled.fresh

    async def _drain(self, chat: int | None) -> None:
        queue = self._queues[chat]
        try:
            while queue:
                await self._handle(queue[0])
                queue.popleft()
        finally:
            del self._queues[chat]

    async def _handle(self, event: Event) -> None:
        """A database that does not answer is asked again; what fails otherwise is kept, marked."""
        cause = ""
        for attempt in range(ATTEMPTS):
            try:
                await self.handler(event)
                return
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.telemetry.warn("event failed", update=event.row, exc_info=error)
                cause = type(error).__name__
                await self.clock.sleep(RETRY_SECONDS * attempt)
        await self.handle(event, cause=cause)
