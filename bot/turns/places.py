"""How much is fetched at once: of one chat little, and of what is large less than of the rest.

And how much is kept for the model to look at, by all turns together.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final
from weakref import WeakValueDictionary

from bot.ports import File
from db.records import Address

AT_ONCE: Final = 8  # of this process
LARGE_AT_ONCE: Final = 2  # ... and besides, of what is large: so much memory it may take
OF_ONE_CHAT: Final = 2  # ... of either: a flood from one client holds up no other
# Of pictures and pages, until their turns are over; what is sent of one takes some four times more.
MOST_KEPT_BYTES: Final = 100 * 1024**2


@dataclass(frozen=True, slots=True)
class Places:
    """Whoever comes first gets a place first; each holds in memory what it fetches."""

    small: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_AT_ONCE))
    chats: WeakValueDictionary[Address, asyncio.Semaphore] = field(
        default_factory=WeakValueDictionary
    )
    kept: WeakValueDictionary[int, File] = field(default_factory=WeakValueDictionary)

    @property
    def are_full(self) -> bool:
        """Whether nothing more is to be fetched for the model to look at."""
        return sum(len(file.content) for file in self.kept.values()) >= MOST_KEPT_BYTES

    def keep(self, file: File) -> File:
        """The same; it counts for as long as a turn, or whatever else, has it."""
        self.kept[id(file)] = file
        return file

    @asynccontextmanager
    async def taken(self, address: Address, *, is_large: bool) -> AsyncIterator[None]:
        """A place, when one is free for this chat; all topics of a group are one."""
        chat = replace(address, topic_id=0)
        of_chat = self.chats.get(chat)
        if of_chat is None:
            of_chat = self.chats[chat] = asyncio.Semaphore(OF_ONE_CHAT)
        async with of_chat, self.large if is_large else self.small:
            yield
