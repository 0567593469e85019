"""The Bot API methods about a bot's commands, kept by scope and language."""

import json
import re
from typing import Final

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.params import Params
from bot.playground.telegram.places import known_chat
from bot.playground.telegram.records import Bot, Json, encode
from bot.playground.telegram.world import World

COMMANDS_LIMIT: Final = 100
COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LIMIT: Final = 256
LANGUAGE: Final = re.compile(r"([a-z]{2})?")
SCOPES: Final = {  # core.telegram.org/bots/api#botcommandscope: what each must name
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def set_my_commands(world: World, bot: Bot, params: Params) -> bool:
    """Set the commands of one scope and language; an empty list forgets them."""
    commands = [_check_command(command) for command in params.objects("commands")]
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    scope, language = _scope(world, bot, params), language_code(params)
    if commands:
        bot.commands.setdefault(scope, {})[language] = commands
    else:
        bot.commands.get(scope, {}).pop(language, None)
    _keep_commands(world, bot)
    return True


def delete_my_commands(world: World, bot: Bot, params: Params) -> bool:
    """Forget the commands of one scope and language."""
    bot.commands.get(_scope(world, bot, params), {}).pop(language_code(params), None)
    _keep_commands(world, bot)
    return True


def get_my_commands(world: World, bot: Bot, params: Params) -> list[Json]:
    """The commands of exactly this scope and language."""
    return bot.commands.get(_scope(world, bot, params), {}).get(language_code(params), [])


def language_code(params: Params) -> str:
    """The language that a call names; "" for all. Raises ApiError."""
    code = params.text("language_code")
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def describe_commands(bot: Bot) -> list[Json]:
    """A bot's command lists as pages see them."""
    return [
        {"scope": json.loads(scope), "language_code": language, "commands": commands}
        for scope, by_language in bot.commands.items()
        for language, commands in by_language.items()
    ]


def _scope(world: World, bot: Bot, params: Params) -> str:
    """The scope as the key under which its commands are kept. Raises ApiError."""
    scope = params.object("scope")
    if not scope:
        return encode({"type": "default"})
    kind = str(scope.get("type"))
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    key: Json = {"type": kind}
    if "chat_id" in SCOPES[kind]:
        key["chat_id"] = known_chat(world, bot, Params(scope)).id
    if "user_id" in SCOPES[kind]:
        key["user_id"] = Params(scope).integer("user_id")
    return encode(dict(sorted(key.items())))


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
