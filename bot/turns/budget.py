"""Whether a turn may still cost something today; whoever can allow more is told once if not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.texts import Text
from bot.ports import ClientMessage, Clock
from bot.turns.hosts import Hosts
from db.api_keys import ApiKey, api_key, of_key
from db.engine import Database
from db.people import people_of
from db.records import Turn
from db.seconds import DAY_SECONDS
from db.sessions import site_of_bot
from db.sites import Site
from db.versions import tokens_used, tokens_used_by
from tenants.permissions import Action, Role, may


def days(now: float) -> tuple[str, str]:
    """The day of a moment, UTC's, by which tokens count, and the one that follows."""
    return day(now), day(now + DAY_SECONDS)


def day(now: float) -> str:
    """The day of a moment, UTC's, as YYYY-MM-DD; alerts are repeated by it."""
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


@dataclass(frozen=True, slots=True)
class DayBudget:
    """The host's for all, a site's for its visitors, and a program's for what its key writes."""

    database: Database
    clock: Clock
    allowance: Allowance
    hosts: Hosts

    async def why_not(self, turn: Turn, last: ClientMessage | None, *, apart: bool) -> str:
        """Why nothing more may be asked today, or nothing.

        `apart`: its channel is one where some have limits of their own.
        """
        bot_id, today = turn.address.bot_id, day(self.clock.now())
        if await self.allowance.is_spent():
            await self.hosts.tell(Text.HOST_DAILY_CAP, bot_id, key=f"cap {today}")
            return "daily token limit"
        if not apart:
            return ""
        if site := await self._spent_site(bot_id):
            told, key = await self._who_may(Action.SITES, turn), f"cap {today} {bot_id}"
            await self.hosts.inform(told, Text.SITE_DAILY_CAP, bot_id, key=key, site=site.name)
            return "daily token limit of the site"
        program = last.program if last else None
        if program and (spent := await self._spent_key(program)):
            told, key = await self._who_may(Action.KEYS, turn), f"cap {today} {of_key(program)}"
            await self.hosts.inform(told, Text.KEY_DAILY_CAP, bot_id, key=key, name=spent.name)
            return "daily token limit of the key"
        return ""

    async def _spent_site(self, bot_id: int) -> Site | None:
        site = await self.database.read(site_of_bot, bot_id)
        if site is None or site.daily_tokens is None:
            return None
        return site if await self._used(str(bot_id)) >= site.daily_tokens else None

    async def _spent_key(self, row: int) -> ApiKey | None:
        key = await self.database.read(api_key, row)
        if key is None or key.daily_tokens is None:
            return None
        return key if await self._used(of_key(row)) >= key.daily_tokens else None

    async def _used(self, whose: str) -> int:
        return await self.database.read(tokens_used_by, whose, days(self.clock.now()))

    async def _who_may(self, action: Action, turn: Turn) -> Sequence[int]:
        """Those of the company's people who can allow more."""
        people = await self.database.read(people_of, turn.tenant, self.clock.now())
        return [one.user_id for one in people if may(Role(one.role), action)]


def counted_for(turn: Turn, last: ClientMessage | None) -> tuple[str, ...]:
    """For whom the tokens of a turn on such a channel are counted by themselves."""
    program = last.program if last else None
    return (str(turn.address.bot_id), *((of_key(program),) if program else ()))
