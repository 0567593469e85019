"""A scripted model: an unexpected call, or a step that is never used, fails the test."""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from bot.core.calls import Call, Output
from bot.ports import (
    Answer,
    AnswerState,
    Began,
    BubbleClosed,
    Item,
    Line,
    ModelEvent,
    Question,
    Speaker,
    Speaking,
    Usage,
)

Pause = Callable[[], Awaitable[object]]
Step = ModelEvent | Exception | Pause


def answer(*bubbles: str, response_id: str = "resp_1", **fields: object) -> Answer:
    made = Answer(
        response_id=response_id,
        state=AnswerState.COMPLETED,
        bubbles=bubbles,
        last_item_id=f"msg_{response_id}",
        usage=Usage(100, 0, 20),
        model="gpt-6-luna",
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # a test's shorthand


def reply(*bubbles: str, response_id: str = "resp_1") -> list[Step]:
    """The script of an answer that goes well."""
    closed: list[Step] = [BubbleClosed(bubble) for bubble in bubbles]
    return [
        Began(response_id),
        Speaking(),
        *closed,
        answer(*bubbles, response_id=response_id),
    ]


def calling(*calls: Call, response_id: str = "resp_1", **fields: object) -> list[Step]:
    """The script of an answer that calls tools."""
    return [Began(response_id), answer(response_id=response_id, calls=calls, **fields)]


@dataclass(slots=True)
class FakeModel:
    """bot.ports.Model, one script per request."""

    scripts: deque[list[Step]] = field(default_factory=deque)
    asked: list[Question] = field(default_factory=list)
    stored: dict[str, Answer | Exception] = field(default_factory=dict)
    items: dict[str, list[Item]] = field(default_factory=dict)
    seeded: dict[str, list[Line]] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    creations: deque[Pause] = field(default_factory=deque)  # what happens in the next ones
    created: list[str] = field(default_factory=list)
    speeches: deque[str | Exception] = field(default_factory=deque)  # what is heard next
    heard: list[tuple[str, bytes, tuple[str, ...]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def will(self, *scripts: list[Step]) -> None:
        self.scripts.extend(scripts)

    async def create_conversation(self) -> str:
        if self.creations:
            await self.creations.popleft()()
        conversation = f"conv_{next(self.numbers)}"
        self.items[conversation] = []
        self.created.append(conversation)
        return conversation

    async def seed(self, conversation_id: str, lines: Sequence[Line], *, model: str) -> str | None:
        seeded = self.seeded.setdefault(conversation_id, [])
        for line in lines:
            seeded.append(line)
            item = Item(f"seed_{len(seeded)}", line.role, (line.text,))
            self.items[conversation_id].append(item)
        return f"seed_{len(seeded)}"

    async def ask(self, question: Question) -> AsyncGenerator[ModelEvent, None]:
        self.asked.append(question)
        if not self.scripts:
            raise AssertionError(f"unexpected question: {question.lines}")
        for step in self.scripts.popleft():
            if isinstance(step, Exception):
                raise step
            if callable(step):
                await step()
            else:
                yield step

    async def transcribe(self, name: str, speech: bytes, *, keywords: Sequence[str]) -> str:
        self.heard.append((name, speech, tuple(keywords)))
        said = self.speeches.popleft()
        if isinstance(said, Exception):
            raise said
        return said

    async def retrieve(self, response_id: str) -> Answer:
        found = self.stored[response_id]
        if isinstance(found, Exception):
            raise found
        return found

    async def items_after(self, conversation_id: str, item_id: str | None) -> tuple[Item, ...]:
        items = self.items.get(conversation_id, [])
        known = [item.item_id for item in items]
        return tuple(items[known.index(item_id) + 1 :] if item_id in known else items)

    async def answer_calls(self, conversation_id: str, outputs: Sequence[Output]) -> None:
        self.answered += [output.call_id for output in outputs]
        self.outputs += outputs

    async def erase(self, conversation_id: str) -> None:
        self.erased.append(conversation_id)

    async def erase_response(self, response_id: str) -> None:
        self.erased.append(response_id)

    def remembers(self, conversation_id: str, words: str, *bubbles: str) -> None:
        """The conversation holds a client's words and an answer."""
        items = self.items.setdefault(conversation_id, [])
        items.append(Item(f"in_{len(items)}", Speaker.CLIENT, (words,)))
        if bubbles:
            items.append(Item(f"out_{len(items)}", Speaker.ASSISTANT, bubbles))
