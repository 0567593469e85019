"""How many tokens may be used in a day, which is UTC's."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.ports import Clock
from db.engine import Database
from db.versions import tokens_used


def days(now: float) -> tuple[str, str]:
    """The day of a moment, and the one that follows."""
    return day(now), day(now + 86_400.0)


def day(now: float) -> str:
    """The day of a moment, as YYYY-MM-DD."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


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
