"""A bot's own account: the library's object for it, who it is, its command menus."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from telegram import Bot, BotCommand, User
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.errors import ConfigError, GiveUp, RetryLater
from bot.telegram.errors import explain, repeatable

ANSWER_SECONDS: Final = 3.0  # the next poll waits for it

_TOKEN: Final = re.compile(r"[A-Za-z0-9:_-]+")

TelegramBot = ExtBot[Any]  # without the rate limiter's arguments, which nobody here uses


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """What Telegram says about a bot."""

    id: int
    username: str  # without the @
    first_name: str
    can_join_groups: bool = False
    reads_all_group_messages: bool = False  # privacy mode is off
    has_topics: bool = False  # its private chats can have topics
    can_manage_bots: bool = False
    former: tuple[str, ...] = ()  # usernames that it had while this process ran

    def is_called(self, username: str) -> bool:
        """Whether that is one of its names, in capitals or not."""
        wanted = username.lower()
        return any(one.lower() == wanted for one in (self.username, *self.former) if one)


@dataclass(slots=True)
class Account:
    """A bot that can be called, and who it is: another identity once it has another name."""

    me: BotIdentity
    bot: TelegramBot = field(repr=False)  # its repr holds the token
    shared: bool = False  # the host's: tenants without a bot of their own are reached through it


def new_bot(
    token: str, *, api_url: str, request: BaseRequest, polling_request: BaseRequest
) -> TelegramBot:
    """The library's object for a token. Raises ConfigError for what cannot be a token.

    Its repr holds the token: keep it out of logs.
    """
    if not _TOKEN.fullmatch(token):
        raise ConfigError("TELEGRAM_BOT_TOKEN is not a bot's token, like 123456:ABC-def")
    return ExtBot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=request,
        get_updates_request=polling_request,
    )


def connecting(api_url: str, request: BaseRequest) -> Callable[[str], TelegramBot]:
    """The same for any token, of bots that are called at one server over the same connections."""
    return partial(new_bot, api_url=api_url, request=request, polling_request=request)


def bot_number(token: str) -> int:
    """Telegram's id of the bot that a token is of: its first part. Raises ValueError."""
    return int(token.partition(":")[0])


async def identify(bot: TelegramBot) -> BotIdentity:
    """Ask Telegram who the bot is, and make it ready. Raises Unauthorized or RetryLater."""
    with repeatable():
        await bot.initialize()
    return _identity(bot.bot)


async def sign_in(bot: TelegramBot, *, api_url: str) -> Account:
    """The host's own bot, met. Raises ConfigError, with what the host should do."""
    try:
        return Account(await identify(bot), bot, shared=True)
    except (RetryLater, GiveUp) as error:
        raise ConfigError(explain(error, api_url)) from None


async def identify_again(account: Account) -> BotIdentity:
    """The same for a bot that runs: its name may be another by now. Raises as Channel does."""
    with repeatable():
        user = await account.bot.get_me(read_timeout=ANSWER_SECONDS)
    known = dict.fromkeys((account.me.username, *account.me.former))
    return replace(_identity(user), former=tuple(one for one in known if one != user.username))


def _identity(user: User) -> BotIdentity:
    return BotIdentity(
        id=user.id,
        username=user.username or "",
        first_name=user.first_name,
        can_join_groups=bool(user.can_join_groups),
        reads_all_group_messages=bool(user.can_read_all_group_messages),
        has_topics=bool(user.has_topics_enabled),
        can_manage_bots=bool(user.can_manage_bots),
    )


async def publish_commands(
    bot: Bot, menus: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[str, ...]:
    """Set each language's menu of (command, description) where it differs; name the changed ones.

    The language "" is for everybody else; it comes first, and where it has no menu nobody is
    asked for the others. Raises as Channel does.
    """
    changed: list[str] = []
    is_new = False
    with repeatable():
        for language, entries in menus.items():
            menu = tuple(BotCommand(command, description) for command, description in entries)
            known = () if is_new else await bot.get_my_commands(language_code=language or None)
            is_new |= not language and not known
            if known != menu:
                await bot.set_my_commands(menu, language_code=language or None)
                changed.append(language)
    return tuple(changed)
