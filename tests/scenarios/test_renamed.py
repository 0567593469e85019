"""The bot's owner gives it another name in @BotFather while it runs."""

from bot.core.texts import Text, say
from tests.scenarios.admins import admin, invites
from tests.scenarios.people import BOT, Person, Place
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

NEW = "alba_bot"
HELP = say(Text.HELP, "it")


def renamed(stage: Stage) -> None:
    stage.telegram.accounts.rename_bot(BOT, NEW)


def together(stage: Stage) -> tuple[Person, Place]:
    anna = stage.person("Anna")
    return anna, stage.group(anna)


async def test_who_calls_it_by_its_new_name_is_answered(stage: Stage) -> None:
    anna, group = together(stage)
    await stage.settles()
    renamed(stage)
    stage.will_say("Dalle 14:00.")
    anna.writes(f"@{NEW} a che ora è il check-in?", to=group)
    await group.hears(AI_NOTICE, "Dalle 14:00.")
    stage.will_say("Fino alle 11:00.")
    anna.writes("@aurora_bot e il check-out?", to=group)
    await group.hears("Fino alle 11:00.")
    assert stage.inputs() == [
        ["⟦from: Anna⟧\na che ora è il check-in?"],
        ["⟦from: Anna⟧\ne il check-out?"],
    ]


async def test_a_command_may_name_it_either_way(stage: Stage) -> None:
    anna, group = together(stage)
    await stage.settles()
    anna.writes("/help@aurora_bot", to=group)
    await group.hears(HELP)
    renamed(stage)
    anna.writes(f"/help@{NEW}", to=group)
    await group.hears(HELP)
    anna.writes("/help@aurora_bot", to=group)
    await group.hears(HELP)
    anna.writes(f"/start@{NEW}", to=group)
    await group.hears(WELCOME, AI_NOTICE)


async def test_other_bots_of_the_group_are_left_to_answer(stage: Stage) -> None:
    anna, group = together(stage)
    await stage.settles()
    anna.writes("@weather_bot che tempo fa?", to=group)
    anna.writes("/help@weather_bot", to=group)
    await group.hears()


async def test_links_open_it_by_its_new_name(closed: Stage) -> None:
    ada = await admin(closed)
    group = closed.group(ada)
    await closed.settles()
    renamed(closed)
    ada.writes(f"/help@{NEW}", to=group)
    await group.hears(HELP)
    ada.writes("/admins")
    await ada.receives(1)
    assert (await invites(ada, "viewer")).startswith(f"https://t.me/{NEW}?start=")
    assert await closed.rows("SELECT username FROM bots") == [(NEW,)]
