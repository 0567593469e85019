"""Two companies in one process: nothing of one is seen in the other, whoever asks and however."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, insert, update

from bot.core.texts import Text, say
from bot.core.texts.client import Access
from bot.core.texts.desk import Desk
from bot.ops.vault import KeyVault
from bot.turns.redact import Redaction
from db.codes import IssueCode
from db.drafts import Change
from db.journal import apply
from db.models import admins
from db.records import Actor
from db.transaction import Operation
from tenants.profile import Profile, Source
from tests.databases import SEEDED_AT
from tests.scenarios.company import SECRET_KEY, Company, company
from tests.scenarios.people import Json, Person
from tests.scenarios.stage import AI_NOTICE, Stage

HOTEL = 1
ADA, BRUNO = 1001, 1002  # the first people of a stage: one at the hotel, one at the bank
HERS = admins.c.user_id == ADA
CODE = "zaffiro99"
EXPIRED = say(Text.BUTTON_EXPIRED, "it")
NOT_ALLOWED = say(Desk.NOT_ALLOWED, "it", tenant="Hotel quarzo")
COMMANDS = (
    *("configure", "configure export", "knowledge", "assistants", "publish", "history"),
    *("audit", "bots", "admins"),
)


def full(mark: str) -> Profile:
    """A profile that bears its company's mark wherever it can."""
    return Profile(
        company_name=f"Hotel {mark}",
        knowledge=f"La parola è {mark}.",
        sources=(Source(name=f"{mark}.txt", text=f"Fonte {mark}.", added_at=SEEDED_AT),),
        assistants={f"vip-{mark}": {"knowledge": f"Riservato {mark}."}},
        test_questions=(f"Che cos'è {mark}?",),
        welcome=f"Benvenuti da {mark}!",
        ai_notice=AI_NOTICE,
    )


@pytest.fixture
async def bank(closed: Stage) -> Company:
    """Beside the hotel, whose bot is the host's; each with a draft and an owner."""
    await closed.publishes(**full("quarzo").model_dump(mode="json"))
    bank = await company(closed, "bank", full("zibibbo"))
    await bank.adds_bot()
    for user, tenant, mark in ((ADA, HOTEL, "quarzo"), (BRUNO, bank.tenant, "zibibbo")):
        await appoint(closed, user, tenant)
        change = Change(tenant, {"welcome": f"Bozza {mark}"}, Actor(user, mark), SEEDED_AT, ())
        await done(closed, change)
    await closed.opens(secret_key=SECRET_KEY)
    await bank.hears_that("bot started")
    return bank


async def done(stage: Stage, operation: Operation[Any]) -> None:
    await stage.database.write(lambda connection: apply(connection, [operation]))


async def appoint(stage: Stage, user: int, tenant: int, role: str = "owner") -> None:
    row = insert(admins).values(
        tenant_id=tenant, user_id=user, role=role, name=f"Admin di {tenant}", added_at=SEEDED_AT
    )
    await stage.database.write(lambda connection: connection.execute(row))


async def asks(person: Person, notice: str = "") -> Json:
    """What the model is told when somebody asks something."""
    stage = person.stage
    assert isinstance(stage, Stage)
    stage.will_say("Eccomi.")
    person.writes("Che cos'è?")
    await person.hears(*([notice] if notice else []), "Eccomi.")
    return stage.asked()[-1]


async def toast(person: Person, data: str) -> str:
    """What is shown to somebody who presses a button with these data."""
    stage = person.stage
    assert isinstance(stage, Stage)
    person.finds_button("Qui", data=data)
    before = stage.answered_presses()
    person.presses("Qui")
    await stage.until(lambda: stage.answered_presses() > before)
    return str(stage.telegram.calls.of("answerCallbackQuery")[-1].params.get("text"))


async def seen(person: Person) -> str:
    """All that Telegram shows to somebody, down to the data of buttons."""
    await person.stage.settles()
    await person.receives(0)
    shown = person.stage.telegram.clients.messages(person.chat_id, bot_id=person.bot)
    menu = person.stage.telegram.clients.menu(person.chat_id, bot_id=person.bot)
    return json.dumps([shown, menu], ensure_ascii=False)


async def state(stage: Stage) -> list[list[tuple[object, ...]]]:
    """Whatever an admin could have changed."""
    tables = ("tenants", "profiles", "drafts", "admins", "invites", "hands", "codes", "audit")
    return [await stage.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]  # noqa: S608 - our own names


