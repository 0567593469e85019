"""The Bot API methods about the bot itself: who it is, its commands and texts."""

import json
import re
from typing import Final

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot, Json, encode
from bot.playground.telegram.world import World

COMMANDS_LIMIT: Final = 100
COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LIMIT: Final = 256
TEXT_LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, bot: Bot, params: Params) -> Json:
    """Who the bot is."""
    return bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, bot: Bot, params: Params) -> bool:
    """Set the commands of one scope and language."""
    commands = [_check_command(command) for command in params.objects("commands")]
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    by_language = bot.commands.setdefault(_scope(params), {})
    by_language[params.text("language_code")] = commands
    _keep_commands(world, bot)
    return True


def delete_my_commands(world: World, bot: Bot, params: Params) -> bool:
    """Forget the commands of one scope and language."""
    bot.commands.get(_scope(params), {}).pop(params.text("language_code"), None)
    _keep_commands(world, bot)
    return True


def get_my_commands(world: World, bot: Bot, params: Params) -> list[Json]:
    """The commands of exactly this scope and language."""
    return bot.commands.get(_scope(params), {}).get(params.text("language_code"), [])


def set_my_name(world: World, bot: Bot, params: Params) -> bool:
    """Set the name, which is also what chats show."""
    if not params.text("language_code") and params.text("name"):
        bot.first_name = params.text("name")
    return _set_text(world, bot, params, "name")


def set_my_description(world: World, bot: Bot, params: Params) -> bool:
    """Set what an empty chat shows."""
    return _set_text(world, bot, params, "description")


def set_my_short_description(world: World, bot: Bot, params: Params) -> bool:
    """Set what the profile shows."""
    return _set_text(world, bot, params, "short_description")


def get_my_name(world: World, bot: Bot, params: Params) -> Json:
    """The name in a language."""
    return {"name": _text(bot, params, "name") or bot.first_name}


def get_my_description(world: World, bot: Bot, params: Params) -> Json:
    """The description in a language."""
    return {"description": _text(bot, params, "description")}


def get_my_short_description(world: World, bot: Bot, params: Params) -> Json:
    """The short description in a language."""
    return {"short_description": _text(bot, params, "short_description")}


def _scope(params: Params) -> str:
    scope = params.object("scope")
    return encode(dict(sorted(scope.items()))) if scope else '{"type":"default"}'


def _check_command(command: Json) -> Json:
    name, description = str(command.get("command", "")), str(command.get("description", ""))
    if not COMMAND.fullmatch(name.removeprefix("/").lower()):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description or len(description) > DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/").lower(), "description": description}


def _keep_commands(world: World, bot: Bot) -> None:
    world.keep_bot(bot)
    world.events.add("commands", bot=bot.id, commands=describe_commands(bot))


def describe_commands(bot: Bot) -> list[Json]:
    """A bot's command lists as pages see them: scope and language as the bot named them."""
    return [
        {"scope": json.loads(scope), "language_code": language, "commands": commands}
        for scope, by_language in bot.commands.items()
        for language, commands in by_language.items()
    ]


def _text(bot: Bot, params: Params, kind: str) -> str:
    texts = bot.texts.get(kind, {})
    return texts.get(params.text("language_code")) or texts.get("", "")


def _set_text(world: World, bot: Bot, params: Params, kind: str) -> bool:
    text = params.text(kind)
    if len(text) > TEXT_LIMITS[kind]:
        raise bad_request(f"{kind.replace('_', ' ')} is too long")
    bot.texts.setdefault(kind, {})[params.text("language_code")] = text
    world.keep_bot(bot)
    world.events.add("profile", bot=bot.id, first_name=bot.first_name, texts=bot.texts)
    return True
