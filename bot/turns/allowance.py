"""How many tokens may be used in a day."""

from dataclasses import dataclass

from bot.ports import Clock
from bot.turns.day import days
from db.engine import Database
from db.versions import tokens_used


@dataclass(frozen=True, slots=True)
class Allowance:
    """The host's limit, for all tenants together; 0: none."""

    database: Database
    clock: Clock
    tokens: int = 0

    async def is_spent(self) -> bool:
        """Whether today nothing more may be asked."""
        if not self.tokens:
            return False
        known = days(self.clock.now())
        return await self.database.read(tokens_used, known) >= self.tokens
