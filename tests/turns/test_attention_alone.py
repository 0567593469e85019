"""Telling and showing by themselves: what is read and done is given. Whole cases are scenarios'."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.texts import Text
from bot.errors import GiveUp, RetryLater
from bot.ports import Outgoing, Toolbox
from bot.turns.attention import LOOK_SECONDS, SOON_SECONDS, Attention
from db.attention import Asked, Case, Notified, TellPeople, untold
from db.calls import CallRow, CallState
from db.engine import Database
from db.journal import Journal
from db.outdated import Outdated, Rewritten, outdated
from db.people import roles_of
from db.quotes import was_forgotten
from db.records import TELEGRAM, Message, Outcome, UpdateKind
from db.requests import untold_requests
from db.talks import FromClient, Talk, TalkPage, TalkTurn
from db.tenants import tenant_by_id
from tenants.permissions import Role
from tenants.profile import Profile
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.journal import FakeReads
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tools import FakeToolbox
from tests.turns.test_call_words import Titled

PROFILE = Profile(company_name="Hotel Aurora")
ANNA = Talk(1, 1, 1, chat_at(BOT, 1), "public", "Anna", 0.0, waiting=True)
LUCA = replace(ANNA, row=2, chat=2)
ELSEWHERE = replace(ANNA, row=3, tenant=2)


@dataclass(slots=True)
class Screen(FakeChannel):
    """A channel that refuses to change what it shows."""

    refuses: list[Exception] = field(default_factory=list)

    async def rewrite(self, message: Outgoing, message_id: str) -> None:
        if self.refuses:
            raise self.refuses.pop(0)
        await FakeChannel.rewrite(self, message, message_id)


class OfCompanies(FakeToolbox):
    """The tools are a company's own."""

    async def at(self, tenant: int) -> Toolbox:
        return FakeToolbox([Titled()])


@dataclass(slots=True)
class Place:
    """What is around it: a journal of one company's people, its registry, lanes and hosts."""

    found: Mapping[Any, list[Any]] = field(default_factory=dict)
    notified: list[Notified] = field(default_factory=list)  # what comes of each telling
    done: list[Any] = field(default_factory=list)
    informed: list[tuple[object, str]] = field(default_factory=list)
    screen: Screen = field(default_factory=Screen)
    clock: FakeClock = field(default_factory=FakeClock)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    delivery: Any = field(default_factory=lambda: SimpleNamespace(owner="me"))
    attention: Attention = field(init=False)

    def __post_init__(self) -> None:
        around: Any = self
        self.attention = Attention(
            cast(Journal, self),
            cast(Database, FakeReads(self.found)),
            around,
            OfCompanies(),
            {TELEGRAM: self.screen},
            around,
            around,
            self.clock,
            self.telemetry,
            {BOT},
        )

    async def do(self, operation: Any) -> Any:
        self.done.append(operation)
        return self.notified.pop(0) if isinstance(operation, TellPeople) else None

    async def profile(self, *_: object) -> Profile:
        return PROFILE

    def add(self, *_: object) -> None:
        """Nothing goes out."""

    async def inform(self, others: object, text: object, bot_id: int, **values: str) -> None:
        self.informed.append((text, values["company"]))

    def told(self) -> list[tuple[int, bool]]:
        tellings = (one for one in self.done if isinstance(one, TellPeople))
        return [(one.talk.row, one.though_nobody) for one in tellings]


def to_tell(*talks: Talk) -> dict[Any, list[Any]]:
    """They wait, and there is nothing to show."""
    tenants = [SimpleNamespace(id=one.tenant, version=1) for one in talks]
    return {
        untold: [([*talks], None)],
        untold_requests: [((), None)],
        tenant_by_id: [*tenants],
        outdated: [()],
    }


async def test_where_nobody_is_on_duty_the_rest_of_the_company_waits_and_no_other() -> None:
    place = Place(to_tell(ANNA, LUCA, ELSEWHERE), [Notified(later=True), Notified()])
    assert await place.attention.once() == LOOK_SECONDS
    assert place.told() == [(1, False), (3, False)]
    assert [fields["talk"] for _, fields in place.telemetry.records] == [3]
    assert not place.informed


async def test_where_nobody_can_be_told_the_hosts_are_and_it_is_over() -> None:
    place = Place(to_tell(ANNA, LUCA), [Notified(nobody=True), Notified(), Notified()])
    await place.attention.once()
    assert place.told() == [(1, False), (1, True), (2, False)]
    assert place.informed == [(Text.HOST_NOBODY_TOLD, "Hotel Aurora")]


async def test_of_a_company_that_is_gone_nobody_is_told() -> None:
    place = Place({**to_tell(ANNA), tenant_by_id: [None]})
    await place.attention.once()
    assert not place.done


