"""Conversations that are made while a client still writes, so that the first answer waits for none.

Each stands in the queue of erasures from the moment it is there: one that nobody comes for is
erased, also over a kill. What becomes a thread's leaves the queue in the same commit.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from bot.ports import Clock, Model, Telemetry
from bot.turns.tasks import Tasks
from db.duties import QueueErasure
from db.journal import Journal

ERASED_AFTER_SECONDS: Final = 3600.0
GOOD_FOR_SECONDS: Final = ERASED_AFTER_SECONDS / 2  # nobody takes one that is about to be erased
MOST: Final = 100  # under way or waiting: a flood of strangers makes no more


@dataclass(frozen=True, slots=True)
class _Spare:
    made: asyncio.Task[str | None]
    good_until: float  # by the clock that never jumps


@dataclass(slots=True)
class Spares:
    """At most one for each chat. Whoever finds none makes one, and hears then what is wrong."""

    model: Model
    journal: Journal
    clock: Clock
    tasks: Tasks
    telemetry: Telemetry
    _by_chat: dict[int, _Spare] = field(default_factory=dict)  # the oldest first

    def expect(self, chats: Collection[int]) -> None:
        """The next turns of these chats will need one."""
        self._drop_old()
        for chat in chats:
            if chat not in self._by_chat and len(self._by_chat) < MOST:
                made = self.tasks.start(self._make())
                good_until = self.clock.boottime() + GOOD_FOR_SECONDS
                self._by_chat[chat] = _Spare(made, good_until)

    async def take(self, chat: int) -> str | None:
        """The one that was made for a chat, waited for if it is on its way; None: there is none."""
        self._drop_old()
        spare = self._by_chat.pop(chat, None)
        # Shielded: what has been made is to be in the queue, though nobody waits any longer.
        return await asyncio.shield(spare.made) if spare else None

    async def _make(self) -> str | None:
        try:
            made = await self.model.create_conversation()
            later = self.clock.now() + ERASED_AFTER_SECONDS
            await self.journal.do(QueueErasure(made, later))
        except Exception as error:
            self.telemetry.record("conversation not made", error=type(error).__name__)
            return None
        return made

    def _drop_old(self) -> None:
        now = self.clock.boottime()
        old = [chat for chat, spare in self._by_chat.items() if spare.good_until <= now]
        for chat in old:
            del self._by_chat[chat]
