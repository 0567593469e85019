"""What is known of a server and of its models before anybody talks to them."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

from openai import AsyncOpenAI

from bot.errors import SportelloError, Trouble, Unserved, Why
from bot.llm.errors import read_page, translated
from bot.turns.offers import Offer

OFFERS_SECONDS: Final = 5.0  # somebody waits for it
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Whether the account can use a model, and until when (None: no end is announced)."""

    known: bool
    shutdown_date: date | None = None
    why: Why | None = field(default=None, compare=False)  # it is not known


async def describe_model(api: AsyncOpenAI, model: str) -> ModelFacts:
    """Ask for a model's facts; a server that does not tell them may list what it has."""
    try:
        found = await translated(api.models.retrieve(model))
    except Unserved as error:
        match error.trouble:
            case Trouble.MODEL_UNKNOWN:
                return ModelFacts(known=False, why=error.why)
            case Trouble.NO_API:
                return ModelFacts(known=model in await list_models(api))
        raise
    return ModelFacts(known=True, shutdown_date=_read_date(found.shutdown_date))


async def list_models(api: AsyncOpenAI) -> tuple[str, ...]:
    """The models of a server, by name. Raises Unserved where it does not list them."""
    return await translated(_list_models(api))


async def find_offers(
    api: AsyncOpenAI, models: Collection[str], *, seconds: float = OFFERS_SECONDS
) -> Mapping[str, Offer]:
    """What the server says of each of these; one that does not answer soon says nothing."""
    offers = dict.fromkeys(models, Offer(known=None))
    with suppress(SportelloError, TimeoutError):
        async with asyncio.timeout(seconds):
            listed = await list_models(api)
            for model in models if listed else ():
                known = model in listed or (await describe_model(api, model)).known
                nearest = get_close_matches(model, listed, n=_NEAREST, cutoff=0)
                offers[model] = Offer(known=known, nearest=() if known else tuple(nearest))
    return offers


@asynccontextmanager
async def tell_apart(api: AsyncOpenAI) -> AsyncIterator[None]:
    """Where a path is missing: is it no server of the API, or one that lacks a part of it?"""
    try:
        yield
    except Unserved as error:
        why = error.why
        if why is None or why.trouble is not Trouble.NO_API or not await _lists_models(api):
            raise
        lacking = replace(why, trouble=Trouble.NO_CONVERSATIONS)
        raise Unserved(str(lacking)).because(lacking) from None


async def _lists_models(api: AsyncOpenAI) -> bool:
    try:
        return bool(await list_models(api))
    except SportelloError:
        return False


async def _list_models(api: AsyncOpenAI) -> tuple[str, ...]:
    page = await read_page(api.models.list())
    return tuple(model.id for model in page.data)


def _read_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
