"""An error object of the API: read from a response or from an event, and what it asks for.

No text of the API goes further than this module: it may quote a client or a part of the key.
Only status, code, parameter and request id do, and they are for the log.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx2
import openai

from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    OutOfCredit,
    RetryElsewhere,
    RetryLater,
    SportelloError,
    Unauthorized,
)

_CREDIT: Final = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "billing_hard_limit_reached",
        "billing_not_active",
    }
)
_DELAYS_SECONDS: Final = {
    "conversation_locked": 2.0,
    "rate_limit_exceeded": 5.0,
    "slow_down": 10.0,
    "server_is_overloaded": 5.0,
    "server_error": 1.0,
}
_CREDIT_SECONDS: Final = 60.0
_LONGEST_SECONDS: Final = 3600.0
_RETRIED_STATUS: Final = frozenset({408, 409, 425, 429})
_REFUSED_STATUS: Final = frozenset({401, 403})
_NOT_FOUND: Final = 404
_SERVER_ERROR: Final = 500
_OVERLOADED: Final = frozenset({503, 529})
_HELD: Final = frozenset({"conversation_locked", "server_error"})
_BUSY: Final = frozenset({"rate_limit_exceeded", "slow_down", "server_is_overloaded"})
_WORD: Final = re.compile(r"(?!sk-)[\w.\[\]-]{1,64}")
_CONVERSATION: Final = re.compile(r"\bconversation\b")
_ITEM: Final = re.compile(r"\bitem\b")
_CALL: Final = re.compile(r"\bcall_[\w-]+")
_WAIT: Final = re.compile(r"try again in (\d+(?:\.\d+)?)(ms|s)\b")


class NotFound(GiveUp):
    """A 404 about anything but a conversation. For this package; to others it is a GiveUp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error object of the API, from a response's body or from an event of a stream."""

    status: int = 0  # none in an event
    code: str = ""
    message: str = ""
    param: str = ""
    request_id: str = ""
    after_seconds: float | None = None

    @classmethod
    def of_status(cls, error: openai.APIStatusError) -> Self:
        """A response with an error status."""
        body = error.body if isinstance(error.body, Mapping) else {}
        refusal = cls.of_event(body, status=error.status_code)
        wait = _read_retry_after(error.response.headers)
        return cls(
            status=refusal.status,
            code=refusal.code,
            message=refusal.message,
            param=refusal.param,
            request_id=error.request_id or "",
            after_seconds=refusal.after_seconds if wait is None else wait,
        )

    @classmethod
    def of_event(cls, error: Mapping[str, Any], *, status: int = 0) -> Self:
        """The error of an event, or of a response that failed."""
        message = str(error.get("message") or "")
        return cls(
            status=status,
            code=str(error.get("code") or error.get("type") or ""),
            message=message,
            param=str(error.get("param") or ""),
            after_seconds=_read_wait(message),
        )

    @property
    def label(self) -> str:
        """What may be logged of it."""
        words = (str(self.status or ""), self.code, self.param, self.request_id)
        return " ".join(word for word in words if _WORD.fullmatch(word)) or "no code"

    def translate(self) -> SportelloError:  # noqa: PLR0911 - one line per kind of refusal
        """What to do next."""
        message = self.message.lower()
        if self.code in _CREDIT:
            return OutOfCredit(self.after_seconds or _CREDIT_SECONDS, self.label)
        if self._overflows(message):
            return ContextOverflow(self.label)
        if "no tool output found" in message and (calls := _CALL.findall(self.message)):
            return CallUnanswered(tuple(calls))
        if self.status in _REFUSED_STATUS or self.code == "invalid_api_key":
            return Unauthorized(self.label)
        if self.status == _NOT_FOUND:
            gone = _CONVERSATION.search(message) and not _ITEM.search(message)
            return ConversationGone(self.label) if gone else NotFound(self.label)
        if self._passes():
            delay = _DELAYS_SECONDS.get(self.code, _DELAYS_SECONDS["server_error"])
            kind = RetryElsewhere if self._may_be_the_conversation() else RetryLater
            return kind(self.after_seconds or delay, self.label)
        return GiveUp(self.label)

    def _overflows(self, message: str) -> bool:
        # "Request too large": more than the account's tokens per minute, so never to succeed.
        return (
            self.code == "context_length_exceeded"
            or "context window" in message
            or message.startswith("request too large")
        )

    def _may_be_the_conversation(self) -> bool:
        """Not what says that the server, or the account, has too much to do."""
        return self.code in _HELD or (
            self.status >= _SERVER_ERROR
            and self.status not in _OVERLOADED
            and self.code not in _BUSY
        )

    def _passes(self) -> bool:
        return (
            self.code in _DELAYS_SECONDS
            or self.status in _RETRIED_STATUS
            or self.status >= _SERVER_ERROR
        )


def _read_retry_after(headers: httpx2.Headers) -> float | None:
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        if seconds >= 0:  # "nan" is a float too
            return min(seconds, _LONGEST_SECONDS)
    return None


def _read_wait(message: str) -> float | None:
    found = _WAIT.search(message)
    return float(found[1]) * (0.001 if found[2] == "ms" else 1.0) if found else None
