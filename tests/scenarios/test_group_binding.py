"""A group is bound to the first company that somebody there asks for; who may change that."""

import pytest

from bot.core.texts import Text, say
from bot.playground.telegram.records import Status
from db.journal import apply
from db.people import Appoint
from db.people import Person as Member
from db.tenants import find_tenant
from tenants.profile import Profile
from tests.databases import SEEDED_AT
from tests.scenarios.company import CONSOLE, company
from tests.scenarios.people import ANONYMOUS, Person, Place
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

BANK = Profile(company_name="Banca", welcome="Banca, buongiorno.", ai_notice="AI.")
BOUND = say(Text.GROUP_BOUND, "it", company="Banca")
GREETING = ("Banca, buongiorno.", "AI.")
HOTELS = (WELCOME, AI_NOTICE)


@pytest.fixture(autouse=True)
async def bank(stage: Stage) -> None:
    """A company beside the hotel, whose bot it is."""
    await company(stage, profile=BANK)


async def bound(stage: Stage, anna: Person, *others: Person) -> Place:
    """A group that Anna has bound to the bank."""
    group = stage.group(anna, *others)
    anna.writes("/start@aurora_bot bank", to=group)
    await group.hears(*GREETING)
    return group


def makes(stage: Stage, person: Person, status: Status, group: Place) -> None:
    stage.telegram.accounts.set_member(group.chat_id, person.chat_id, status)


def asked_telegram(stage: Stage) -> int:
    return len(stage.telegram.calls.of("getChatMember"))


async def test_the_first_link_binds_and_a_member_cannot_change_it(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    for person in (bruno, anna):
        person.writes("/start hotel", to=group)
        await group.hears(BOUND)
    stage.will_say("In banca.")
    bruno.writes("@aurora_bot chi sei?", to=group)
    await group.hears("In banca.")
    assert "Banca" in stage.asked()[-1]["instructions"]
    assert asked_telegram(stage) == 2


async def test_the_company_that_speaks_anyway_can_be_bound_too(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = stage.group(anna, bruno)
    anna.writes("/start hotel", to=group)
    await group.hears(*HOTELS)
    bruno.writes("/start bank", to=group)
    await group.hears(say(Text.GROUP_BOUND, "it", company="Hotel Aurora"))


async def test_whoever_names_the_same_company_is_greeted(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    bruno.writes("/start bank", to=group)
    await group.hears(*GREETING)
    bruno.writes("/start", to=group)
    await group.hears(*GREETING)
    assert asked_telegram(stage) == 0


@pytest.mark.parametrize("status", [Status.ADMINISTRATOR, Status.CREATOR])
async def test_the_groups_administrator_changes_it(stage: Stage, status: Status) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    makes(stage, bruno, status, group)
    bruno.writes("/start hotel", to=group)
    await group.hears(*HOTELS)
    anna.writes("/start bank", to=group)
    await group.hears(say(Text.GROUP_BOUND, "it", company="Hotel Aurora"))


async def test_who_was_an_administrator_changes_nothing(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    makes(stage, bruno, Status.ADMINISTRATOR, group)
    makes(stage, bruno, Status.MEMBER, group)
    bruno.writes("/start hotel", to=group)
    await group.hears(BOUND)


@pytest.mark.parametrize(("tenant", "may"), [("bank", True), ("hotel", False)])
async def test_a_role_in_the_company_to_which_it_is_bound_counts(
    stage: Stage, tenant: str, *, may: bool
) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    row = await stage.database.read(lambda connection: find_tenant(connection, tenant))
    member = Member(bruno.chat_id, "Bruno", "viewer")
    appoint = Appoint(row.id if row else 0, member, CONSOLE, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [appoint]))
    bruno.writes("/start hotel", to=group)
    await group.hears(*(HOTELS if may else (BOUND,)))


async def test_an_anonymous_administrator_is_told_to_use_a_name(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = await bound(stage, anna)
    chat = stage.telegram.world.chats[0, group.chat_id]
    group.gets("/start hotel", sender=ANONYMOUS, sender_chat=chat.brief())
    await group.hears(say(Text.GROUP_BOUND_ANONYMOUS, "it", company="Banca"))
    assert asked_telegram(stage) == 0


@pytest.mark.parametrize("fault", ["400", "403", "429", "500", "lose", "garble"])
async def test_where_telegram_does_not_tell_it_stays_bound(stage: Stage, fault: str) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    makes(stage, bruno, Status.ADMINISTRATOR, group)
    stage.telegram_fails(fault, method="getChatMember")
    bruno.writes("/start hotel", to=group)
    await group.hears(say(Text.GROUP_BOUND_UNKNOWN, "it", company="Banca"))
    bruno.writes("/start hotel", to=group)
    await group.hears(*HOTELS)


async def test_all_topics_of_a_group_are_bound_together(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    rooms, spa = stage.forum(["Camere", "Spa"], anna, bruno)
    anna.writes("/start bank", to=rooms)
    await rooms.hears(*GREETING)
    bruno.writes("/start hotel", to=spa)
    await spa.hears(BOUND)
    bruno.writes("/start bank", to=spa)
    await spa.hears(*GREETING)


async def test_a_group_that_moves_stays_bound(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = await bound(stage, anna, bruno)
    supergroup = stage.migrates(group)
    bruno.writes("/start hotel", to=supergroup)
    await supergroup.hears(BOUND)


async def test_in_a_private_chat_everybody_goes_where_they_like(stage: Stage) -> None:
    anna = stage.person("Anna")
    for link, greeting in (("bank", GREETING), ("hotel", HOTELS), ("bank", GREETING)):
        anna.writes(f"/start {link}")
        await anna.hears(*greeting)
    assert await stage.count("SELECT count(*) FROM hands") == 0
