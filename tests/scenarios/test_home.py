"""Whoever holds a role finds the way: the greeting, the menu, the home card, and its key."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins, Bots, Desk, DeskMenu, Home
from bot.core.texts.hosts import Tenants
from bot.core.texts.profile import Versions
from bot.telegram.admin.roles import what_it_allows
from tests.scenarios.admins import ADA, admin, both_languages, each_language, invites, joins
from tests.scenarios.cards import has_heard, last, sees, sees_company
from tests.scenarios.company import SECRET_KEY, company
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage
from tests.scenarios.test_claim import the_claim
from tests.scenarios.versions import appoint, drafts

CLUB_TOKEN = f"8300:AA{'club' * 8}b"
OWN_MENU = {"home", "configure", "bots", "admins", "cancel", "help"}


async def with_a_role(stage: Stage, role: str, language: str = "it") -> Person:
    """Somebody who was invited in that role."""
    ada = await admin(stage, language)
    ada.writes("/admins")
    await ada.receives(1)
    link = await invites(ada, role, language=language)
    return await joins(stage, "Bea", link, role, language)


async def test_a_host_has_the_menu_whatever_comes_first(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/tenants")
    await ada.receives(1)
    await closed.until(lambda: {"home", "tenants", "help"} <= set(ada.menu()))


async def test_a_role_given_elsewhere_has_its_menu_in_every_bot(closed: Stage) -> None:
    await closed.opens(secret_key=SECRET_KEY)
    bank = await company(closed)
    await bank.adds_bot()
    await bank.hears_that("bot started")
    await appoint(closed, ADA, "owner")
    ada = closed.person("Ada")
    there = ada.at(bank.bot)
    for place in (ada, there):
        place.writes("/configure")
        await place.receives(1)
    await closed.until(lambda: set(ada.menu()) >= OWN_MENU and set(there.menu()) >= OWN_MENU)


@each_language
async def test_help_names_what_a_role_allows(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    ada.writes("/help")
    everybodys, hers = [message["text"] for message in await ada.receives(2)]
    assert everybodys == say(Text.HELP, language)
    assert hers.startswith(say(Desk.HELP, language))
    assert f"/tenants – {say(DeskMenu.TENANTS, language)}" in hers
    anna = closed.person("Anna", language)
    anna.writes("/help")
    await anna.hears(say(Text.HELP, language))


async def test_words_behind_help_are_answered_all_the_same(closed: Stage) -> None:
    ada = await admin(closed)
    closed.will_say("Alle 14.")
    ada.writes("/help A che ora è il check-in?")
    await ada.receives(4)
    assert ada.said()[-1] == "Alle 14."


@both_languages
async def test_whoever_claims_the_service_is_led_to_the_first_company(
    stage: Stage, language: str
) -> None:
    anna = stage.person("Anna", language)
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, language))
    assert anna.buttons() == [say(Home.NEW_COMPANY, language)]
    assert anna.is_led_home()
    anna.presses(say(Home.NEW_COMPANY, language))
    await anna.hears(say(Tenants.ASK_NAME, language))


@pytest.mark.parametrize("role", ["owner", "admin", "operator", "viewer"])
async def test_whoever_is_invited_reads_what_they_may_and_is_led_on(
    closed: Stage, role: str
) -> None:
    bea = await with_a_role(closed, role)
    assert what_it_allows(role, "it") in bea.said()[-1]
    assert bea.is_led_home()
    await closed.until(lambda: {"home", "configure"} <= set(bea.menu()))
    bea.presses(say(Admins.OPEN_CARD, "it", tenant="Hotel Aurora"))
    await sees(bea, "Hotel Aurora")


async def test_who_is_invited_where_all_is_set_up_is_not_sent_to_the_guide(closed: Stage) -> None:
    ada = await admin(closed)
    said = {"sector": "Hotel", "knowledge": "Costa 8 euro.", "contact": "045 000", "tone": "warm"}
    await closed.publishes(**said, opening_hours=["Mon-Fri 9-18"])
    ada.writes("/admins")
    await ada.receives(1)
    bea = await joins(closed, "Bea", await invites(ada, "owner"), "owner")
    assert bea.buttons() == [say(Admins.OPEN_CARD, "it", tenant="Hotel Aurora")]


async def test_an_operator_is_promised_nothing_that_does_not_exist(closed: Stage) -> None:
    bea = await with_a_role(closed, "operator")
    assert set(bea.menu()) & {"knowledge", "publish", "bots", "admins", "audit"} == set()
    bea.writes("/start")
    assert say(Home.KNOWS_NOTHING, "it") not in await last(bea)
    assert bea.buttons()[-2:] == [say(Home.CARD, "it"), say(Home.TALK, "it")]


@each_language
async def test_start_shows_what_waits_each_with_its_button(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    await drafts(closed, sector="Ospitalità", welcome="Ciao!")
    ada.writes("/start")
    text = await last(ada)
    assert text.startswith("Hotel Aurora\n\n")
    assert f"• {say(Home.UNPUBLISHED, language, count=2)}" in text
    assert f"• {say(Home.KNOWS_NOTHING, language)}" in text
    waits = (Home.PUBLISH, Home.TEACH)
    wanted = (*waits, Home.SETUP, Home.CARD, Home.TALK, Home.NEW_COMPANY, Home.ALL_COMPANIES)
    assert ada.buttons() == [say(one, language) for one in wanted]
    ada.presses(say(Home.PUBLISH, language))
    await sees(ada, say(Versions.ASK_PUBLISH, language))


async def test_of_several_companies_each_has_its_own_buttons(closed: Stage) -> None:
    ada = await admin(closed)
    await company(closed)
    await drafts(closed, sector="Ospitalità")
    ada.writes("/start")
    text = await last(ada)
    bank, hotel = text.index("Banca Aessefin"), text.index("Hotel Aurora")
    by_link = text.index(say(Home.NO_BOT_BUT_LINK, "it"))
    assert bank < text.index(say(Home.NO_CONTACT, "it")) < by_link < hotel
    assert hotel < text.index(say(Home.UNPUBLISHED, "it", count=1))
    ada.presses(say(Home.PUBLISH, "it"))
    await sees(ada, say(Versions.ASK_PUBLISH, "it"))
    assert ada.said()[-1].startswith("Hotel Aurora\n\n")


async def test_a_bot_that_is_missing_is_asked_for_at_once(closed: Stage) -> None:
    closed.telegram.registry.let_manage(BOT)
    ada = await admin(closed, secret_key=SECRET_KEY, managed_bots=True)
    await company(closed)
    ada.writes("/start")
    await last(ada)
    ada.presses(say(Home.ADD_BOT, "it"))
    await ada.hears(f"Banca Aessefin\n\n{say(Bots.ASK_TOKEN, 'it')}")
    assert ada.buttons()[-1] == say(Bots.CREATE, "it")


async def test_a_company_of_several_is_in_hand_once_its_card_is_opened(closed: Stage) -> None:
    ada = await admin(closed)
    await company(closed)
    ada.writes("/start")
    await ada.receives(1)
    ada.presses("Banca Aessefin")
    await sees_company(ada)
    ada.writes("/bots")
    assert (await last(ada)).startswith("Banca Aessefin\n\n")


async def test_one_who_owns_two_companies_has_a_home_before_choosing_one(closed: Stage) -> None:
    await closed.opens(secret_key=SECRET_KEY)
    bank, club = await company(closed), await company(closed, "club", token=CLUB_TOKEN)
    for tenant in (bank.tenant, club.tenant):
        await appoint(closed, ADA, "owner", tenant=tenant)
    ada = closed.person("Ada")
    for typed in ("/start", "/home"):
        ada.writes(typed)
        assert (await last(ada)).startswith(say(Home.COMPANIES, "it"))
    ada.writes("/done")
    await ada.hears(say(Versions.NO_PREVIEW, "it"))
    assert ada.is_led_home()


async def test_one_with_a_role_talks_as_a_client_does(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/start")
    await ada.receives(1)
    ada.presses(say(Home.TALK, "it"))
    await ada.hears(WELCOME, AI_NOTICE)
    assert not ada.is_led_home()
    closed.will_say("Dalle 14.")
    ada.writes("Check-in?")
    await ada.hears("Dalle 14.")


async def test_so_does_one_who_opens_the_link_for_clients(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/start hotel")
    await ada.hears(WELCOME, AI_NOTICE)


@pytest.mark.parametrize("command", [*DeskMenu])
async def test_every_card_leads_home(closed: Stage, command: str) -> None:
    ada = await admin(closed)
    ada.writes(f"/{command}")
    await ada.receives(1)
    assert ada.is_led_home() or command in {"home", "preview"}  # these begin something themselves


async def test_the_key_home_leaves_what_was_asked(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/configure sector")
    await ada.receives(1)
    ada.presses(say(Home.BUTTON, "it"))
    await sees(ada, say(Home.ROLE, "it", role="gestore del servizio"))
    await has_heard(ada)
    closed.will_say("Salve.")
    ada.writes("Ospitalità")
    await ada.hears(AI_NOTICE, "Salve.")
    assert await closed.count("SELECT count(*) FROM drafts WHERE changes <> '{}'") == 0
