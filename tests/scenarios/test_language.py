"""/language: what somebody chose counts, and everything that the product says is in it."""

import pytest

from bot.core.texts import LANGUAGES, Text, command_descriptions, say
from bot.core.texts.desk import DeskMenu
from bot.front.commands import what_is_kept
from bot.front.languages import named
from bot.playground.openai import FaultKind
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, HOTEL, Stage

AUTOMATIC = say(Text.LANGUAGE_AS_TOLD, "it")
NAMES = {one: say(Text.LANGUAGE_NAME, one) for one in LANGUAGES}


async def speaking(stage: Stage, language: str) -> Person:
    """An Italian who chose another language."""
    anna = stage.person("Anna")
    anna.writes(f"/language {language}")
    await anna.hears(say(Text.LANGUAGE_CHOSEN, language))
    return anna


async def asked(stage: Stage) -> Person:
    anna = stage.person("Anna")
    anna.writes("/language")
    await anna.hears(say(Text.LANGUAGE_ASK, "it"))
    return anna


@pytest.mark.parametrize("language", LANGUAGES)
async def test_commands_are_answered_in_it(stage: Stage, language: str) -> None:
    anna = await speaking(stage, language)
    anna.writes("/help")
    await anna.hears(say(Text.HELP, language))
    anna.writes("/privacy")
    await anna.hears(what_is_kept(HOTEL, language, host_days=365))


async def test_it_is_chosen_by_a_button(stage: Stage) -> None:
    anna = await asked(stage)
    assert anna.buttons() == [*NAMES.values(), AUTOMATIC]
    anna.presses(NAMES["ru"])
    await anna.hears(say(Text.LANGUAGE_CHOSEN, "ru"))
    await stage.until(lambda: stage.answered_presses() == 1 and not anna.buttons())
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "ru"))


async def test_the_first_press_counts(stage: Stage) -> None:
    anna = await asked(stage)
    for label in (NAMES["ru"], NAMES["en"]):
        anna.presses(label)
    await anna.hears(say(Text.LANGUAGE_CHOSEN, "ru"))
    await anna.hears()


async def test_one_can_go_back_to_telegrams(stage: Stage) -> None:
    anna = await speaking(stage, "en")
    anna.writes("/language")
    await anna.hears(say(Text.LANGUAGE_ASK, "en"))
    anna.presses(say(Text.LANGUAGE_AS_TOLD, "en"))
    await anna.hears(say(Text.LANGUAGE_FOLLOWED, "it"))
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))


async def test_a_language_that_is_not_spoken_is_asked_for_again(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/language klingon")
    await anna.hears(say(Text.LANGUAGE_UNKNOWN, "it"))
    anna.presses(NAMES["en"])
    await anna.hears(say(Text.LANGUAGE_CHOSEN, "en"))


async def test_the_model_is_told(stage: Stage) -> None:
    anna = await speaking(stage, "ru")
    stage.will_say("14:00.")
    anna.writes("Check-in?")
    await anna.hears(AI_NOTICE, "14:00.")
    (request,) = stage.asked()
    assert "⟦language: ru⟧" in str(request["input"])


async def test_a_failure_is_told_in_it(stage: Stage) -> None:
    await stage.publishes(ai_notice="")
    anna = await speaking(stage, "en")
    anna.writes("/start")
    await anna.receives(2)
    stage.openai_fails(FaultKind.STATUS, status=400, code="invalid_prompt")
    stage.warns("turn failed", "refused")
    anna.writes("Check-in?")
    await anna.hears(say(Text.FAILURE, "en"))


async def test_what_could_not_be_handled_is_told_in_it(stage: Stage) -> None:
    anna = await speaking(stage, "ru")
    anna.shares(story=5)
    stage.warns("update failed", "update unreadable")
    await anna.hears(say(Text.FAILURE, "ru"))


async def test_a_host_is_told_in_it(closed: Stage) -> None:
    host = closed.person("Oste")
    await closed.opens(admin_ids=str(host.chat_id))
    host.writes("/language en")
    await host.hears(say(Text.LANGUAGE_CHOSEN, "en"))
    closed.injects(message="ciao")
    closed.warns("update failed", "update unreadable")
    await host.hears(say(Text.HOST_UPDATE_UNREADABLE, "en"))


def menu(stage: Stage, person: Person) -> dict[str, str]:
    """The commands that Telegram shows in the person's chat, and what each does."""
    shown = stage.telegram.clients.menu(person.chat_id, bot_id=BOT)
    return {one["command"]: one["description"] for one in shown}


async def test_the_menu_follows_it_and_goes_back(stage: Stage) -> None:
    anna = await speaking(stage, "en")
    await stage.until(lambda: menu(stage, anna) == command_descriptions("en"))
    anna.writes("/language")
    await anna.hears(say(Text.LANGUAGE_ASK, "en"))
    anna.presses(NAMES["ru"])
    await anna.hears(say(Text.LANGUAGE_CHOSEN, "ru"))
    await stage.until(lambda: menu(stage, anna) == command_descriptions("ru"))
    anna.writes("/language")
    await anna.hears(say(Text.LANGUAGE_ASK, "ru"))
    anna.presses(say(Text.LANGUAGE_AS_TOLD, "ru"))
    await anna.hears(say(Text.LANGUAGE_FOLLOWED, "it"))
    await stage.until(lambda: menu(stage, anna) == command_descriptions("it"))


async def test_the_menu_of_who_holds_a_role_follows_it_too(closed: Stage) -> None:
    ada = closed.person("Ada")
    await closed.opens(admin_ids=(ada.chat_id,))
    ada.writes("/language en")
    await ada.hears(say(Text.LANGUAGE_CHOSEN, "en"))
    await closed.until(lambda: menu(closed, ada).get("tenants") == say(DeskMenu("tenants"), "en"))


async def test_too_fast_is_told_in_it(closed: Stage) -> None:
    closed.clock.speed = 1  # however busy the machine is, a minute is long
    await closed.opens(turns_per_minute=1)
    anna = await speaking(closed, "en")
    closed.will_say("14:00.")
    anna.writes("Check-in?")
    await anna.hears(AI_NOTICE, "14:00.")
    closed.will_say("11:00.")
    anna.writes("Check-out?")
    await anna.hears(say(Text.TOO_FAST, "en", count=60))
    closed.clock.skips(60)
    await anna.hears("11:00.")


async def test_it_outlives_a_restart(stage: Stage) -> None:
    anna = await speaking(stage, "en")
    await stage.closes()
    await stage.opens()
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "en"))


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("ru-RU", "ru"),
        ("it_CH", "it"),
        ("русский", "ru"),
        (" Italiano ", "it"),
        ("", None),
        ("de", None),
        ("english please", None),
    ],
)
def test_a_language_goes_by_its_tag_or_its_own_name(words: str, language: str | None) -> None:
    assert named(words) == language
