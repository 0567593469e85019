"""The bot itself: its commands by scope and language, its name and descriptions."""

import pytest
import telegram
from telegram.error import BadRequest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.methods.profile import RENAMES_A_DAY
from bot.playground.telegram.records import Json, Person
from tests.playground.telegram.support import BOT_ID, Http, description

HELP = telegram.BotCommand("help", "Cosa posso chiedere")
CONFIGURE = telegram.BotCommand("configure", "La scheda dell'azienda")


async def test_a_bot_knows_itself(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (17, "sportello_bot", True)
    assert me.can_read_all_group_messages is False


async def test_its_owner_picks_another_name(bot: telegram.Bot, emulator: TelegramEmulator) -> None:
    emulator.accounts.rename_bot(BOT_ID, "alba_bot")
    assert (await bot.get_me()).username == "alba_bot"
    with pytest.raises(ValueError, match="taken"):
        emulator.accounts.rename_bot(BOT_ID, "Alba_Bot")


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


@pytest.mark.parametrize(
    ("kind", "limit"), [("name", 64), ("description", 512), ("short_description", 120)]
)
async def test_a_text_has_a_limit(http: Http, kind: str, limit: int) -> None:
    method = "setMy" + kind.title().replace("_", "")
    assert await http.call(method, **{kind: "x" * limit}) is True
    body = await http.refused(method, **{kind: "x" * (limit + 1)})
    assert description(body) == f"Bad Request: {kind.replace('_', ' ')} is too long"


async def test_a_bot_renamed_too_often_has_to_wait(http: Http) -> None:
    for number in range(RENAMES_A_DAY):
        await http.call("setMyName", name=f"Aurora {number}")
    body = await http.refused("setMyName", name="Aurora")
    assert (body["error_code"], body["parameters"]["retry_after"]) == (429, 24 * 3600 + 1)


async def test_a_language_is_two_letters(http: Http) -> None:
    for method in ("setMyName", "setMyDescription", "setMyCommands", "getMyCommands"):
        body = await http.refused(method, language_code="ita")
        assert description(body) == "Bad Request: invalid language code specified"


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [
        ({"type": "everyone"}, "can't parse BotCommandScope: unsupported type specified"),
        ({"type": "chat"}, "chat_id is empty"),
        ({"type": "chat", "chat_id": 5}, "chat not found"),
    ],
)
async def test_a_scope_that_cannot_be_is_refused(
    http: Http, anna: Person, scope: Json, sentence: str
) -> None:
    body = await http.refused("setMyCommands", commands=[HELP.to_dict()], scope=scope)
    assert description(body) == f"Bad Request: {sentence}"


async def test_a_person_finds_the_narrowest_menu_in_their_language(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    here = {"type": "chat", "chat_id": anna.id}
    steps: list[tuple[str, Json]] = [
        ("default", {}),
        ("private", {"scope": {"type": "all_private_chats"}}),
        ("other", {"scope": {"type": "all_private_chats"}, "language_code": "ru"}),
        ("private_it", {"scope": {"type": "all_private_chats"}, "language_code": "it"}),
        ("here", {"scope": here}),
        ("here_it", {"scope": here | {"chat_id": str(anna.id)}, "language_code": "it"}),
    ]
    seen = []
    for name, place in steps:
        await http.call("setMyCommands", commands=[{"command": name, "description": "x"}], **place)
        menu = await http.get(f"/client/chats/{anna.id}/commands?bot={BOT_ID}")
        seen.append(menu[0]["command"])
    assert seen == ["default", "private", "private", "private_it", "here", "here_it"]

    await http.call("setMyCommands", commands=[], scope=here, language_code="it")
    await http.call("deleteMyCommands", scope=here)
    [first] = emulator.clients.menu(anna.id, bot_id=BOT_ID)
    assert first["command"] == "private_it"


async def test_a_groups_administrator_finds_more(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    bruno = emulator.accounts.add_person("Bruno")
    group = emulator.accounts.add_group("Gita", members=[anna.id, bruno.id, BOT_ID])
    for kind in ("all_group_chats", "all_chat_administrators"):
        command = {"command": kind, "description": "x"}
        await http.call("setMyCommands", commands=[command], scope={"type": kind})

    found = [
        emulator.clients.menu(group.id, bot_id=BOT_ID, sender=person.id)[0]["command"]
        for person in (anna, bruno)
    ]
    assert found == ["all_chat_administrators", "all_group_chats"]


async def test_a_long_description_is_refused(bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Short description is too long"):
        await bot.set_my_short_description("x" * 121)
