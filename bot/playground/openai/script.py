"""Scripted answers: a queue of replies for tests, and repeated ones for measurements."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.playground.openai.api_error import Json
from bot.playground.openai.draft import (
    Answers,
    Call,
    Draft,
    Prompt,
    Rhythm,
    Unscripted,
    write_reply,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted answer; the first of `messages`, `raw`, `refusal` and `call` that is given.

    `calls` come together; `messages` or `raw` then stand before them, in this `phase`.

    In `messages` and `raw`, `{input}` stands for what the client wrote last and `{number}`
    for the number of the reply, from 1.
    """

    messages: tuple[str, ...] | None = None
    stated: Json | None = None  # what stands behind the messages
    raw: str | None = None
    refusal: str = ""
    call: Call | None = None
    calls: tuple[Call, ...] = ()
    asks: tuple[Call, ...] = ()  # of MCP servers, before all else: `label.tool`
    phase: str = ""
    chunks: int | None = None
    first_ms: float | None = None
    delay_ms: float | None = None

    def draft(self, prompt: Prompt, *, number: int) -> Draft:
        """The answer to this prompt."""
        asked = next((line.text for line in reversed(prompt.history) if line.role == "user"), "")

        def fill(text: str) -> str:
            return text.replace("{input}", asked).replace("{number}", str(number))

        if self.messages is not None:
            bubbles = [fill(text) for text in self.messages]
            text = write_reply(bubbles, structured=prompt.structured, stated=self.stated)
        else:
            text = fill(self.raw or "")
        draft = Draft(text, self.refusal, self.call, self._rhythm(), self.phase)
        if self.calls and not text:
            draft, *rest = (Draft(call=call) for call in self.calls)
        else:
            rest = [Draft(call=call) for call in self.calls]
        for following in rest:
            draft = replace(following, before=draft)
        return replace(draft, rhythm=self._rhythm(), asks=self.asks)

    def _rhythm(self) -> Rhythm | None:
        if (self.chunks, self.first_ms, self.delay_ms) == (None, None, None):
            return None
        return Rhythm((self.first_ms or 0) / 1000, (self.delay_ms or 0) / 1000, self.chunks)


@dataclass(slots=True)
class Script:
    """Replies in the order in which they are asked for; then `otherwise`, unless it is strict."""

    otherwise: Answers
    strict: bool = False
    _replies: deque[Reply] = field(default_factory=deque)
    _number: int = 0

    def add(self, replies: Sequence[Reply]) -> None:
        """Queue replies behind those still there."""
        self._replies.extend(replies)

    def clear(self) -> None:
        """Forget the queue and be lenient again."""
        self._replies.clear()
        self.strict = False

    def left(self) -> int:
        """How many replies nobody asked for yet."""
        return len(self._replies)

    def draft(self, prompt: Prompt) -> Draft:
        """Answer with the next reply. Raises Unscripted when strict and there is none."""
        if self._replies:
            self._number += 1
            return self._replies.popleft().draft(prompt, number=self._number)
        if self.strict:
            raise Unscripted("no scripted reply is left")
        return self.otherwise.draft(prompt)


@dataclass(slots=True)
class Repeating:
    """The same replies over and over, in turn."""

    replies: Sequence[Reply]
    _number: int = 0

    def draft(self, prompt: Prompt) -> Draft:
        """Answer with the next reply of the round."""
        reply = self.replies[self._number % len(self.replies)]
        self._number += 1
        return reply.draft(prompt, number=self._number)


def read_replies(text: str) -> tuple[Reply, ...]:
    """Read a file of replies: JSON, one reply or a list. Raises ValueError."""
    value = json.loads(text)
    replies = tuple(read_reply(reply) for reply in (value if isinstance(value, list) else [value]))
    if not replies:
        raise ValueError("no reply given")
    return replies


def read_reply(value: object) -> Reply:
    """Read one reply: a string (raw text), or an object with the fields of Reply.

    Raises ValueError.
    """
    if isinstance(value, str):
        return Reply(raw=value)
    if not isinstance(value, dict):
        raise ValueError("a reply is a string or an object")
    try:
        fields = dict(value)
        if "messages" in fields:
            fields["messages"] = tuple(map(str, fields["messages"]))
        if fields.get("call"):
            fields["call"] = Call(**fields["call"])
        if "calls" in fields:
            fields["calls"] = tuple(Call(**call) for call in fields["calls"])
        if "asks" in fields:
            fields["asks"] = tuple(Call(**call) for call in fields["asks"])
        return Reply(**fields)
    except TypeError:
        raise ValueError("a reply has a field that is not known") from None


def sample_reply(bubbles: int) -> Reply:
    """Bubbles of about 90 characters, for measurements."""
    words = "Good morning! Check-in is from 14:00 and breakfast is served from 7:30 to 10:30"
    stated = {"buttons": [], "outcome": "answered", "about": "Check-in and breakfast"}
    said = tuple(f"{words}, bubble {index + 1}." for index in range(bubbles))
    return Reply(said, {**stated, "sources": ["House rules"]})
