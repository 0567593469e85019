"""Whether the account can use the models, and until when."""

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from bot.cli.findings import WAY, Finding, ok, problem, warning
from bot.cli.stage import refuse_pretence
from bot.errors import ConfigError, GiveUp, OutOfCredit, RetryLater, Unauthorized
from bot.llm.catalogue import ModelFacts
from bot.llm.model import open_model
from bot.net.ways import Ways, describe
from bot.settings import OPENAI, Settings

SUBJECT: Final = "Model"
SOON_DAYS: Final = 60


async def check_model(settings: Settings, models: Sequence[str]) -> AsyncGenerator[Finding, None]:
    """Ask for each model's facts."""
    if settings.offline:
        yield _judge_offline(settings)
        return
    url = settings.openai_base_url
    others = url != OPENAI
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    today = datetime.now(UTC).date()
    way = Ways.of(settings).to(url)
    yield ok(WAY, f"{url} is called {describe(way)}")
    try:
        async with open_model(api_key=key, base_url=url, way=way) as api:
            for model in models:
                facts = await api.describe(model)
                if others and not facts.known:
                    yield warning(SUBJECT, f"{model} is not listed by {url}; it may still answer")
                else:
                    yield judge(model, facts, today=today)
    except ConfigError as error:
        yield problem(SUBJECT, str(error))
    except Unauthorized:
        refused = f"OPENAI_API_KEY is refused by {url}: make a new key"
        yield problem(SUBJECT, refused if key else f"{url} wants a key: set OPENAI_API_KEY")
    except OutOfCredit:
        yield problem(SUBJECT, "the account has no credit left, or is at its spending limit")
    except RetryLater as error:
        yield problem(SUBJECT, f"{url} cannot be reached ({error.cause})")
    except GiveUp as error:
        yield problem(SUBJECT, f"{url} does not answer as OpenAI does ({error})")


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
        return problem(SUBJECT, f"{model} is not offered to this account: {instead}")
    if ends is None:
        return ok(SUBJECT, f"{model}, no shutdown is announced")
    days = (ends - today).days
    if days <= 0:
        return problem(SUBJECT, f"{model} was shut down on {ends}: {instead}")
    if days <= SOON_DAYS:
        return warning(SUBJECT, f"{model} shuts down on {ends}, in {days} days: {instead}")
    return ok(SUBJECT, f"{model}, shuts down on {ends}")
