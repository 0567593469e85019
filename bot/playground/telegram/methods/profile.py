"""The Bot API methods about the bot itself: who it is, and its texts by language."""

from typing import Final

from bot.playground.telegram.errors import bad_request, too_many_requests
from bot.playground.telegram.methods.commands import language_code
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot, Json
from bot.playground.telegram.texts import units
from bot.playground.telegram.world import World

TEXT_LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}
RENAMES_A_DAY: Final = 10  # the real figure is not published; reports name waits of many hours
DAY_SECONDS: Final = 24 * 3600


def get_me(world: World, bot: Bot, params: Params) -> Json:
    """Who the bot is."""
    return bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.reads_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "can_manage_bots": bot.can_manage_bots,
    }


def set_my_name(world: World, bot: Bot, params: Params) -> bool:
    """Set the name, which is also what chats show. Often a day, and it has to wait."""
    text, language = _checked(params, "name"), language_code(params)
    _count_rename(world, bot)
    if text and not language:
        bot.first_name = text
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


def _text(bot: Bot, params: Params, kind: str) -> str:
    texts = bot.texts.get(kind, {})
    return texts.get(language_code(params)) or texts.get("", "")


def _checked(params: Params, kind: str) -> str:
    text = params.text(kind)
    if units(text) > TEXT_LIMITS[kind]:
        raise bad_request(f"{kind.replace('_', ' ')} is too long")
    return text


def _set_text(world: World, bot: Bot, params: Params, kind: str) -> bool:
    text, language = _checked(params, kind), language_code(params)
    bot.texts.setdefault(kind, {})[language] = text
    world.keep_bot(bot)
    world.events.add("profile", bot=bot.id, first_name=bot.first_name, texts=bot.texts)
    return True


def _count_rename(world: World, bot: Bot) -> None:
    """Raises ApiError(429) until fewer than a day's renames lie within the last day."""
    now = world.now()
    bot.renamed_at = [moment for moment in bot.renamed_at if now - moment < DAY_SECONDS]
    if len(bot.renamed_at) >= RENAMES_A_DAY:
        raise too_many_requests(int(bot.renamed_at[0] + DAY_SECONDS - now) + 1)
    bot.renamed_at.append(now)
