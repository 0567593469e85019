"""The plain data that goes in and out of db. Times are seconds since the epoch (UTC)."""

from dataclasses import dataclass, field
from enum import StrEnum


class UpdateKind(StrEnum):
    """What an accepted update asks for."""

    MESSAGE = "message"  # becomes part of a turn
    EDIT = "edit"  # replaces a message whose turn was not claimed yet
    EVENT = "event"  # command, button, membership, media without words: handled once, no turn
    IGNORED = "ignored"  # kept for the record: not addressed to us


class UpdateState(StrEnum):
    """Where an accepted update stands; a message that is in a turn stands where its turn does."""

    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


class TurnState(StrEnum):
    """Where a turn stands."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


class OutboxKind(StrEnum):
    """Why a message goes out."""

    REPLY = "reply"
    WAITING = "waiting"
    NOTICE = "notice"
    COMMAND = "command"
    FAILURE = "failure"


class OutboxState(StrEnum):
    """queued -> sending -> sent | doubt | failed; doubt -> sent | queued | failed."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DOUBT = "doubt"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Address:
    """A chat in Telegram's own numbers; topic_id 0 means no topic."""

    bot_id: int
    chat_id: int
    topic_id: int = 0

    @property
    def private(self) -> bool:
        """Whether this is a chat with one person (Telegram gives groups negative ids)."""
        return self.chat_id > 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A message decided and not yet written down. `entities` and `markup` are Telegram's JSON."""

    kind: OutboxKind
    position: int
    text: str
    entities: str | None = None
    markup: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One raw update and what intake read off it; `chat` is None when it could not be routed."""

    update_id: int
    payload: str
    kind: UpdateKind
    address: Address | None = None
    message_id: int | None = None
    album: str | None = None
    language: str | None = None
    unfinished: bool = False  # cut by the Telegram client, or an album: more is on its way
    notice: Draft | None = None  # what to say if this chat is over its turns per minute
    created: float = field(default=0.0)  # Telegram's own `date`, 0 when it has none
