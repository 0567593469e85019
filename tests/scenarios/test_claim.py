"""The first host of all: whoever opens the link first that is printed while there is none."""

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins, Desk, DeskMenu
from bot.core.texts.hosts import Tenants
from bot.playground.telegram.calls import Call
from tests.scenarios.admins import both_languages
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage


def the_claim(stage: Stage) -> str:
    assert stage.process is not None
    (link,) = stage.process.claims
    return link


def about_menu_of(person: Person, method: str) -> list[Call]:
    """What the bot asked about the menu that this person alone sees."""
    calls = person.stage.telegram.calls.of(method)
    return [call for call in calls if str(person.chat_id) in str(call.params.get("scope"))]


@both_languages
async def test_the_first_to_open_the_link_is_the_host(stage: Stage, language: str) -> None:
    anna = stage.person("Anna", language)
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, language))
    anna.writes("/tenants")
    await anna.hears(say(Tenants.LIST, language, count=1))


async def test_the_link_opens_once(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno", "ru")
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, "it"))
    bruno.opens(the_claim(stage))
    await bruno.hears(say(Admins.LINK_USED, "ru"))
    bruno.writes("/tenants")
    await bruno.hears(say(Text.UNKNOWN_COMMAND, "ru"))


async def test_a_host_sees_what_a_host_may_do(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, "it"))
    await stage.until(lambda: {"tenants", "admins", "help"} <= set(anna.menu()))
    bruno.writes("/help")
    await bruno.hears(say(Text.HELP, "it"))
    assert bruno.menu() == []
    bruno.writes("/start")
    await bruno.receives(2)
    await stage.settles()
    assert about_menu_of(bruno, "getMyCommands") == []
    shown = about_menu_of(anna, "setMyCommands")[-1].params["commands"]
    assert say(DeskMenu.TENANTS, "it") in str(shown)


async def test_the_link_is_good_for_an_hour(stage: Stage) -> None:
    anna = stage.person("Anna")
    await stage.runs("UPDATE invites SET expires_at = created_at")
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.LINK_EXPIRED, "it"))
    anna.writes("/tenants")
    await anna.hears(say(Text.UNKNOWN_COMMAND, "it"))


async def test_each_start_prints_another_and_voids_the_last(stage: Stage) -> None:
    anna, first = stage.person("Anna"), the_claim(stage)
    await stage.closes()
    await stage.opens()
    anna.opens(first)
    await anna.hears(say(Admins.LINK_REVOKED, "it"))
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, "it"))
    await stage.closes()
    await stage.opens()
    assert stage.process is not None
    assert stage.process.claims == []


async def test_there_is_nothing_to_claim_when_the_settings_name_a_host(closed: Stage) -> None:
    await closed.opens(admin_ids=(1001,))
    assert closed.process is not None
    assert closed.process.claims == []


async def test_the_link_is_stored_nowhere(stage: Stage) -> None:
    anna = stage.person("Anna")
    secret = the_claim(stage).partition("?start=")[2]
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, "it"))
    await stage.settles()
    stored = await stage.everything_stored()
    assert stored
    assert not [text for text in stored if secret in text or secret[2:] in text]


async def test_in_a_group_the_link_opens_nothing(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    payload = the_claim(stage).partition("?start=")[2]
    anna.writes(f"/start@aurora_bot {payload}", to=group)
    await group.hears(say(Admins.LINK_IN_PRIVATE, "it"))
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, "it"))


async def test_a_menu_that_telegram_refuses_is_tried_again_a_while_later(closed: Stage) -> None:
    closed.clock.speed = 1.0  # a minute without a try is no second
    await closed.opens()
    await closed.until(lambda: len(closed.telegram.calls.of("setMyCommands")) >= 4)  # everybody's
    closed.telegram_fails("500", method="getMyCommands", count=None)
    anna = closed.person("Anna")
    anna.opens(the_claim(closed))
    await anna.hears(say(Admins.JOINED_HOST, "it"))
    for _ in range(3):
        anna.writes("/cancel")
        await anna.hears(say(Desk.NOTHING_TO_CANCEL, "it"))
    await closed.settles()
    refused = len(about_menu_of(anna, "getMyCommands"))
    assert refused > 0
    anna.writes("/cancel")
    await anna.hears(say(Desk.NOTHING_TO_CANCEL, "it"))
    await closed.settles()
    assert len(about_menu_of(anna, "getMyCommands")) == refused
    closed.telegram.faults.clear()
    closed.clock.skips(60)
    anna.writes("/cancel")
    await anna.hears(say(Desk.NOTHING_TO_CANCEL, "it"))
    await closed.until(lambda: "tenants" in anna.menu())
