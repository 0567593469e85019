"""/tenants: a host creates, renames, pauses and deletes companies."""

import json

from bot.core.texts import Text, say
from bot.core.texts.desk import Home
from bot.core.texts.hosts import Tenants
from tests.scenarios.admins import admin, both_languages
from tests.scenarios.company import BANK, SECRET_KEY, company
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage


async def host(closed: Stage, language: str = "it") -> Person:
    """The host, who has just looked at the list."""
    ada = await admin(closed, language)
    ada.writes("/tenants")
    await ada.hears(say(Tenants.LIST, language, count=1))
    return ada


async def create(ada: Person, name: str = "Boutique", preset: str = "Boutique Milano (it)") -> None:
    """From an example; the guide's first question is told, too."""
    ada.presses(say(Tenants.NEW, "it"))
    await ada.hears(say(Tenants.ASK_NAME, "it"))
    ada.presses(say(Tenants.EXAMPLES, "it"))
    await ada.shows(say(Tenants.NEW_FROM, "it"))
    ada.presses(preset)
    await ada.hears(say(Tenants.ASK_NAME, "it"))
    ada.writes(name)
    created, _ = await ada.receives(2)
    assert created["text"] == say(Tenants.CREATED, "it", company=name)


async def on_card(ada: Person, company: str, button: Tenants) -> None:
    """Press a button of a company's card."""
    ada.writes(f"/tenants {company}")
    await ada.receives(1)
    ada.presses(say(button, "it"))


@both_languages
async def test_a_stranger_knows_no_such_command(closed: Stage, language: str) -> None:
    await closed.opens(admin_ids=(999,))
    anna = closed.person("Anna", language)
    anna.writes("/tenants")
    await anna.hears(say(Text.UNKNOWN_COMMAND, language))


async def test_a_company_is_created_from_a_preset(closed: Stage) -> None:
    ada = await host(closed)
    await create(ada)
    found = await closed.rows("SELECT name, version FROM tenants ORDER BY id")
    assert found == [("hotel", 1), ("boutique", 1)]
    assert await closed.rows("SELECT actor, action, new FROM audit") == [
        ("Ada", "tenants.create", "boutique")
    ]


async def test_a_pause_is_ended_where_it_was_begun_and_at_home(closed: Stage) -> None:
    ada = await host(closed)
    for begins_at_home in (False, True):
        await on_card(ada, "hotel", Tenants.PAUSE)
        await ada.shows(say(Tenants.PAUSED, "it", company="Hotel Aurora"))
        assert await closed.rows("SELECT state FROM tenants") == [("paused",)]
        if begins_at_home:
            ada.writes("/home")
            await ada.receives(1)
        ada.presses(say(Home.RESUME if begins_at_home else Tenants.RESUME, "it"))
        await ada.shows(say(Tenants.RESUMED, "it", company="Hotel Aurora"))
        await closed.settles()
        assert await closed.rows("SELECT state FROM tenants") == [("active",)]


async def test_a_company_is_named_as_people_write_it(closed: Stage) -> None:
    ada = await host(closed)
    for count, name in enumerate(
        ("Studio Dentistico Rossi", "studio  dentistico ROSSI", "Ёлка"), 2
    ):
        ada.writes("/tenants")
        await ada.receives(1)
        ada.presses(say(Tenants.NEW, "it"))
        await ada.hears(say(Tenants.ASK_NAME, "it"))
        ada.writes(name)
        await ada.receives(2)
        assert await closed.count("SELECT count(*) FROM tenants") == count
    assert await closed.rows("SELECT name, company FROM tenants WHERE id > 1 ORDER BY id") == [
        ("studio-dentistico-rossi", "Studio Dentistico Rossi"),
        ("studio-dentistico-rossi-2", "studio dentistico ROSSI"),
        ("elka", "Ёлка"),
    ]


async def test_a_name_that_is_none_is_asked_for_again(closed: Stage) -> None:
    ada = await host(closed)
    ada.presses(say(Tenants.NEW, "it"))
    await ada.hears(say(Tenants.ASK_NAME, "it"))
    for name in ("\u200b", "a" * 101):
        ada.writes(name)
        await ada.hears(say(Tenants.BAD_NAME, "it", limit=100))
    ada.writes("/cancel")
    await ada.receives(1)
    assert await closed.count("SELECT count(*) FROM tenants") == 1


async def test_a_new_company_speaks_as_whoever_makes_it(closed: Stage) -> None:
    emma = await host(closed, language="en")
    emma.presses(say(Tenants.NEW, "en"))
    await emma.hears(say(Tenants.ASK_NAME, "en"))
    emma.writes("Bakery Lane")
    await emma.receives(2)

    [(body,)] = await closed.rows("SELECT body FROM profiles ORDER BY tenant_id DESC LIMIT 1")
    assert json.loads(body) == {"language": "en", "company_name": "Bakery Lane"}