# --------------------------------------------------------------------- clients


async def test_the_model_knows_one_company_at_a_time(closed: Stage, bank: Company) -> None:
    anna = closed.person("Anna")
    hotel_asked = await asks(anna, AI_NOTICE)
    bank_asked = await asks(bank.client(anna), AI_NOTICE)
    anna.writes("/start bank")
    await anna.hears("Benvenuti da zibibbo!", AI_NOTICE)
    shared_asked = await asks(anna)
    assert "zibibbo" not in json.dumps(hotel_asked)
    for asked in (bank_asked, shared_asked):
        assert "La parola è zibibbo." in asked["instructions"]
        assert "quarzo" not in json.dumps(asked)
    conversations = {one["conversation"] for one in (hotel_asked, bank_asked, shared_asked)}
    assert len(conversations) == 3


async def test_neither_drafts_nor_private_assistants_are_told(closed: Stage, bank: Company) -> None:
    asked = json.dumps(await asks(closed.person("Anna"), AI_NOTICE), ensure_ascii=False)
    assert "La parola è quarzo." in asked
    assert "Bozza" not in asked
    assert "Riservato" not in asked


async def test_a_code_opens_at_its_own_company_alone(closed: Stage, bank: Company) -> None:
    vault = KeyVault.open(SecretStr(SECRET_KEY))
    issue = IssueCode(
        tenant=HOTEL,
        assistant="vip-quarzo",
        digests=Redaction(closed.database, vault, closed.clock, {}).digests(CODE),
        generated=False,
        actor=Actor(ADA, "Ada"),
        now=SEEDED_AT,
    )
    await done(closed, issue)
    anna = closed.person("Anna")
    anna_at_bank = bank.client(anna)
    anna_at_bank.writes(f"/unlock {CODE}")
    await anna_at_bank.hears(say(Access.REFUSED, "it"))
    anna.writes("/start bank")
    await anna.receives(2)
    anna.writes(f"/unlock {CODE}")
    await anna.hears(say(Access.REFUSED, "it"))
    anna.writes("/start hotel")
    await anna.receives(2)
    anna.writes(f"/unlock {CODE}")
    opened, _greeting = await anna.receives(2)
    assert opened["text"] == say(Access.OPENED, "it")
    assert "Riservato quarzo." in (await asks(anna))["instructions"]


# ---------------------------------------------------------------------- admins


async def test_an_admin_sees_the_own_company_on_every_bot(closed: Stage, bank: Company) -> None:
    ada, bruno = closed.person("Ada"), closed.person("Bruno")
    hers, his = (ada, bank.client(ada)), (bruno, bank.client(bruno))
    await looks_at_everything(closed, *hers, *his)
    for place, own, other in (
        *((place, "quarzo", "zibibbo") for place in hers),
        *((place, "zibibbo", "quarzo") for place in his),
    ):
        shown = await seen(place)
        assert own in shown
        assert other not in shown


async def looks_at_everything(stage: Stage, *places: Person) -> None:
    for place in places:
        for command in COMMANDS:
            place.writes(f"/{command}")
    await stage.settles()
    for place in places:
        assert len(await place.receives(len(COMMANDS))) >= len(COMMANDS)


BUTTONS: Sequence[str] = (
    *("configure:{}:card", "configure:{}:set pace off", "configure:{}:discard yes"),
    *("history:{}:v 1", "history:{}:yes 1 1", "publish:{}:now 1.x", "publish:{}:show"),
    *("knowledge:{}:clear", "assistants:{}:new", "assistants:{}:make vip"),
    *("admins:{}:list", "admins:{}:invite owner 0", "admins:{}:gone 1002", "audit:{}:tenant"),
    *("bots:{}:add", "tenants:{}:delete", "tenants:{}:pause", "take:{}:configure", "take:{}:"),
)


async def test_a_button_of_another_company_is_one_that_expired(
    closed: Stage, bank: Company
) -> None:
    ada = closed.person("Ada")
    before = await state(closed)
    for data in BUTTONS:
        assert (data, await toast(ada, data.format(bank.tenant))) == (data, EXPIRED)
    assert "zibibbo" not in await seen(ada)
    assert await state(closed) == before


