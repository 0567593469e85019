"""After publishing, the tenant's own bot may show in Telegram what the profile says."""

import json
from typing import Any

from bot.core.texts import command_descriptions, say
from bot.core.texts.profile import Versions
from tests.scenarios.admins import HEAD, admin, both_languages
from tests.scenarios.cards import last
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage
from tests.scenarios.versions import drafts, publishes

SETTERS = ("setMyName", "setMyDescription", "setMyShortDescription")


async def accepts(stage: Stage, ada: Person, language: str = "it", **changes: Any) -> str:
    """Publish, take the offer, and hear what came of it."""
    await drafts(stage, **changes)
    await publishes(ada, language)
    await ada.receives(2)
    ada.presses(say(Versions.SHOW, language))
    return await last(ada)


def calls(stage: Stage) -> list[int]:
    """How often each was set."""
    return [len(stage.telegram.calls.of(method)) for method in SETTERS]


@both_languages
async def test_the_bot_shows_what_the_profile_says(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    told = await accepts(closed, ada, language, sector="locanda")
    assert told == HEAD + say(Versions.SHOWN, language)
    bot = closed.telegram.world.bots[BOT]
    assert bot.first_name == "Hotel Aurora"
    assert bot.texts["description"][""] == f"{WELCOME}\n\n{AI_NOTICE}"
    assert bot.texts["short_description"][""] == "Hotel Aurora: locanda"
    assert calls(closed) == [1, 1, 1]


async def test_the_menu_speaks_the_companys_language_to_everybody_else(closed: Stage) -> None:
    ada = await admin(closed)
    menus = closed.telegram.world.bots[BOT].commands
    await closed.until(lambda: len(closed.telegram.calls.of("setMyCommands")) >= 4)
    italian = command_descriptions("it")["new"]
    assert italian in str([menu[""] for menu in menus.values() if "" in menu])
    await drafts(closed, language="ru")
    await accepts(closed, ada)
    russian = command_descriptions("ru")["new"]
    assert russian in str([menu[""] for menu in menus.values() if "" in menu])


async def test_nothing_is_set_again_that_did_not_change(closed: Stage) -> None:
    ada = await admin(closed)
    await accepts(closed, ada, sector="locanda")
    await accepts(closed, ada, sector="ostello")
    assert calls(closed) == [1, 1, 2]
    menus = len(closed.telegram.calls.of("setMyCommands"))
    ada.presses(say(Versions.SHOW, "it"))
    await ada.hears(HEAD + say(Versions.SHOWN_ALREADY, "it"))
    assert calls(closed) == [1, 1, 2]
    assert len(closed.telegram.calls.of("setMyCommands")) == menus


async def test_where_nothing_differs_there_is_no_offer(closed: Stage) -> None:
    ada = await admin(closed)
    await accepts(closed, ada, sector="locanda")
    await drafts(closed, knowledge="Cani: no")
    await publishes(ada)
    await ada.hears(HEAD + say(Versions.PUBLISHED, "it"))


async def test_what_was_set_elsewhere_already_is_not_set(closed: Stage) -> None:
    closed.telegram.world.bots[BOT].first_name = "Hotel Aurora"
    ada = await admin(closed)
    await accepts(closed, ada, sector="locanda")
    assert calls(closed) == [0, 1, 1]


async def test_when_telegram_wants_a_pause_the_rest_is_done_and_it_goes_on_later(
    closed: Stage,
) -> None:
    ada = await admin(closed)
    closed.telegram_fails("429", method="setMyName", retry_after_seconds=7_000)
    told = await accepts(closed, ada, sector="locanda")
    assert told == HEAD + say(Versions.SHOW_WAIT, "it", count=2)
    (stored,) = await closed.rows("SELECT shown FROM bots")
    assert set(json.loads(stored[0])) == {"menu", "description", "short_description"}
    ada.presses(say(Versions.SHOW, "it"))
    assert await last(ada) == HEAD + say(Versions.SHOWN, "it")
    assert calls(closed) == [2, 1, 1]


async def test_what_telegram_refuses_is_said(closed: Stage) -> None:
    ada = await admin(closed)
    closed.telegram_fails("400", method="setMyDescription")
    assert await accepts(closed, ada, sector="locanda") == HEAD + say(Versions.SHOW_REFUSED, "it")


async def test_a_bot_that_several_tenants_share_stays_the_hosts(closed: Stage) -> None:
    ada = await admin(closed)
    await closed.runs(
        "INSERT INTO tenants (id, name, version, created_at) VALUES (2, 'bank', 1, 0)"
    )
    await closed.runs(
        "INSERT INTO profiles (tenant_id, version, body, author, created_at)"
        " VALUES (2, 1, '{}', 'test', 0)"
    )
    await drafts(closed, sector="locanda")
    await publishes(ada)
    await ada.hears(HEAD + say(Versions.PUBLISHED, "it"))