async def test_a_company_is_deleted_by_its_name(closed: Stage) -> None:
    ada = await host(closed)
    await create(ada)
    await on_card(ada, "boutique", Tenants.DELETE)
    await ada.receives(1)
    ada.writes("hotel")
    await ada.hears(say(Tenants.NOT_DELETED, "it", name="boutique"))
    ada.writes("boutique")
    await ada.hears(say(Tenants.DELETED, "it", company="Boutique"))
    noted = "SELECT old FROM audit WHERE action = 'tenants.delete'"
    assert await closed.rows(noted) == [("Boutique",)]
    left = "SELECT name FROM tenants WHERE state <> 'deleted'"
    assert await closed.rows(left) == [("hotel",)]


async def test_a_company_falls_silent_before_it_is_deleted(closed: Stage) -> None:
    closed.clock.speed = 1.0  # as in life, bots are looked after every five seconds
    bank = await company(closed)
    await bank.adds_bot()
    ada = await admin(closed, secret_key=SECRET_KEY)
    await bank.hears_that("bot started")
    anna = bank.client(closed.person("Anna"))
    closed.will_say("Sì.", "Il conto costa " + "molto " * 50, delay_ms=200)
    anna.writes("Quanto costa?")
    await anna.hears(BANK.ai_notice, "Sì.")
    await on_card(ada, "bank", Tenants.DELETE)
    await ada.receives(1)
    ada.writes("bank")
    await ada.hears(say(Tenants.DELETED, "it", company=BANK.company_name))
    assert bank.count("bot stopped") == 1
    closed.bots.discard(bank.bot)


async def test_a_company_that_cannot_be_deleted_speaks_again(closed: Stage) -> None:
    bank = await company(closed)
    await bank.adds_bot()
    ada = await admin(closed, secret_key=SECRET_KEY)
    await bank.hears_that("bot started")
    give = "UPDATE bots SET tenant_id = {} WHERE token IS NULL"
    other = await company(closed, "shop", token=f"8300:{'A' * 35}")
    await other.adds_bot()
    await other.hears_that("bot started")
    await closed.runs(give.format(bank.tenant))  # the host's bot speaks for it as well
    at_shop = other.client(ada)
    await on_card(at_shop, "bank", Tenants.DELETE)
    await at_shop.receives(1)
    at_shop.writes("bank")
    held = say(Tenants.DELETE_SPEAKS, "it", bots="@aurora_bot", company=BANK.company_name)
    await at_shop.hears(held)
    await bank.hears_that("bot started", times=2)
    anna = bank.client(closed.person("Anna"))
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))


async def test_the_company_of_the_hosts_bot_stays(closed: Stage) -> None:
    ada = await host(closed)
    await on_card(ada, "hotel", Tenants.DELETE)
    await ada.receives(1)
    ada.writes("hotel")
    (said,) = await ada.receives(1)
    assert said["text"].startswith("Hotel Aurora risponde ancora su")
    assert await closed.rows("SELECT name FROM tenants") == [("hotel",)]


async def test_the_card_is_of_the_company_that_was_named(closed: Stage) -> None:
    ada = await host(closed)
    await create(ada)  # and takes it in hand
    ada.writes("/tenants hotel")
    (said,) = await ada.receives(1)
    assert said["text"].startswith("Hotel Aurora\n")


async def test_many_companies_are_listed_page_by_page(closed: Stage) -> None:
    for number in range(25):
        await company(closed, f"bank-{number:02}", token=f"{9000 + number}:{'A' * 35}")
    ada = await admin(closed)
    ada.writes("/tenants")
    await ada.hears(say(Tenants.LIST, "it", count=26))
    assert ada.buttons() == [*["Banca Aessefin"] * 20, "›", say(Tenants.NEW, "it")]
    ada.presses("›")
    rest = [*["Banca Aessefin"] * 5, "Hotel Aurora", "‹", say(Tenants.NEW, "it")]
    await closed.until(lambda: ada.buttons() == rest)
    ada.presses("‹")
    await closed.until(lambda: "›" in ada.buttons())


async def test_a_company_is_renamed(closed: Stage) -> None:
    ada = await host(closed)
    await on_card(ada, "hotel", Tenants.RENAME)
    await ada.receives(1)
    ada.writes("Aurora Verona")
    await ada.hears(say(Tenants.RENAMED, "it", old="hotel", name="aurora-verona"))
    assert await closed.rows("SELECT name FROM tenants") == [("aurora-verona",)]


async def test_another_company_may_answer_on_the_hosts_bot(closed: Stage) -> None:
    ada = await host(closed)
    await create(ada)
    await on_card(ada, "boutique", Tenants.SPEAK)
    await ada.shows(say(Tenants.SPEAKS, "it", company="Boutique"))
    anna = closed.person("Anna")
    anna.writes("/start")
    heard = [message["text"] for message in await anna.receives(2)]
    assert heard != [WELCOME, AI_NOTICE]
