"""Saying something in a chat outside of turns and events, once it is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ports import Clock
from bot.turns.lanes import Lanes
from db.duties import addresses
from db.engine import Database
from db.journal import Journal
from db.operations import Post
from db.records import Draft
from db.tenants import tenant_by_id


@dataclass(frozen=True, slots=True)
class Aside:
    """Writes messages down like all others, and sends them in the chat's own lane."""

    journal: Journal
    database: Database
    lanes: Lanes
    clock: Clock

    async def say(self, chat: int, drafts: Sequence[Draft], *, tenant: int) -> None:
        """Say it in the chat of this row, unless the tenant that it is about is gone by now."""
        known, there = await self.database.read(
            lambda connection: (addresses(connection, [chat]), tenant_by_id(connection, tenant))
        )
        if there is None:
            return
        owner, now = self.lanes.delivery.owner, self.clock.now()
        posted = await self.journal.do(Post(chat, owner, now, drafts=tuple(drafts)))
        self.lanes.add(posted.rows, known)  # at once: what is written down and not here would wait
