"""What a tool may do with the company's own books, for the client of its turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.errors import ToolError
from bot.ports import Clock
from db.engine import Database
from db.errors import Stale
from db.facts import NoteFact, facts_of
from db.journal import Journal
from db.records import Turn
from db.requests import TakeRequest
from tenants.profile import Profile

_OVER = "The conversation went on meanwhile: nothing was done."


@dataclass(frozen=True, slots=True)
class TurnDesk:
    """A `bot.ports.tools.Desk`. `told`: there is something to tell people."""

    journal: Journal
    database: Database
    clock: Clock
    turn: Turn
    profile: Profile
    told: Callable[[], object]

    @property
    def request_fields(self) -> Sequence[str]:
        """What the company wants to know for a request."""
        return self.profile.request_fields

    async def take_request(self, fields: Sequence[tuple[str, str]], *, key: str) -> int:
        """Take a request down, once for a key; its number."""
        taking = TakeRequest(self.turn.fence.turn, key, tuple(fields), self.clock.now())
        try:
            taken = await self.journal.do(taking)
        except Stale:
            raise ToolError(_OVER) from None
        self.told()
        return taken.number

    async def remember(self, name: str, value: str) -> bool:
        """Note something of the client."""
        return await self._note(name, value)

    async def forget(self, name: str) -> bool:
        """Note it no more."""
        return await self._note(name, None)

    async def recall(self) -> Mapping[str, str]:
        """What is known of the client, by name."""
        turn = self.turn
        known = await self.database.read(facts_of, chat=turn.chat, tenant=turn.tenant)
        return {fact.name: fact.value for fact in known}

    async def _note(self, name: str, value: str | None) -> bool:
        noting = NoteFact(self.turn.fence.turn, name, value, self.clock.now())
        try:
            return await self.journal.do(noting)
        except Stale:
            raise ToolError(_OVER) from None
