"""Whether Telegram knows the bot, and what would come in."""

from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import urlsplit

from bot.cli.findings import WAY, Finding, ok, problem, warning
from bot.errors import ConfigError, GiveUp, RetryLater
from bot.net.sessions import new_session
from bot.net.ways import Ways, describe
from bot.settings import Settings
from bot.telegram.account import BotIdentity, TelegramBot, identify, new_bot
from bot.telegram.errors import explain, repeatable
from bot.telegram.request import Request

SUBJECT: Final = "Telegram"


async def check_telegram(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Ask getMe and getWebhookInfo."""
    if settings.telegram_bot_token is None:
        yield ok(SUBJECT, "no TELEGRAM_BOT_TOKEN: the playground's page stands in")
        return
    url = settings.telegram_api_url
    way = Ways.of(settings).to(url)
    yield ok(WAY, f"{url} is called {describe(way)}")
    try:
        async with new_session(connections=1, way=way) as session:
            request = Request(session)
            token = settings.telegram_bot_token.get_secret_value()
            bot = new_bot(token, api_url=url, request=request, polling_request=request)
            me = await identify(bot)
            webhook = await _webhook(bot)
    except ConfigError as error:
        yield problem(SUBJECT, str(error))
    except (RetryLater, GiveUp) as error:
        yield problem(SUBJECT, explain(error, url))
    else:
        yield ok(SUBJECT, f"@{me.username} ({me.first_name})")
        yield ok("Groups", _describe_groups(me))
        if webhook:
            host = urlsplit(webhook).hostname
            yield warning(SUBJECT, f"a webhook to {host} is set; `sportello run` removes it")


async def _webhook(bot: TelegramBot) -> str:
    with repeatable():
        return (await bot.get_webhook_info()).url


def _describe_groups(me: BotIdentity) -> str:
    if not me.can_join_groups:
        return "the bot cannot be added to groups; @BotFather's /setjoingroups changes that"
    if me.reads_all_group_messages:
        return "privacy mode is off: the bot is sent all messages, and answers those to it"
    return "privacy mode is on: the bot is sent commands, mentions and replies, as it needs"