@pytest.mark.parametrize(
    "data",
    [
        *("configure:99999999999999999999:x", "configure:999999999999999999:x", "tenants:abc:"),
        *("configure:-1:card", "configure::card", "configure:1", "configure", ":1:", "take:1"),
        *("configure:01\u0663:card", "CONFIGURE:1:card", "x" * 64, "configure:1\n:card"),
    ],
)
async def test_data_written_by_hand_are_expired_too(
    closed: Stage, bank: Company, data: str
) -> None:
    assert await toast(closed.person("Ada"), data) == EXPIRED


@pytest.mark.parametrize(
    "data", ["tenants:1:abc", "tenants:1:show abc", "tenants:1:", "tenants:0:make ../bot"]
)
async def test_words_that_no_button_has_change_nothing(closed: Stage, data: str) -> None:
    await closed.opens(admin_ids=(ADA,))
    ada = closed.person("Ada")
    before = await state(closed)
    assert await toast(ada, data) == (EXPIRED if data == "tenants:1:abc" else "None")
    assert await state(closed) == before
    await seen(ada)


# ----------------------------------------------------------------------- roles


@pytest.mark.parametrize(
    "data",
    [
        *(
            "publish:1:now 2.x",
            "configure:1:set pace off",
            "history:1:yes 1 2",
            "knowledge:1:clear",
        ),
        # Which word is looked at must be the one that is meant.
        *("configure:1: set pace off", "configure:1:\tset pace off", "history:1: yes 1 2"),
        *("configure:1:\u00a0discard yes", "audit:1: service"),
    ],
)
async def test_an_operator_publishes_and_changes_nothing(
    closed: Stage, bank: Company, data: str
) -> None:
    await change_roles(closed, role="operator")
    ada = closed.person("Ada")
    before = await state(closed)
    assert await toast(ada, data) == NOT_ALLOWED
    assert await state(closed) == before


async def change_roles(stage: Stage, **values: object) -> None:
    """Ada's are others from now on."""
    change = update(admins).where(HERS).values(**values)
    await stage.database.write(lambda connection: connection.execute(change))


async def asked_for_a_name(stage: Stage) -> Person:
    ada = stage.person("Ada")
    ada.writes("/configure company_name")
    await ada.receives(1)
    return ada


async def test_who_was_asked_and_lost_the_role_is_a_client(closed: Stage, bank: Company) -> None:
    ada = await asked_for_a_name(closed)
    await closed.database.write(lambda c: c.execute(delete(admins).where(HERS)))
    before = await state(closed)
    assert "Bozza" not in json.dumps(await asks(ada, AI_NOTICE))
    assert "La parola è quarzo." in (await asks(ada))["instructions"]
    assert await state(closed) == before


async def test_who_was_asked_and_has_a_role_elsewhere_is_told(closed: Stage, bank: Company) -> None:
    ada = await asked_for_a_name(closed)
    await change_roles(closed, tenant_id=bank.tenant)
    before = await state(closed)
    ada.writes("Hotel Rubato")
    await ada.hears(say(Desk.NOT_YOURS, "it"))
    await asks(ada, AI_NOTICE)
    assert await state(closed) == before


async def test_a_host_who_was_asked_about_what_is_gone_is_told(closed: Stage) -> None:
    await closed.opens(admin_ids=(ADA,))
    bank = await company(closed, "bank", full("zibibbo"))
    ada = closed.person("Ada")
    ada.finds_button("Qui", data=f"configure:{bank.tenant}:ask company_name")
    ada.presses("Qui")
    await closed.until(lambda: closed.answered_presses() > 0)
    await closed.settles()
    await ada.receives(0)
    for table in ("profiles", "tenants"):
        column = "id" if table == "tenants" else "tenant_id"
        await closed.runs(f"DELETE FROM {table} WHERE {column} = {bank.tenant}")  # noqa: S608 - our own names
    ada.writes("Hotel Rubato")
    await ada.hears(say(Desk.NOT_YOURS, "it"))
    await asks(ada, AI_NOTICE)


async def test_a_role_that_is_over_is_none(closed: Stage, bank: Company) -> None:
    ada = await asked_for_a_name(closed)
    await change_roles(closed, expires_at=SEEDED_AT)
    ada.writes("/configure")
    await ada.hears(say(Text.UNKNOWN_COMMAND, "it"))
    assert await toast(ada, "configure:1:card") == EXPIRED
    assert "La parola è quarzo." in (await asks(ada, AI_NOTICE))["instructions"]
