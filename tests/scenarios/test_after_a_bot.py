"""A bot of its own is what the guide asks for last: on with what is left, or it is done."""

from bot.core.texts import say
from bot.core.texts.desk import Admins, Bots, Home
from bot.core.texts.setup import Setup
from bot.telegram.admin.fields import label
from tests.scenarios.admins import admin
from tests.scenarios.cards import last
from tests.scenarios.company import SECRET_KEY
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

OWN = 8300
OWN_TOKEN = f"{OWN}:AAowntokenowntokenowntokenowntokenow"
ALL_ELSE = {
    "sector": "Ospitalità",
    "knowledge": "La colazione costa 8 euro.",
    "opening_hours": "lun-ven 9-18",
    "contact": "+39 045 000 0142",
    "tone": "warm",
}


async def pastes(stage: Stage) -> Person:
    """An owner who gives the hotel a bot."""
    stage.telegram.accounts.add_bot(OWN_TOKEN, username="own_bot", first_name="Own")
    ada = await admin(stage, secret_key=SECRET_KEY)
    ada.writes("/bots")
    await last(ada)
    ada.presses(say(Bots.ADD, "it"))
    await last(ada)
    ada.writes(OWN_TOKEN)
    stage.bots.add(OWN)
    return ada


async def test_it_goes_on_with_what_is_left(closed: Stage) -> None:
    ada = await pastes(closed)
    assert say(Bots.ADDED, "it", bot="own_bot") in await last(ada)
    ada.presses(say(Home.SETUP, "it"))
    assert say(Setup.TRADE, "it") in await last(ada)


async def test_where_nothing_is_left_it_says_that_it_is_done(closed: Stage) -> None:
    await closed.publishes(**ALL_ELSE)
    ada = await pastes(closed)
    added, done = [one["text"] for one in await ada.receives(2)]
    assert say(Bots.ADDED, "it", bot="own_bot") in added
    assert say(Setup.DONE_LINK, "it", link="https://t.me/own_bot") in done
    assert {label("opening_hours", "it"), say(Home.CARD, "it")} < {*ada.buttons()}


async def test_who_only_runs_the_service_is_offered_to_be_an_owner(closed: Stage) -> None:
    await closed.publishes(**ALL_ELSE)
    ada = await pastes(closed)
    await ada.receives(2)
    ada.presses(say(Admins.ADD_ME, "it"))
    assert say(Admins.ADDED_ME, "it") in await last(ada)
    ada.writes("/setup")
    await last(ada)
    assert say(Admins.ADD_ME, "it") not in ada.buttons()
