"""A way in and out, and the plain data that passes through it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.core.attachments import Attachment, Extract, Sent
from bot.core.labels import Label
from db.records import Address, OutboxRow
from db.sequence import Numbering

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
    sent: Sent | None = None  # what is attached, for people to read
    attachment: Attachment | None = None  # what can be fetched of it
    extract: Extract | None = None  # what was made of that, once it was fetched
    page: str = ""  # of the company's site, on which it was written
    program: int | None = None  # the key with which a program of the company's wrote it
    program_client: str = ""  # for whom it did, as the company's people know them

    @property
    def called(self) -> str:
        """By which name the company's people know who wrote it; empty for none."""
        return self.sender or self.program_client


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a person shows under a message from now on; an empty emoji: nothing any more."""

    by: str  # an id
    name: str
    emoji: str


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

    @property
    def logged(self) -> bool:
        """Whether clients read what is said to them from their chat's log; then sending is that."""

    @property
    def untrusted(self) -> Sequence[str]:
        """By which texts a stored update is known that brings what others may have written.

        A file, a picture, a forwarded message. Each is enough, and words never hold one.
        """

    @property
    def has_keys(self) -> bool:
        """Whether clients can tap keys here; where not, they are asked in words."""

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

    def phone_call(self, address: Address) -> str | None:
        """The phone call that a chat is, as the phone stack names it; None: it is none.

        What is said there is heard: nobody types, reads or taps.
        """

    def is_awaited(self, address: Address) -> bool:
        """Whether whoever asks there waits for the whole answer, and sees nobody type.

        Then nothing is put off: no pause before a bubble, no waiting message but on the phone.
        """

    def reaction(self, payload: str) -> Reaction | None:
        """The reaction in a stored update; None: it is something else."""

    def words(self, payload: str) -> Written:
        """The words in a stored update; none in one that has none."""

    def say_instead(self, payload: str, words: str) -> str:
        """The stored update as if its message had these words and no others."""

    def keep(self, payload: str, extract: Extract) -> str:
        """The stored update with what was made of its attachment, which `read` finds in it."""

    async def fetch(self, attachment: Attachment, *, bot_id: int, max_bytes: int) -> bytes:
        """The content of what came to a bot. Raises TooMuch; GiveUp: it cannot be had."""

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
