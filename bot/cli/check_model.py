"""Whether the account can use the models, and until when."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Final

from bot.cli.findings import WAY, Finding, ok, problem, warning
from bot.cli.stage import refuse_pretence
from bot.core.texts import say
from bot.errors import (
    ConfigError,
    RetryLater,
    SportelloError,
    Trouble,
    Unauthorized,
    Unserved,
    cause_of,
)
from bot.llm.catalogue import ModelFacts
from bot.llm.model import OpenAIModel, open_model
from bot.net.ways import Ways, describe
from bot.settings import OPENAI, Settings
from bot.turns.hosts import OF_ONE_MODEL, TROUBLES

SUBJECT: Final = "Model"
SOON_DAYS: Final = 60


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
        yield problem(SUBJECT, str(error))
    except SportelloError as error:
        wanted = f"{url} wants a key: set OPENAI_API_KEY"
        asks = not settings.openai_api_key and isinstance(error, Unauthorized)
        yield problem(SUBJECT, wanted if asks else _explain(error, url))


async def _check_one(api: OpenAIModel, model: str, url: str) -> Finding:
    """Raises what is wrong with more than this model."""
    try:
        facts = await api.describe(model)
    except Unserved as error:
        if error.trouble in OF_ONE_MODEL:
            return problem(SUBJECT, _explain(error, url, model))
        raise
    if url != OPENAI and not facts.known:
        return warning(SUBJECT, f"{model} is not listed by {url}; it may still answer")
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
        return problem(SUBJECT, str(error))
    if settings.offline_model:
        return ok(SUBJECT, "OFFLINE_MODEL is set: the playground's offline model answers")
    return ok(SUBJECT, "no OPENAI_API_KEY: the playground's offline model stands in")


def judge(model: str, facts: ModelFacts, *, today: date) -> Finding:
    """What a model's facts mean today. Pure."""
    instead = "choose another with OPENAI_MODEL or in the tenant's profile"
    ends = facts.shutdown_date
    if not facts.known:
        asked = f" ({facts.why})" if facts.why else ""
        return problem(SUBJECT, f"{model} is not offered to this account{asked}: {instead}")
    if ends is None:
        return ok(SUBJECT, f"{model}, no shutdown is announced")
    days = (ends - today).days
    if days <= 0:
        return problem(SUBJECT, f"{model} was shut down on {ends}: {instead}")
    if days <= SOON_DAYS:
        return warning(SUBJECT, f"{model} shuts down on {ends}, in {days} days: {instead}")
    return ok(SUBJECT, f"{model}, shuts down on {ends}")


def chosen_model(settings: Settings) -> AbstractAsyncContextManager[OpenAIModel]:
    """Its server, by the way that leads there. Raises ConfigError, as open_model does."""
    key, url = settings.openai_api_key, settings.openai_base_url
    return open_model(
        api_key=key.get_secret_value() if key else None,
        base_url=url,
        way=Ways.of(settings).to(url),
    )
