"""The first host of all: whoever opens the link first that is printed while there is none."""

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins, Desk, DeskMenu
from bot.core.texts.hosts import Tenants
from tests.scenarios.admins import both_languages
from tests.scenarios.stage import Stage


def the_claim(stage: Stage) -> str:
    assert stage.process is not None
    (link,) = stage.process.claims
    return link


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
    asked = stage.telegram.calls.of("getMyCommands")
    assert not [call for call in asked if str(bruno.chat_id) in str(call.params.get("scope"))]
    shown = stage.telegram.calls.of("setMyCommands")[-1].params["commands"]
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


async def test_a_menu_that_telegram_refuses_is_tried_again_a_while_later(stage: Stage) -> None:
    await stage.until(lambda: len(stage.telegram.calls.of("setMyCommands")) >= 4)  # everybody's
    stage.telegram_fails("500", method="getMyCommands", count=None)
    anna = stage.person("Anna")
    anna.opens(the_claim(stage))
    await anna.hears(say(Admins.JOINED_HOST, "it"))
    for _ in range(3):
        anna.writes("/cancel")
        await anna.hears(say(Desk.NOTHING_TO_CANCEL, "it"))
    await stage.settles()
    refused = len(stage.telegram.calls.of("getMyCommands"))
    anna.writes("/cancel")
    await anna.hears(say(Desk.NOTHING_TO_CANCEL, "it"))
    await stage.settles()
    assert len(stage.telegram.calls.of("getMyCommands")) == refused
    stage.telegram.faults.clear()
    stage.clock.skips(60)
    anna.writes("/cancel")
    await anna.hears(say(Desk.NOTHING_TO_CANCEL, "it"))
    await stage.until(lambda: "tenants" in anna.menu())
