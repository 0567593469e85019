"""How much the model reads on a company's behalf in each turn, and what that costs. Pure.

Tokens are estimated: exact counts need the model's own tokenizer. The weights were fitted to
what o200k_base, the newest encoding that OpenAI has published, counts in 21 texts in 13
languages (house rules, prices, tables, prose). There the estimate is off by 7 % on average, in
the languages of the product by 13 % at worst, and in Polish by 21 %.
"""

import re
from dataclasses import dataclass
from typing import Final

from tenants.profile import Profile
from tenants.prompt import render

TURNS: Final = 1_000  # what prices are told for to experts
ANSWERS: Final = 10_000  # and to everybody
PRICES_READ_ON: Final = "2026-11-20"  # ISO 8601
CACHED_FROM_TOKENS: Final = 1_024  # shorter prompts are never cached: OpenAI, Prompt caching
_CACHE_READ: Final = 0.10  # of the price of input
_CACHE_WRITE: Final = 1.25

# US dollars per million tokens of input: OpenAI's page of each model, on that day.
_INPUT_DOLLARS: Final = {"gpt-6-luna": 0.10, "gpt-6-sol": 2.00}
_OUTPUT_DOLLARS: Final = {"gpt-6-luna": 0.50, "gpt-6-sol": 10.00}
_DOLLARS_PER_EURO: Final = 1.15  # a round figure: so is what is told
_ASKED_TOKENS: Final = 500  # of a usual conversation: what was said before, and the question
_ANSWERED_TOKENS: Final = 150
_SNAPSHOT: Final = re.compile(r"-\d{4}-\d{2}-\d{2}$")

_TOKENS_PER_PIECE: Final = (
    (re.compile(r"[A-Za-z\u00c0-\u024f]"), 1 / 3.8),
    (
        re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"),
        1 / 1.3,
    ),  # Chinese, Japanese, Korean
    (re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"), 1 / 2.7),
    (re.compile(r"\d{1,3}"), 2.0),
    (re.compile(r"[^\w\s]"), 0.4),
    (re.compile(r"\n+"), 1.0),
)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for what the model reads of the company in 1,000 turns.

    The clients' messages and the answers come on top.
    """

    uncached: float
    cached: float  # if the cache is filled once and never grows cold
    euros: float  # of ANSWERS, uncached, with the messages that they answer: a round figure


@dataclass(frozen=True, slots=True)
class Size:
    """What a profile comes to in each turn."""

    characters: int  # of the knowledge: what was pasted and all sources
    tokens: int  # of the knowledge
    prompt_tokens: int  # of all that is the same for every client: rules, company, knowledge
    price: Price | None  # None for a model whose price is not known here


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has."""
    counts = ((len(piece.findall(text)), weight) for piece, weight in _TOKENS_PER_PIECE)
    return round(sum(count * weight for count, weight in counts))


def price_of(tokens: int, model: str) -> Price | None:
    """What so many tokens before the client's own cost; None for an unknown model."""
    name = _SNAPSHOT.sub("", model)
    dollars = _INPUT_DOLLARS.get(name)
    if dollars is None:
        return None
    once = tokens * dollars / 1_000_000
    warm = once * (_CACHE_WRITE + (TURNS - 1) * _CACHE_READ)
    talk = (_ASKED_TOKENS * dollars + _ANSWERED_TOKENS * _OUTPUT_DOLLARS[name]) / 1_000_000
    return Price(
        uncached=TURNS * once,
        cached=TURNS * once if tokens < CACHED_FROM_TOKENS else warm,
        euros=ANSWERS * (once + talk) / _DOLLARS_PER_EURO,
    )


def answer_tokens(profile: Profile) -> int:
    """About how many tokens one answer to a client takes, with all that is read for it."""
    return estimate_tokens(render(profile)) + _ASKED_TOKENS + _ANSWERED_TOKENS


def size_of(profile: Profile, *, host_model: str) -> Size:
    """The size of a profile's public assistant; `host_model` is used where it names none."""
    texts = [profile.knowledge, *(source.text for source in profile.sources)]
    prompt_tokens = estimate_tokens(render(profile))
    return Size(
        characters=sum(map(len, texts)),
        tokens=sum(map(estimate_tokens, texts)),
        prompt_tokens=prompt_tokens,
        price=price_of(prompt_tokens, profile.model or host_model),
    )
