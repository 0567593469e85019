"""Who answers, and the plain data of a question and its answer."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.core.calls import Call, McpServer, Output, RemoteCall, ToolDefinition
from db.records import NOTHING_STATED, Stated


class Speaker(StrEnum):
    """Who said a line of a conversation."""

    CLIENT = "user"
    ASSISTANT = "assistant"
    DESK = "developer"  # Sportello itself, to the model


@dataclass(frozen=True, slots=True, weakref_slot=True)
class File:
    """A picture, or a file whose pages are to be looked at."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation: a client's message, or one bubble of the assistant's.

    `files` are shown to the model with it, and are no part of what is said.
    """

    role: Speaker
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One model call: everything that the answer depends on."""

    conversation_id: str
    model: str
    effort: str  # empty: as the model likes
    instructions: str
    opens: bool  # its conversation holds nothing yet
    told: tuple[Line, ...]  # what goes before the lines, and is no part of the dialogue
    lines: tuple[Line, ...]  # both empty when the conversation already holds what is to be answered
    cache_key: str
    safety_identifier: str
    tools: tuple[ToolDefinition, ...] = ()
    outputs: tuple[Output, ...] = ()  # of all calls of the answer before, in front of all else
    must_speak: bool = False  # it may call no tool
    servers: tuple[McpServer, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
        )


class AnswerState(StrEnum):
    """How an answer stands."""

    COMPLETED = "completed"
    INCOMPLETE = "incomplete"  # cut by max_output_tokens or a content filter
    REFUSED = "refused"
    COMMENTARY = "commentary"  # it is over, and only what is not meant for the client was said
    RUNNING = "running"  # only from retrieve()
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is over (or, from retrieve(), that may be running still).

    `bubbles` are all of its bubbles in order, the fallbacks included; empty when the model
    said nothing (the engine then says the polite sentence). `calls` are to be carried out before
    it goes on; only a completed answer has any. The ids of those that came in pieces, or in an
    answer that was cut, are `broken`: they are not to be carried out, and want an output as well.
    `remote`: what was called at MCP servers meanwhile; it is over.
    """

    response_id: str
    state: AnswerState
    bubbles: tuple[str, ...]
    last_item_id: str | None
    usage: Usage
    model: str
    cause: str = ""
    conversation_id: str | None = None  # where it is kept, if the API says so
    stated: Stated = NOTHING_STATED
    calls: tuple[Call, ...] = ()
    broken: tuple[str, ...] = ()
    remote: tuple[RemoteCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Began:
    """The model has accepted the request under this id."""

    response_id: str


@dataclass(frozen=True, slots=True)
class Speaking:
    """The first piece of the answer's text has arrived."""


@dataclass(frozen=True, slots=True)
class BubbleClosed:
    """A string of `messages` has just closed in the stream."""

    text: str


@dataclass(frozen=True, slots=True)
class AllSaid:
    """The list of `messages` has closed: what follows is about the reply, and is not shown."""


ModelEvent = Began | Speaking | BubbleClosed | AllSaid | Answer


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a conversation; `role` is None for what is no message, or only commentary."""

    item_id: str
    role: Speaker | None
    bubbles: tuple[str, ...]  # of an assistant: its parsed reply; of a client: its text
    stated: Stated = NOTHING_STATED
    call: Call | None = None
    answers: str | None = None  # the id of the call whose output it is
    remote: RemoteCall | None = None


@dataclass(frozen=True, slots=True)
class Transcription:
    """What is said in a recording, "" for nothing.

    `seconds`, `tokens`: what it is charged by, as far as the server says so.
    """

    text: str
    seconds: float = 0.0
    tokens: int = 0


class Model(Protocol):
    """Who answers. Any method may raise RetryLater, OutOfCredit, Unauthorized or GiveUp."""

    async def create_conversation(self) -> str:
        """An empty conversation's id."""

    async def seed(self, conversation_id: str, lines: Sequence[Line], *, model: str) -> str | None:
        """Begin with these lines, oldest first, in as many calls as needed; the last item's id.

        `model` is the one that will be asked there. Raises ConversationGone.
        """

    def ask(self, question: Question) -> AsyncGenerator[ModelEvent, None]:
        """Stream one answer: Began, Speaking, BubbleClosed..., AllSaid, Answer (always last).

        Whoever does not hear it to its end closes it: the connection is held until then.

        The BubbleClosed texts are the first bubbles of the Answer, in order; the Answer may
        have more (what a fallback saved). Raises, before Began: RetryLater (locked, overloaded,
        rate limit, no connection), ConversationGone, ContextOverflow, CallUnanswered, ServersDown,
        OutOfCredit, Unauthorized, GiveUp. A response that fails after Began raises one of them too
        as long as no bubble closed; later it is an Answer that FAILED. Raises InDoubt, at any point
        after the request was written, when the stream ends without a terminal event, is cut, or
        times out, unless all was said by then; NoStream when none came at all.
        """

    def looks(self, model: str) -> bool:
        """Whether a model is shown pictures; where it takes none, it is asked without them."""

    async def transcribe(
        self, name: str, speech: bytes, *, keywords: Sequence[str]
    ) -> Transcription:
        """What is said in a recording; its `name` tells in what it is packed.

        `keywords`: names that may be said in it.
        """

    async def retrieve(self, response_id: str) -> Answer:
        """An answer by its id. Raises GiveUp when OpenAI does not know it."""

    async def items_after(self, conversation_id: str, item_id: str | None) -> tuple[Item, ...]:
        """The items newer than `item_id` (None: all), oldest first. Raises ConversationGone."""

    async def answer_calls(self, conversation_id: str, outputs: Sequence[Output]) -> None:
        """Add the outputs of calls that never got one, so that the conversation goes on."""

    async def erase(self, conversation_id: str) -> None:
        """Delete the items, then the conversation; one that is already gone is no error."""

    async def erase_response(self, response_id: str) -> None:
        """Delete a stored answer, and what was asked; one that is already gone is no error."""
