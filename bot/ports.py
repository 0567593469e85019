"""What the engine needs from outside: protocols, and the plain data that they pass."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.core.labels import Label
from db.records import NOTHING_STATED, Address, OutboxRow, Stated
from db.sequence import Numbering


class Timer(Protocol):
    """Something that will happen."""

    def cancel(self) -> None:
        """It will not happen; harmless once it did."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> float:
        """Seconds since the epoch (UTC)."""

    def boottime(self) -> float:
        """Seconds on a clock that never jumps and also counts suspension."""

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less returns at the next turn of the loop."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once, in the loop, after `seconds`."""


class Telemetry(Protocol):
    """Where the engine tells what happened: logs, counts."""

    def record(self, event: str, **fields: object) -> None:
        """Something worth counting; `event` is a constant, no field holds a client's text."""

    def warn(self, event: str, **fields: object) -> None:
        """Something that the host should know."""


class Vault(Protocol):
    """What locks secrets away: encrypted, or known by a keyed hash alone."""

    @property
    def sealed(self) -> bool:
        """Whether there is a key, so that secrets can be kept."""

    def encrypt(self, secret: str) -> str:
        """The secret, unreadable without the key. Raises GiveUp when there is no key."""

    def decrypt(self, ciphertext: str) -> str:
        """What was encrypted. Raises SecretLost when no key opens it."""

    def digests(self, secret: str, *, purpose: str) -> tuple[str, ...]:
        """The secret's keyed hash under each key: the first is stored, all are looked for."""


# ---------------------------------------------------------------- the channel

CALL_SECONDS: Final = 15.0  # no call that sends a message lasts longer


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as the channel shows it: plain text and its entities (the channel's JSON, or None)."""

    text: str
    entities: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """A short answer to tap, and what comes back when it is."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to deliver."""

    address: Address
    text: str
    entities: str | None = None
    markup: str | None = None
    reply_to: str | None = None  # message id; used in groups, ignored when that message is gone
    key: str = ""  # each time that this message is sent the same, and no other's


@dataclass(frozen=True, slots=True)
class ClientMessage:
    """What a client wrote, read off a stored update. All of it is somebody's, as they typed it."""

    message_id: str
    text: str
    sender: str  # the name that the client shows
    sender_id: str
    language: str | None
    labels: tuple[Label, ...] = ()  # what surrounds the text: what it answers, what is attached


@dataclass(frozen=True, slots=True)
class Written:
    """What was written in an update: where a secret may stand, and be counted as a guess.

    `said`: of the message itself. `told`: what it brings along that was not said to the bot
    before, and is read with it.
    """

    said: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message that has left, and nobody knows whether it arrived.

    `tried`: the ids that it does not have. `found`: what other rows turned out to be, though the
    tables do not hold it yet; the row's own is there if recording it failed.
    """

    row: OutboxRow
    message: Outgoing
    tried: Collection[str]
    found: Mapping[int, tuple[Address, str]]


class Search(Protocol):
    """How a channel finds out about a message in doubt. Raises as `Channel` does."""

    @property
    def numbering(self) -> Numbering:
        """How messages are numbered: rows stay as long as a search may ask for their ids."""

    def last_id(self, address: Address) -> int | None:
        """What is stored beside a message that is about to leave: it will have a higher id."""

    async def candidate(self, doubt: Doubt) -> str | None:
        """The likeliest of the ids that it may have, None when there is none any more."""

    async def is_delivered(self, message: Outgoing, message_id: str) -> bool:
        """Whether `message_id` is that very message; if not, nothing has changed."""


class Channel(Protocol):
    """A way in and out; Telegram is the first. Ids are its own texts.

    What it stored is read by itself alone.

    Every method may raise RetryLater, GiveUp (or a subclass: ChatGone, ChatMoved,
    MarkupRejected, Unauthorized) and, where it says so, InDoubt.
    """

    @property
    def search(self) -> Search | None:
        """None: what is sent twice under one key arrives once, so nothing is ever in doubt."""

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        """The message in a MESSAGE or EDIT stored for a bot. Raises ValueError if unreadable."""

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        """The model's Markdown as one or more messages, each within the channel's limit. Pure.

        `mark` stands before each of them, as plain text.
        """

    def keys(self, rows: Sequence[Sequence[AnswerKey]]) -> str:
        """Keys under a message, in rows, as the channel shows them (its JSON)."""

    def is_private(self, address: Address) -> bool:
        """Whether this is a chat with one person."""

    def words(self, payload: str) -> Written:
        """The words in a stored update; none in one that has none."""

    def say_instead(self, payload: str, words: str) -> str:
        """The stored update as if its message had these words and no others."""

    def delay(self, address: Address) -> float:
        """Seconds until this chat's budget admits a message; 0 when it does now."""

    async def send(self, message: Outgoing) -> str:
        """Deliver and return the message's id. Raises InDoubt when the answer was lost."""

    async def show_keys(self, address: Address, message_id: str, keys: str) -> None:
        """Put `keys` under a message of ours in the place of its own, if the budget spares a call.

        Done twice it changes nothing more; where the message is gone it changes nothing at all.
        """

    async def rewrite(self, message: Outgoing, message_id: str) -> None:
        """Let one of our messages say this, or go where that is nothing; harmless if it is so."""

    async def typing(self, address: Address) -> None:
        """Show that someone is typing, if the chat's budget allows; never raises."""


# ------------------------------------------------------------------ the model


class Speaker(StrEnum):
    """Who said a line of a conversation."""

    CLIENT = "user"
    ASSISTANT = "assistant"
    DESK = "developer"  # Sportello itself, to the model


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation: a client's message, or one bubble of the assistant's."""

    role: Speaker
    text: str


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


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


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
    said nothing (the engine then says the polite sentence).
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
        rate limit, no connection), ConversationGone, ContextOverflow, CallUnanswered, OutOfCredit,
        Unauthorized, GiveUp. A response that fails after Began raises one of them too as long as
        no bubble closed; later it is an Answer that FAILED. Raises InDoubt, at any point after
        the request was written, when the stream ends without a terminal event, is cut, or times
        out, unless all was said by then; NoStream when none came at all.
        """

    async def retrieve(self, response_id: str) -> Answer:
        """An answer by its id. Raises GiveUp when OpenAI does not know it."""

    async def items_after(self, conversation_id: str, item_id: str | None) -> tuple[Item, ...]:
        """The items newer than `item_id` (None: all), oldest first. Raises ConversationGone."""

    async def answer_calls(self, conversation_id: str, call_ids: Sequence[str]) -> None:
        """Add an output to function calls that never got one, so that the conversation goes on."""

    async def erase(self, conversation_id: str) -> None:
        """Delete the items, then the conversation; one that is already gone is no error."""
