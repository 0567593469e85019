"""An error object of the API: read from a response or from an event, and what it asks for.

No text of the API goes further than this module: it may quote a client or a part of the key.
What may be known of it elsewhere is a `Why`, which is made here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    ServersDown,
    SportelloError,
    Trouble,
    Unauthorized,
    Unserved,
    Why,
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
_BAD_REQUEST: Final = 400
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_FAILED_DEPENDENCY: Final = 424
_SERVER_ERROR: Final = 500
_NOT_IMPLEMENTED: Final = 501
_NO_METHOD: Final = frozenset({405, _NOT_IMPLEMENTED})
_OVERLOADED: Final = frozenset({503, 529})
_HELD: Final = frozenset({"conversation_locked", "server_error"})
_BUSY: Final = frozenset({"rate_limit_exceeded", "slow_down", "server_is_overloaded"})
_WORD: Final = re.compile(r"(?!sk-)[\w.\[\]-]{1,64}")
_CONVERSATION: Final = re.compile(r"\bconversation\b")
_ITEM: Final = re.compile(r"\bitem\b")
_MODEL: Final = re.compile(r"\bmodel\b")
_NO_MODEL: Final = frozenset({"model_not_found", "DeploymentNotFound"})
# What servers say of a path that they do not have; most say nothing that the API would.
_NO_PATH: Final = re.compile(
    r"|(?:(?:404 )?page |file |resource )?not found\.?|invalid url\b.*|unexpected endpoint\b.*"
)
_SERVER: Final = re.compile(r"\bMCP server\b(?:: ?'([\w-]{1,64})')?")
_CALL: Final = re.compile(r"\bcall_[\w-]+")
_WAIT: Final = re.compile(r"try again in (\d+(?:\.\d+)?)(ms|s)\b")


class NotFound(GiveUp):
    """A 404 about an item or a response. For this package; to others it is a GiveUp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorObject:
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
        refusal = cls.of_event(body, status=error.status_code, request_id=error.request_id or "")
        wait = _read_retry_after(error.response.headers)
        return refusal if wait is None else replace(refusal, after_seconds=wait)

    @classmethod
    def of_event(cls, error: Mapping[str, Any], *, status: int = 0, request_id: str = "") -> Self:
        """The error of an event, or of a response that failed."""
        message = str(error.get("message") or "")
        return cls(
            status=status,
            code=str(error.get("code") or error.get("type") or ""),
            message=message,
            param=str(error.get("param") or ""),
            request_id=request_id,
            after_seconds=_read_wait(message),
        )

    @property
    def why(self) -> Why:
        """What may be known of it: only what looks like a code."""
        return Why(
            status=self.status,
            code=as_code(self.code),
            param=as_code(self.param),
            request_id=as_code(self.request_id),
            trouble=self._find_trouble(),
        )

    def translate(self) -> SportelloError:
        """What to do next."""
        why = self.why
        return self._choose(why).because(why)

    def _choose(self, why: Why) -> SportelloError:  # noqa: PLR0911 - one line per kind
        message, label = self.message.lower(), str(why)
        if why.trouble is Trouble.OUT_OF_CREDIT:
            return OutOfCredit(self.after_seconds or _CREDIT_SECONDS, label)
        if why.trouble is Trouble.KEY_REFUSED:
            return Unauthorized(label)
        if why.trouble:
            return Unserved(label)
        if self._overflows(message):
            return ContextOverflow(label)
        if "no tool output found" in message and (calls := _CALL.findall(self.message)):
            return CallUnanswered(tuple(calls))
        if (labels := self._servers()) is not None:
            return ServersDown(labels)
        if self.status == _NOT_FOUND:
            gone = _CONVERSATION.search(message) and not _ITEM.search(message)
            return ConversationGone(label) if gone else NotFound(label)
        if self._passes():
            delay = _DELAYS_SECONDS.get(self.code, _DELAYS_SECONDS["server_error"])
            kind = RetryElsewhere if self._may_be_the_conversation() else RetryLater
            return kind(self.after_seconds or delay, label)
        return GiveUp(label)

    def _servers(self) -> tuple[str, ...] | None:
        """The MCP servers that failed, as far as they are named; None: it is not about any."""
        named = _SERVER.findall(self.message)
        if self.status != _FAILED_DEPENDENCY and (not named or self.status == _BAD_REQUEST):
            return None
        return tuple(filter(None, named))

    def _find_trouble(self) -> Trouble | None:  # noqa: PLR0911 - one line per kind
        message = self.message.lower()
        if self.code in _CREDIT:
            return Trouble.OUT_OF_CREDIT
        if "organization must be verified" in message:  # to use a model, or to stream it
            return Trouble.ORGANIZATION
        if self.code == "unsupported_country_region_territory":
            return Trouble.COUNTRY
        if self._is_of_the_model(message):
            denied = self.status == _FORBIDDEN
            return Trouble.MODEL_DENIED if denied else Trouble.MODEL_UNKNOWN
        if self.status in {_UNAUTHORIZED, _FORBIDDEN} and "missing scopes" in message:
            return Trouble.KEY_LIMITED
        if self.status == _UNAUTHORIZED or self.code == "invalid_api_key":
            return Trouble.KEY_REFUSED
        if self.status == _FORBIDDEN:
            return Trouble.FORBIDDEN
        if self.status in _NO_METHOD or (
            self.status == _NOT_FOUND and _NO_PATH.fullmatch(message.strip())
        ):
            return Trouble.NO_API
        return None

    def _is_of_the_model(self, message: str) -> bool:
        if self.code in _NO_MODEL:
            return True
        if self.status == _NOT_FOUND:
            return self.param == "model" or bool(_MODEL.search(message))
        return self.status == _BAD_REQUEST and self.param == "model"

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


def as_code(text: str) -> str:
    """The text, if it looks like a code or an id, and so may be logged."""
    return text if _WORD.fullmatch(text) else ""


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
