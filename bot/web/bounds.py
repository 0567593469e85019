"""How often somebody may ask: counted in the tables, and told as it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from bot.ports import Clock, Vault
from bot.web.problems import QUOTA, ProblemDetails
from db.api_keys import ApiKey
from db.journal import Journal
from db.limits import Quota, QuotaState, Spend
from db.seconds import MINUTE_SECONDS

MESSAGES: Final = 60  # of one visitor, where the site does not say; more wait in any case
FROM_A_PLACE: Final = 240  # messages, from one address
SESSIONS: Final = 20  # new ones, from one address
OF_A_KEY: Final = 600  # messages, of all clients of a program whose key does not say
_PURPOSE: Final = "web limit"


@dataclass(frozen=True, slots=True)
class Bound:
    """One way in which somebody's asking is bounded; `whose` is kept as a hash."""

    name: str
    whose: str
    times: int
    seconds: float = MINUTE_SECONDS


def for_visitor(chat: str, place: str, messages: int | None) -> Sequence[Bound]:
    """Messages of a visitor's."""
    return (
        Bound("session", chat, MESSAGES if messages is None else messages),
        Bound("address", place, FROM_A_PLACE),
    )


def for_session(place: str) -> Sequence[Bound]:
    """A new session."""
    return (Bound("sessions", place, SESSIONS),)


def for_program(key: ApiKey) -> Sequence[Bound]:
    """Messages of a program's clients."""
    most = key.messages_per_minute
    return (Bound("key", str(key.id), OF_A_KEY if most is None else most),)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Counts, and refuses."""

    journal: Journal
    vault: Vault
    clock: Clock

    async def take(self, bounds: Sequence[Bound]) -> Mapping[str, str]:
        """One time of each; the headers that tell what is left. It is refused where nothing is."""
        return quota_headers(await self.spend(bounds))

    async def spend(self, bounds: Sequence[Bound]) -> QuotaState:
        """The same, and nothing is refused."""
        return await self.journal.do(Spend(self.quotas(bounds), self.clock.now()))

    def quotas(self, bounds: Sequence[Bound]) -> Sequence[Quota]:
        """As they are kept."""
        return [
            Quota(self.hashed(one.name, one.whose), one.times, one.seconds, name=one.name)
            for one in bounds
        ]

    def hashed(self, name: str, whose: str) -> str:
        """By what somebody is known in the tables."""
        return self.vault.digests(f"{name}/{whose}", purpose=_PURPOSE)[0]


def quota_headers(spent: QuotaState) -> Mapping[str, str]:
    """What is left, as headers; it is refused where nothing is. Raises ProblemDetails.

    As draft-ietf-httpapi-ratelimit-headers-11 has them.
    """
    limit = spent.limit
    headers = {
        "RateLimit-Policy": f'"{limit.name}";q={limit.times};w={limit.seconds:.0f}',
        "RateLimit": f'"{limit.name}";r={spent.left};t={ceil(spent.full_in)}',
    }
    if spent.wait > 0:
        title = "Too many requests in a short time."
        headers["Retry-After"] = str(ceil(spent.wait))
        raise ProblemDetails(429, QUOTA, title, headers)
    return headers