async def test_what_fails_is_told_and_looked_at_again_and_no_sooner_than_it_is_woken() -> None:
    found = {untold: [OSError("disk"), ([], None), ([], None)]}
    place = Place({**to_tell(), **found, untold_requests: [((), None)] * 2, outdated: [()] * 2})
    keeping = asyncio.ensure_future(place.attention.keep())
    await rounds()
    [(event, fields)] = place.telemetry.warnings
    assert (event, fields["error"]) == ("people not told", "OSError")
    place.clock.jump(place.clock.time + 1)
    place.attention.wake()
    await rounds()
    assert len(found[untold]) == 1
    place.clock.jump(place.clock.time + LOOK_SECONDS - 1)  # the look before is not to come any more
    await rounds()
    assert len(found[untold]) == 1
    place.clock.jump(place.clock.time + 1)
    await rounds()
    assert not found[untold]
    keeping.cancel()
    await asyncio.wait({keeping})


# ------------------------------------------------------------------- showing

CASE = Case(1, ANNA, (Asked(1, Outcome.UNKNOWN, None),), TalkPage())
PERSON = chat_at(BOT, 9)
SHOWN = Outdated(5, 7.0, PERSON, "en", "300", is_on_its_way=False, is_copy=False, case=CASE)
ERASED = replace(SHOWN, case=None)


@pytest.mark.parametrize(
    ("shown", "refusal", "again", "refused"),
    [
        (SHOWN, None, None, False),
        (SHOWN, RetryLater(20, "429"), 20.0, False),
        (SHOWN, RetryLater(0.5, "429"), SOON_SECONDS, False),
        (SHOWN, GiveUp("400"), None, False),
        (ERASED, GiveUp("400"), None, True),
        (ERASED, None, None, False),
        (replace(SHOWN, is_on_its_way=True), None, SOON_SECONDS, False),
        (replace(SHOWN, message_id=None), None, None, False),
    ],
)
async def test_what_cannot_be_shown_now_is_shown_soon_or_stays(
    shown: Outdated, refusal: Exception | None, again: float | None, refused: bool
) -> None:
    tenant = SimpleNamespace(id=1, version=1)
    role = {ANNA.tenant: Role.OWNER}
    found = {**to_tell(), outdated: [(shown,)], roles_of: [role], tenant_by_id: [tenant]}
    place = Place(found)
    place.screen.refuses = [refusal] if refusal else []
    wait = await place.attention.once()
    due = None if again is None else place.clock.time + again
    assert place.done == [Rewritten(5, 7.0, due, is_gone=False, refused=refused)]
    assert wait == (LOOK_SECONDS if again is None else SOON_SECONDS)
    seen = not refusal and not shown.is_on_its_way and shown.message_id is not None
    assert bool(place.screen.existing) is seen


async def test_one_that_breaks_lets_the_others_go_first() -> None:
    found = {**to_tell(), outdated: [(SHOWN, replace(ERASED, quote=6))], roles_of: [OSError()]}
    place = Place(found)
    await place.attention.once()
    later, shown = place.done
    assert later == Rewritten(5, 7.0, place.clock.time + LOOK_SECONDS)
    assert shown.quote == 6
    assert place.telemetry.count("people not told") == 1


@pytest.mark.parametrize("forgotten", [False, True])
async def test_what_was_forgotten_while_it_was_on_its_way_is_taken_out_after_it(
    forgotten: bool,
) -> None:
    place = Place({was_forgotten: [forgotten]})
    async with place.attention.showing(PERSON, "300", read_at=5.0) as is_there:
        assert is_there is not forgotten
        assert not place.attention._wake.is_set()
    assert place.attention._wake.is_set() is forgotten


def test_what_was_wanted_is_in_the_words_of_its_own_turn() -> None:
    def says(number: int, words: str) -> FromClient:
        payload = f'{{"message_id": {number}, "text": "{words}"}}'
        return FromClient(Message(number, UpdateKind.MESSAGE, "1", payload), 0.0, number)

    turns = tuple(TalkTurn(number, 0.0, "done", None, None, None) for number in (1, 2))
    page = TalkPage(turns, (says(1, "Cani?"), says(2, "Gatti?")))
    asked = (Asked(1, Outcome.UNKNOWN, None), Asked(2, Outcome.UNKNOWN, "whether cats may come"))
    wanted = Place().attention._asked(Case(1, ANNA, asked, page), "en")
    assert [*wanted] == ["Cani?", "whether cats may come"]


@pytest.mark.parametrize(
    ("language", "told"),
    [("it", "❓ Prenotare un tavolo · giorno: lunedì"), ("en", "❓ Book table · day: monday")],
)
async def test_what_is_in_doubt_is_told_in_the_words_of_its_reader(
    language: str, told: str
) -> None:
    day = "lunedì" if language == "it" else "monday"
    doubt = CallRow("call_1", "r", "book_table", f'{{"day": "{day}"}}', "d", CallState.DOUBT)
    case = replace(CASE, asked=(Asked(1, Outcome.UNKNOWN, None, doubts=(doubt,)),))
    shown = replace(SHOWN, case=case, language=language)
    tenant = SimpleNamespace(id=1, version=1)
    roles = {ANNA.tenant: Role.OWNER}
    place = Place({**to_tell(), outdated: [(shown,)], roles_of: [roles], tenant_by_id: [tenant]})
    await place.attention.once()
    assert told in place.screen.existing["300"].text
