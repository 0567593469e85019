"""What is known of a model before anybody talks to it."""

from dataclasses import dataclass
from datetime import date

from openai import AsyncOpenAI

from bot.llm.errors import translated
from bot.llm.refusal import NotFound


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Whether the account can use a model, and until when (None: no end is announced)."""

    known: bool
    shutdown_date: date | None = None


async def describe_model(api: AsyncOpenAI, model: str) -> ModelFacts:
    """Ask for a model's facts."""
    try:
        found = await translated(api.models.retrieve(model))
    except NotFound:
        return ModelFacts(known=False)
    return ModelFacts(known=True, shutdown_date=_read_date(found.shutdown_date))


def _read_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
