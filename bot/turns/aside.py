"""Saying something in a chat outside of turns and events, once it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import Clock
from bot.turns.lanes import Lanes
from db.engine import Database
from db.journal import Journal
from db.notices import chat_at
from db.operations import Post
from db.records import Address, Draft


@dataclass(frozen=True, slots=True)
class Aside:
    """Writes messages down like all others, and sends them in the chat's own lane."""

    journal: Journal
    database: Database
    lanes: Lanes
    clock: Clock

    async def say(self, address: Address, drafts: Sequence[Draft]) -> None:
        """Say it in the chat at this address; in one that does not exist nothing is said."""
        chat = await self.database.read(lambda connection: chat_at(connection, address))
        if chat is None:
            return
        owner, now = self.lanes.delivery.owner, self.clock.now()
        posted = await self.journal.do(Post(chat, owner, now, drafts=tuple(drafts)))
        self.lanes.add(posted.rows, {chat: address})
