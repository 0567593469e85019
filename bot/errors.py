"""The error tree, by what to do next.

::

    SportelloError
    ├── ConfigError            stop: one readable line, exit 2
    ├── RetryLater             do the same again, not before `after` seconds
    │   ├── RetryElsewhere     ... and where that does not help, in a new conversation
    │   └── OutOfCredit        ... and tell the hosts: only they can mend it
    ├── GiveUp                 the same call can never succeed
    │   ├── ChatGone           the client blocked the bot, left, or was deleted
    │   ├── ChatMoved          the group became a supergroup: use `new_chat_id`
    │   ├── MarkupRejected     the entities are at fault: send the plain text
    │   ├── Unauthorized       a revoked token or key: tell the hosts
    │   ├── TooMuch            more bytes than were asked for: tell who sent them
    │   ├── SecretLost         no key opens it: the secret must be given again
    │   ├── ConversationGone   OpenAI no longer has it: seed a new one
    │   ├── ContextOverflow    the conversation is too long: seed a new one
    │   ├── CallUnanswered     a function call has no output: answer `call_ids`, retry
    │   ├── Unserved           no conversation would help: tell the hosts
    │   └── ModelRefused       in a new conversation as well: tell the hosts
    ├── OutOfPatience          the model took too long in all: end the turn politely
    ├── InDoubt                written to the wire, no answer: it may have happened
    │   └── NoStream           ... what came was no stream: do not ask often
    ├── ToolError              nothing was done: the model gets its sentence
    ├── LeaseLost              another process owns the turn now: touch nothing
    └── DiskFull               nothing new can be stored: it waits where it is
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Trouble(StrEnum):
    """What keeps the model from answering and only a host can mend; the value is for the log."""

    OUT_OF_CREDIT = "out of credit"
    KEY_REFUSED = "key refused"
    KEY_LIMITED = "key lacks rights"
    FORBIDDEN = "access forbidden"
    COUNTRY = "country not supported"
    ORGANIZATION = "organization not verified"
    MODEL_UNKNOWN = "model unknown"
    MODEL_DENIED = "model denied"
    NO_API = "not the API"
    NO_CONVERSATIONS = "no conversations"
    UNREACHABLE = "model out of reach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a call to the model failed, in what may be logged.

    No text of the server's is in it: that may quote a client, or a part of the key.
    """

    status: int = 0  # of HTTP; 0: there was none
    code: str = ""
    param: str = ""
    request_id: str = ""
    note: str = ""  # in our words, where nothing was answered or nothing readable
    trouble: Trouble | None = None  # None: nothing that a host could mend

    def __str__(self) -> str:
        words = (self.note, str(self.status or ""), self.code, self.param, self.request_id)
        return " ".join(filter(None, words)) or "no code"


class SportelloError(Exception):
    """Whatever Sportello raises on purpose; `why` is known of what the model's server refused."""

    why: Why | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What a host could mend."""
        return self.why.trouble if self.why else None

    def because(self, why: Why | None) -> Self:
        """The same, knowing why."""
        self.why = why
        return self


class ConfigError(SportelloError):
    """The environment, the settings or the database cannot be used; the text is for the host."""


@dataclass
class RetryLater(SportelloError):
    """Nothing happened; the same call may succeed after `after` seconds."""

    after: float
    cause: str = ""


class RetryElsewhere(RetryLater):
    """The server failed, or holds the conversation: if it goes on, that may be at fault."""


class OutOfCredit(RetryLater):
    """The model's account has no credit, or its spending limit is reached."""


class GiveUp(SportelloError):
    """The call was refused for good; the text is for the log, never for a client."""


class ChatGone(GiveUp):
    """Nothing can be delivered to this chat until the client writes again."""


class ChatMoved(GiveUp):
    """The group was migrated to a supergroup."""

    def __init__(self, new_chat_id: str) -> None:
        super().__init__(f"chat moved to {new_chat_id}")
        self.new_chat_id = new_chat_id


class MarkupRejected(GiveUp):
    """Telegram could not use the entities; the text alone may be sent."""


class Unauthorized(GiveUp):
    """The token or key was refused (401); only a host can mend it."""


class TooMuch(GiveUp):
    """What was to be fetched is larger than it may be."""


class SecretLost(GiveUp):
    """What was encrypted cannot be read with the keys that there are."""


class ConversationGone(GiveUp):
    """The conversation's id is unknown to OpenAI (404)."""


class ContextOverflow(GiveUp):
    """The conversation no longer fits the model's context."""


class CallUnanswered(GiveUp):
    """The conversation holds function calls without an output."""

    def __init__(self, call_ids: tuple[str, ...]) -> None:
        super().__init__(f"no output for {', '.join(call_ids)}")
        self.call_ids = call_ids


class ServersDown(GiveUp):
    """MCP servers of the request are not there: nothing was said.

    `labels`: which, as far as it is known. `running`: they are slow, and the answer may go on.
    """

    def __init__(self, labels: tuple[str, ...], *, running: bool = False) -> None:
        super().__init__(f"MCP servers are not there: {', '.join(labels)}")
        self.labels = labels
        self.running = running


class OutOfPatience(SportelloError):
    """The model was waited for as long as a turn waits; `cause` is what the turn met last."""

    def __init__(self, cause: str = "") -> None:
        super().__init__(cause)
        self.cause = cause


class Unserved(GiveUp):
    """The model's server serves nobody who asks like this; `trouble` says what to mend."""


class ModelRefused(GiveUp):
    """The model refuses for good, in a new conversation too; `cause` is what it refused with."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class InDoubt(SportelloError):
    """The request left this machine and no answer came: it may have been carried out."""


class NoStream(InDoubt):
    """Something else came where a stream was due: a page, plain JSON, nothing at all.

    The server may have worked on the request, and been paid for it, but does not answer as it
    should: what comes next time will hardly be better.
    """


class ToolError(SportelloError):
    """A tool's call that did nothing; its text is a sentence for the model, on what to do now."""


class LeaseLost(SportelloError):
    """The turn was adopted by another process, or this process's lease ran out."""


class DiskFull(SportelloError):
    """There is too little room left to take new work on."""


def cause_of(error: BaseException) -> str:
    """An error for the log and the tables: its kind, and no text that could quote a client."""
    why = getattr(error, "why", None)
    if why and why.trouble:
        return f"{why.trouble}: {why}"
    detail = getattr(error, "cause", "") or why or ""
    return f"{type(error).__name__} {detail}".strip()
