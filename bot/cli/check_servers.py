"""Whether Telegram knows the bot, and whether the account can use the models."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlsplit

from bot.cli.findings import WAY, Finding, ok, problem, warning
from bot.cli.stage import refuse_pretence
from bot.core.texts import say
from bot.errors import (
    ConfigError,
    GiveUp,
    RetryLater,
    SportelloError,
    Trouble,
    Unauthorized,
    Unserved,
    cause_of,
)
from bot.llm.catalogue import ModelFacts
from bot.llm.model import OpenAIModel, open_model
from bot.net.sessions import new_session
from bot.net.ways import Ways, describe
from bot.settings import OPENAI, Settings
from bot.telegram.account import BotIdentity, TelegramBot, connecting, identify
from bot.telegram.errors import explain, repeatable
from bot.telegram.request import Request
from bot.turns.hosts import OF_ONE_MODEL, TROUBLES

TELEGRAM: Final = "Telegram"
MODEL: Final = "Model"
SOON_DAYS: Final = 60


async def check_telegram(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Ask getMe and getWebhookInfo."""
    if settings.web_alone:
        yield ok(TELEGRAM, "no TELEGRAM_BOT_TOKEN: sites and programs are served alone")
        return
    if settings.telegram_bot_token is None:
        yield ok(TELEGRAM, "no TELEGRAM_BOT_TOKEN: the playground's page stands in")
        return
    url = settings.telegram_api_url
    way = Ways.of(settings).to(url)
    yield ok(WAY, f"{url} is called {describe(way)}")
    try:
        async with new_session(connections=1, way=way) as session:
            token = settings.telegram_bot_token.get_secret_value()
            bot = connecting(url, Request(session))(token)
            me = await identify(bot)
            webhook = await _webhook(bot)
    except ConfigError as error:
        yield problem(TELEGRAM, str(error))
    except (RetryLater, GiveUp) as error:
        yield problem(TELEGRAM, explain(error, url))
    else:
        yield ok(TELEGRAM, f"@{me.username} ({me.first_name})")
        yield ok("Groups", _describe_groups(me))
        if webhook:
            host = urlsplit(webhook).hostname
            yield warning(TELEGRAM, f"a webhook to {host} is set; `sportello run` removes it")


async def _webhook(bot: TelegramBot) -> str:
    with repeatable():
        return (await bot.get_webhook_info()).url


def _describe_groups(me: BotIdentity) -> str:
    if not me.can_join_groups:
        return "the bot cannot be added to groups; @BotFather's /setjoingroups changes that"
    if me.reads_all_group_messages:
        return "privacy mode is off: the bot is sent all messages, and answers those to it"
    return "privacy mode is on: the bot is sent commands, mentions and replies, as it needs"


async def check_model(settings: Settings, models: Sequence[str]) -> AsyncGenerator[Finding, None]:
    """Ask for each model's facts, and whether the server has all that is needed."""
    if settings.offline:
        yield _judge_offline(settings)
        return
    url = settings.openai_base_url
    yield ok(WAY, f"{url} is called {describe(Ways.of(settings).to(url))}")
    try:
        async with chosen_model(settings) as api:
            for model in models:
                yield await _check_one(api, model, url)
            await api.check_conversations()
    except ConfigError as error:
        yield problem(MODEL, str(error))
    except SportelloError as error:
        wanted = f"{url} wants a key: set OPENAI_API_KEY"
        asks = not settings.openai_api_key and isinstance(error, Unauthorized)
        yield problem(MODEL, wanted if asks else _explain(error, url))


async def _check_one(api: OpenAIModel, model: str, url: str) -> Finding:
    """Raises what is wrong with more than this model."""
    try:
        facts = await api.describe(model)
    except Unserved as error:
        if error.trouble in OF_ONE_MODEL:
            return problem(MODEL, _explain(error, url, model))
        raise
    if url != OPENAI and not facts.known:
        return warning(MODEL, f"{model} is not listed by {url}; it may still answer")
    return judge(model, facts, today=datetime.now(UTC).date())


def _explain(error: SportelloError, url: str, model: str = "") -> str:
    """What the hosts are told in Telegram, and what the server answered."""
    trouble = error.trouble
    if trouble and trouble is not Trouble.UNREACHABLE:
        return f"{say(TROUBLES[trouble], 'en', model=model)} ({error.why})"
    if isinstance(error, RetryLater):
        return f"{url} cannot be reached ({error.cause})"
    return f"{url} does not answer as OpenAI does ({cause_of(error)})"


def _judge_offline(settings: Settings) -> Finding:
    try:
        refuse_pretence(settings)
    except ConfigError as error:
        return problem(MODEL, str(error))
    if settings.offline_model:
        return ok(MODEL, "OFFLINE_MODEL is set: the playground's offline model answers")
    return ok(MODEL, "no OPENAI_API_KEY: the playground's offline model stands in")


def judge(model: str, facts: ModelFacts, *, today: date) -> Finding:
    """What a model's facts mean today. Pure."""
    instead = "choose another with OPENAI_MODEL or in the tenant's profile"
    ends = facts.shutdown_date
    if not facts.known:
        asked = f" ({facts.why})" if facts.why else ""
        return problem(MODEL, f"{model} is not offered to this account{asked}: {instead}")
    if ends is None:
        return ok(MODEL, f"{model}, no shutdown is announced")
    days = (ends - today).days
    if days <= 0:
        return problem(MODEL, f"{model} was shut down on {ends}: {instead}")
    if days <= SOON_DAYS:
        return warning(MODEL, f"{model} shuts down on {ends}, in {days} days: {instead}")
    return ok(MODEL, f"{model}, shuts down on {ends}")


def chosen_model(settings: Settings) -> AbstractAsyncContextManager[OpenAIModel]:
    """Its server, by the way that leads there. Raises ConfigError, as open_model does."""
    key, url = settings.openai_api_key, settings.openai_base_url
    return open_model(
        api_key=key.get_secret_value() if key else None,
        base_url=url,
        way=Ways.of(settings).to(url),
    )
