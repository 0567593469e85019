"""Saying something in a chat outside of turns and events, once it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import Clock
from bot.turns.lanes import Lanes
from db.chores import address_about
from db.engine import Database
from db.journal import Journal
from db.operations import Post
from db.records import Draft


@dataclass(frozen=True, slots=True)
class Aside:
    """Writes messages down like all others, and sends them in the chat's own lane."""

    journal: Journal
    database: Database
    lanes: Lanes
    clock: Clock

    async def say(self, chat: int, drafts: Sequence[Draft], *, tenant: int) -> None:
        """Say it in the chat of this row, unless the tenant that it is about is gone by now."""
        address = await self.database.read(address_about, chat, tenant=tenant)
        if address is None:
            return
        owner, now = self.lanes.delivery.owner, self.clock.now()
        posted = await self.journal.do(Post(chat, owner, now, drafts=tuple(drafts)))
        # At once: what is written down and not here would wait.
        self.lanes.add(posted.rows, {chat: address})
