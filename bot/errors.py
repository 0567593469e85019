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
    │   ├── SecretLost         no key opens it: the secret must be given again
    │   ├── ConversationGone   OpenAI no longer has it: seed a new one
    │   ├── ContextOverflow    the conversation is too long: seed a new one
    │   ├── CallUnanswered     a function call has no output: answer `call_ids`, retry
    │   └── Refused            in a new conversation as well: tell the hosts
    ├── OutOfPatience          the model took too long in all: end the turn politely
    ├── InDoubt                written to the wire, no answer: it may have happened
    │   └── NoStream           ... what came was no stream: do not ask often
    ├── LeaseLost              another process owns the turn now: touch nothing
    └── DiskFull               nothing new can be stored: it waits where it is
"""

from dataclasses import dataclass


class SportelloError(Exception):
    """Whatever Sportello raises on purpose."""


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

    def __init__(self, new_chat_id: int) -> None:
        super().__init__(f"chat moved to {new_chat_id}")
        self.new_chat_id = new_chat_id


class MarkupRejected(GiveUp):
    """Telegram could not use the entities; the text alone may be sent."""


class Unauthorized(GiveUp):
    """The token or key was refused (401); only a host can mend it."""


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


class OutOfPatience(SportelloError):
    """The model was waited for as long as a turn waits; `cause` is what the turn met last."""

    def __init__(self, cause: str = "") -> None:
        super().__init__(cause)
        self.cause = cause


class Refused(GiveUp):
    """The model refuses for good, in a new conversation too; `cause` is the kind of refusal."""

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


class LeaseLost(SportelloError):
    """The turn was adopted by another process, or this process's lease ran out."""


class DiskFull(SportelloError):
    """There is too little room left to take new work on."""
