"""/company: an admin of several companies takes another one in hand."""

import pytest

from bot.core.texts import say
from bot.core.texts.desk import Desk, Home
from bot.core.texts.hosts import Tenants
from tenants.profile import Profile
from tests.scenarios.admins import admin
from tests.scenarios.company import company
from tests.scenarios.stage import AI_NOTICE, Stage


@pytest.mark.parametrize("language", ["it", "en"])
async def test_another_company_is_taken_in_hand(closed: Stage, language: str) -> None:
    await company(closed, profile=Profile(company_name="Banca"))
    ada = await admin(closed, language)
    ada.writes("/company")
    await ada.hears(say(Desk.ANOTHER_TENANT, language, tenant="Hotel Aurora"))
    ada.presses("Banca")
    await ada.shows(say(Desk.IN_HAND, language, tenant="Banca"))
    shown = closed.telegram.clients.messages(ada.chat_id, bot_id=ada.bot)[-1]
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == say(Home.CARD, language)
    ada.writes("/configure")
    (card,) = await ada.receives(1)
    assert card["text"].startswith("Banca")


async def test_who_works_for_one_has_no_choice(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/company")
    await ada.hears(say(Desk.ONLY_TENANT, "it", tenant="Hotel Aurora"))


async def test_another_command_closes_a_question(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/tenants hotel")
    await ada.receives(1)
    ada.presses(say(Tenants.RENAME, "it"))
    await ada.hears(say(Tenants.ASK_LINK, "it", name="hotel"))
    ada.writes("/company")
    await ada.hears(say(Desk.ONLY_TENANT, "it", tenant="Hotel Aurora"))
    closed.will_say("Prego.")
    ada.writes("aurora")
    await ada.hears(AI_NOTICE, "Prego.")
    assert await closed.rows("SELECT name FROM tenants") == [("hotel",)]
