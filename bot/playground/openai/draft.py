"""What the model is about to say, and how fast: the answer before it becomes events."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise, takewhile
from typing import Protocol

from bot.playground.openai.api_error import Json
from bot.playground.openai.items import Called, Said

_TOKEN = re.compile(r"\s?\w{1,5}|\s?[^\w\s]|\s")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\]')  # or the end of the list of strings


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How an answer is spread over time. The default is at once."""

    first_seconds: float = 0.0  # before the first delta
    delta_seconds: float = 0.0  # before each further one
    chunks: int | None = None  # how many deltas; None means one for each token


NATURAL = Rhythm(first_seconds=0.4, delta_seconds=0.02)  # about what a small model takes


@dataclass(frozen=True, slots=True)
class Call:
    """A function that the model wants called."""

    name: str
    arguments: str = "{}"
    call_id: str = ""  # as the emulator makes them


@dataclass(frozen=True, slots=True)
class Draft:
    """One output: a text, a refusal, or a function call."""

    text: str = ""
    refusal: str = ""
    call: Call | None = None
    rhythm: Rhythm | None = None  # None means the emulator's own
    phase: str = ""  # of a message: commentary, final_answer, or none
    before: "Draft | None" = None  # a message that precedes this one
    twice: bool = False  # the item comes again under its id
    nameless: bool = False  # it is shown without an id
    asks: tuple[Call, ...] = ()  # of MCP servers, before all else: `label.tool`
    remote: tuple[Json, ...] = ()  # what came of them, as items

    @property
    def is_silent(self) -> bool:
        """Whether nothing follows what was asked of servers: something there has to be allowed."""
        return any(item["type"] == "mcp_approval_request" for item in self.remote)

    @property
    def body(self) -> str:
        """The characters that are streamed, whichever kind of output it is."""
        return self.call.arguments if self.call else self.refusal or self.text


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a model sees of a request."""

    instructions: str
    history: tuple[Said, ...]  # the conversation, the new input last
    structured: bool = True  # whether the reply must be a JSON of `messages`
    keys: tuple[str, ...] = ()  # of that JSON, as the schema has them
    functions: tuple[Json, ...] = ()  # those that may be called, as the request defines them
    called: tuple[Called, ...] = ()  # since the client's last message

    @property
    def tools(self) -> tuple[str, ...]:
        """The names of those that may be called."""
        return tuple(function["name"] for function in self.functions)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Of the calls since the client's last message."""
        return tuple(one.output for one in self.called)


class Unscripted(Exception):
    """The script has no reply left; what it says goes to the test, not to a client."""


class Answers(Protocol):
    """Who decides what the emulated model says."""

    def draft(self, prompt: Prompt) -> Draft:
        """Answer the prompt. Raises Unscripted when no answer was foreseen."""


def write_reply(
    bubbles: Sequence[str], *, structured: bool = True, stated: Json | None = None
) -> str:
    """The bubbles as the model writes them: the reply's JSON, or plain paragraphs.

    `stated`: what stands behind the bubbles in the JSON.
    """
    if not structured:
        return "\n\n".join(bubbles)
    reply = {"messages": list(bubbles), **(stated or {})}
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=256)
def split_chunks(text: str, count: int | None) -> tuple[str, ...]:
    """Cut a text into `count` even pieces, or into token-like ones."""
    if count is None:
        return tuple(_TOKEN.findall(text))
    cuts = sorted({len(text) * i // count for i in range(count + 1)})
    return tuple(text[start:end] for start, end in pairwise(cuts))


@lru_cache(maxsize=256)
def count_closings(chunks: tuple[str, ...]) -> tuple[int, ...]:
    """For each chunk, how many strings of the reply's `messages` close in it."""
    text = "".join(chunks)
    start = text.find("[")
    found = takewhile(lambda m: m[0] != "]", _STRING.finditer(text, start)) if start >= 0 else ()
    quotes = [m.end() - 1 for m in found]
    ends = list(accumulate(map(len, chunks)))
    return tuple(
        sum(end - len(chunk) <= quote < end for quote in quotes)
        for chunk, end in zip(chunks, ends, strict=True)
    )
