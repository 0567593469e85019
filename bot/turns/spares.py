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
from db.chores import QueueErasure
from db.journal import Journal

ERASED_AFTER_SECONDS: Final = 3600.0
GOOD_FOR_SECONDS: Final = ERASED_AFTER_SECONDS / 2  # nobody takes one that is about to be erased
MOST: Final = 100  # under way or waiting: a flood of strangers makes no more
GIVES_WAY_AFTER_SECONDS: Final = 60.0  # a turn takes its own sooner, unless none comes


@dataclass(frozen=True, slots=True)
class _Spare:
    made: asyncio.Task[str | None]
    begun_at: float  # by the clock that never jumps


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
            if chat not in self._by_chat and self._has_room():
                made = self.tasks.start(self._make())
                self._by_chat[chat] = _Spare(made, self.clock.boottime())

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

    def _has_room(self) -> bool:
        """Whether one more may be made; the oldest gives way where nobody will come for it."""
        if len(self._by_chat) >= MOST:
            self._drop_old(GIVES_WAY_AFTER_SECONDS, at_most=1)
        return len(self._by_chat) < MOST

    def _drop_old(self, seconds: float = GOOD_FOR_SECONDS, *, at_most: int = MOST) -> None:
        since = self.clock.boottime() - seconds
        old = [chat for chat, spare in self._by_chat.items() if spare.begun_at <= since]
        for chat in old[:at_most]:
            del self._by_chat[chat]
