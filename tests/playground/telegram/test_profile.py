"""The bot itself: its commands by scope and language, its name and descriptions."""

import pytest
import telegram
from telegram.error import BadRequest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Person

HELP = telegram.BotCommand("help", "Cosa posso chiedere")
CONFIGURE = telegram.BotCommand("configure", "La scheda dell'azienda")


async def test_a_bot_knows_itself(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (17, "sportello_bot", True)
    assert me.can_read_all_group_messages is False


async def test_commands_belong_to_a_scope_and_a_language(bot: telegram.Bot, anna: Person) -> None:
    scope = telegram.BotCommandScopeChat(anna.id)
    await bot.set_my_commands([HELP])
    await bot.set_my_commands([HELP, CONFIGURE], scope=scope, language_code="it")

    assert await bot.get_my_commands() == (HELP,)
    assert await bot.get_my_commands(scope=scope, language_code="it") == (HELP, CONFIGURE)
    assert await bot.get_my_commands(scope=scope) == ()
    assert await bot.get_my_commands(language_code="it") == ()

    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_pages_see_the_commands(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    await bot.set_my_commands([HELP], language_code="it")
    [described] = emulator.describe()["bots"]
    assert described["commands"] == [
        {
            "scope": {"type": "default"},
            "language_code": "it",
            "commands": [{"command": "help", "description": "Cosa posso chiedere"}],
        }
    ]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [(("Què", "x"), "Bot_command_invalid"), (("help", ""), "Bot_command_description_invalid")],
)
async def test_a_bad_command_is_refused(
    bot: telegram.Bot, command: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence):
        await bot.set_my_commands([command])


async def test_too_many_commands_are_refused(bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Bot_commands_too_much"):
        await bot.set_my_commands([(f"c{number}", "x") for number in range(101)])


async def test_texts_belong_to_a_language(bot: telegram.Bot, emulator: TelegramEmulator) -> None:
    await bot.set_my_description("The front desk")
    await bot.set_my_description("Lo sportello", language_code="it")
    await bot.set_my_short_description("Desk")
    await bot.set_my_name("Aurora")

    assert (await bot.get_my_description()).description == "The front desk"
    assert (await bot.get_my_description(language_code="it")).description == "Lo sportello"
    assert (await bot.get_my_description(language_code="ru")).description == "The front desk"
    assert (await bot.get_my_short_description()).short_description == "Desk"
    assert (await bot.get_my_name(language_code="it")).name == "Aurora"
    assert (await bot.get_me()).first_name == "Aurora"


async def test_a_long_description_is_refused(bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Short description is too long"):
        await bot.set_my_short_description("x" * 121)
