"""Whether a turn may still cost something today, by itself: who has used it up, and who is told."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from bot.core.texts import Key, Text
from bot.ports import ClientMessage
from bot.turns.budget import Allowance, DayBudget, counted_for, days
from bot.turns.hosts import Hosts
from db.api_keys import IssueKey, LimitKey, Scope, of_key
from db.engine import Database
from db.journal import Journal
from db.people import Appoint, Person
from db.rows import count_tokens, days_of
from db.sites import AddSite, ChangeSite, programs_bot, site_bot
from db.tenants import SaveProfile
from tenants.permissions import Role
from tests.databases import SEEDED_AT, SOMEBODY
from tests.fakes.clock import NOON, FakeClock
from tests.turns.records import TURN

HOTEL = SITE = KEY = 1
LIMIT = 100
TODAY, YESTERDAY = days(NOON), days(NOON - 86_400)
OF_SITE, OF_KEY = str(site_bot(SITE)), of_key(KEY)
VISITED = replace(TURN, tenant=HOTEL, address=replace(TURN.address, bot_id=site_bot(SITE)))
PROGRAMS = replace(VISITED, address=replace(TURN.address, bot_id=programs_bot(HOTEL)))
WRITTEN = ClientMessage("1", "?", "Anna", "1", None)
BY_KEY = replace(WRITTEN, program=KEY)
CAP = "cap 2026-11-20"


@dataclass(slots=True)
class Noted:
    """What the hosts are told, and who else is."""

    told: list[tuple[Key, int, str, Collection[int], object]] = field(default_factory=list)

    async def tell(self, text: Key, bot_id: int, *, key: str) -> None:
        await self.inform((), text, bot_id, key=key)

    async def inform(
        self, others: Collection[int], text: Key, bot_id: int, *, key: str, **values: object
    ) -> None:
        self.told.append((text, bot_id, key, tuple(others), values))


@dataclass(slots=True)
class Place:
    """A budget, and what is around it."""

    budget: DayBudget
    journal: Journal
    noted: Noted

    async def used(self, tokens: int, whose: str = "", on: tuple[str, str] = TODAY) -> None:
        which = days_of(whose, on) if whose else on
        await self.budget.database.write(lambda c: count_tokens(c, which, tokens))

    async def limits_site(self, tokens: int | None = LIMIT) -> None:
        change = {"daily_tokens": tokens}
        assert await self.journal.do(ChangeSite(SITE, HOTEL, change, SOMEBODY, SEEDED_AT))

    async def limits_key(self, tokens: int | None = LIMIT) -> None:
        change = {"daily_tokens": tokens}
        assert await self.journal.do(LimitKey(KEY, HOTEL, change, SOMEBODY, SEEDED_AT))


@pytest.fixture
async def place(database: Database, journal: Journal) -> Place:
    """A company with a site, a key and people, and a host who allows no more than its limit."""
    clock, noted = FakeClock(), Noted()
    await journal.do(SaveProfile("hotel", "{}", "test", SEEDED_AT))
    await journal.do(AddSite(HOTEL, "site_x", ("https://aurora.example",), SOMEBODY, SEEDED_AT))
    scopes, by = frozenset({Scope.CHAT}), SOMEBODY
    key = IssueKey(tenant=HOTEL, name="crm", digest="", scopes=scopes, actor=by, now=SEEDED_AT)
    await journal.do(key)
    for user, role in ((11, Role.OWNER), (12, Role.ADMIN), (13, Role.OPERATOR)):
        await journal.do(Appoint(HOTEL, Person(user, role, role), SOMEBODY, SEEDED_AT))
    allowance = Allowance(database, clock, 10 * LIMIT)
    return Place(DayBudget(database, clock, allowance, cast(Hosts, noted)), journal, noted)


@pytest.mark.parametrize("apart", [True, False])
async def test_what_the_host_allows_is_for_all(place: Place, *, apart: bool) -> None:
    await place.used(10 * LIMIT, on=YESTERDAY)
    await place.used(10 * LIMIT - 1)
    assert await place.budget.why_not(VISITED, WRITTEN, apart=apart) == ""
    await place.used(1)
    assert await place.budget.why_not(VISITED, WRITTEN, apart=apart) == "daily token limit"
    assert place.noted.told == [(Text.HOST_DAILY_CAP, site_bot(SITE), CAP, (), {})]


async def test_a_site_that_used_its_own_is_told_to_who_can_allow_it_more(place: Place) -> None:
    await place.limits_site()
    await place.used(LIMIT - 1, OF_SITE)
    assert await place.budget.why_not(VISITED, WRITTEN, apart=True) == ""
    await place.used(1, OF_SITE)
    assert await place.budget.why_not(VISITED, None, apart=True) == "daily token limit of the site"
    key, values = f"{CAP} {OF_SITE}", {"site": "aurora.example"}
    assert place.noted.told == [(Text.SITE_DAILY_CAP, site_bot(SITE), key, (11, 12), values)]
    assert await place.budget.why_not(PROGRAMS, BY_KEY, apart=True) == ""


async def test_a_key_that_used_its_own_is_told_to_who_can_allow_it_more(place: Place) -> None:
    await place.limits_key()
    await place.used(LIMIT - 1, OF_KEY)
    assert await place.budget.why_not(PROGRAMS, BY_KEY, apart=True) == ""
    await place.used(1, OF_KEY)
    assert (
        await place.budget.why_not(PROGRAMS, BY_KEY, apart=True) == "daily token limit of the key"
    )
    key, values = f"{CAP} {OF_KEY}", {"name": "crm"}
    assert place.noted.told == [(Text.KEY_DAILY_CAP, programs_bot(HOTEL), key, (11,), values)]
    other = replace(BY_KEY, program=KEY + 1)
    for last in (None, WRITTEN, other):
        assert await place.budget.why_not(PROGRAMS, last, apart=True) == ""


async def test_who_has_no_limit_of_their_own_may_use_what_the_host_allows(place: Place) -> None:
    for whose in (OF_SITE, OF_KEY):
        await place.used(10 * LIMIT, whose)
    for turn in (VISITED, PROGRAMS):
        assert await place.budget.why_not(turn, BY_KEY, apart=True) == ""
    await place.limits_site()
    await place.limits_key()
    for turn in (VISITED, PROGRAMS):  # a channel on which nobody has one
        assert await place.budget.why_not(turn, BY_KEY, apart=False) == ""
    assert place.noted.told == []


def test_tokens_count_for_the_bot_and_for_the_key_with_which_it_was_written() -> None:
    assert counted_for(PROGRAMS, BY_KEY) == (str(programs_bot(HOTEL)), OF_KEY)
    assert counted_for(VISITED, WRITTEN) == counted_for(VISITED, None) == (OF_SITE,)


def test_a_day_is_utcs_and_goes_with_the_one_that_follows() -> None:
    assert days(NOON) == days(NOON + 43_199) == ("2026-11-20", "2026-11-21")
    assert days(NOON + 43_200) == ("2026-11-21", "2026-11-22")
