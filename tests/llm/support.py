"""A desk with one conversation: what the tests of the adapter ask of model and emulator."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.llm.model import OpenAIModel
from bot.playground.openai import Emulator, Fault, FaultKind, Reply
from bot.playground.openai.draft import write_reply
from bot.ports import Answer, Began, BubbleClosed, Line, ModelEvent, Question, Speaker, Speaking

KEY = "sk-proj-very-secret-0123456789"
UNMARKED = "gpt-5.5"  # a model that refuses marks for the cache
CLIENT_TEXT = "Buongiorno, a che ora è il check-in?"
QUESTION = Question(
    opens=False,
    told=(),
    conversation_id="",
    model="gpt-6-luna",
    effort="none",
    instructions="You work at the desk of Hotel Aurora.",
    lines=(Line(Speaker.CLIENT, CLIENT_TEXT),),
    cache_key="tenant-1-1",
    safety_identifier="0" * 64,
)


def deltas_of(*bubbles: str, then: str = "") -> int:
    """How many deltas it takes until these bubbles have closed, and `then` has begun the next."""
    opened = f',"{then}' if then else ""
    return len(write_reply(bubbles).removesuffix("]}") + opened)


@dataclass
class Desk:
    emulator: Emulator
    model: OpenAIModel
    conversation: str
    events: list[ModelEvent] = field(default_factory=list)

    def will_say(self, *bubbles: str, raw: str | None = None) -> None:
        """Script a reply; it is streamed character by character."""
        text = write_reply(bubbles) if raw is None else raw
        self.emulator.script.add([Reply(raw=text, chunks=max(len(text), 1))])

    def will_fail(self, kind: FaultKind, **fields: Any) -> None:
        self.emulator.faults.add(Fault(kind, **fields))

    def question(self, **fields: Any) -> Question:
        return replace(QUESTION, **{"conversation_id": self.conversation, **fields})

    def stream(self, **fields: Any) -> AsyncGenerator[ModelEvent, None]:
        stream = self.model.ask(self.question(**fields))
        assert isinstance(stream, AsyncGenerator)
        return stream

    async def ask(self, **fields: Any) -> Answer:
        """Ask, keep the events, and return the answer; checks that they come in their order."""
        async for event in self.stream(**fields):
            self.events.append(event)
        *before, answer = self.events
        assert isinstance(answer, Answer)
        assert isinstance(before[0], Began)
        assert before.count(Speaking()) <= 1
        assert answer.response_id == before[0].response_id
        assert answer.bubbles[: len(self.closed)] == self.closed
        return answer

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(event.text for event in self.events if isinstance(event, BubbleClosed))

    def times_asked(self) -> int:
        requests = self.emulator.records.requests
        return sum(r.method == "POST" and r.path == "/v1/responses" for r in requests)
