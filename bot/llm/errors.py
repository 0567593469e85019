"""The border: what the API, the SDK and its transport report, in Sportello's words.

No text of the API goes further than this module: it may quote a client or a part of the key.
Only status, code, parameter and request id do, and they are for the log.
"""

import re
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

import aiohttp
import httpx2
import openai

from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    OutOfCredit,
    RetryLater,
    SportelloError,
    Unauthorized,
)

FAILURES: Final = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.StreamError,
    aiohttp.ClientError,  # the transport does not map every one of them
    OSError,
    ValueError,  # what should have been JSON
)
# aiohttp's transport calls every broken connection a ConnectTimeout: only what aiohttp itself
# raised tells whether the request had left.
_NEVER_SENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.ClientHttpProxyError,
)
_NEVER_SENT_BY_HTTPX: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
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
_CONNECTION_SECONDS: Final = 1.0
_RETRIED_STATUS: Final = frozenset({408, 409, 425, 429})
# A gateway that lost sight of a server which may be at work on the request.
_GATEWAY_STATUS: Final = frozenset({502, 504, 520, 524})
_REFUSED_STATUS: Final = frozenset({401, 403})
_NOT_FOUND: Final = 404
_SERVER_ERROR: Final = 500
_WORD: Final = re.compile(r"[\w.\[\]-]{1,64}")
_CONVERSATION: Final = re.compile(r"\bconversation\b")
_ITEM: Final = re.compile(r"\bitem\b")
_CALL: Final = re.compile(r"\bcall_[\w-]+")
_WAIT: Final = re.compile(r"try again in (\d+(?:\.\d+)?)(ms|s)\b")

T = TypeVar("T")


class NotFound(GiveUp):
    """A 404 about anything but a conversation. For this package; to others it is a GiveUp."""


async def translated(call: Awaitable[T], *, repeatable: bool = True) -> T:
    """Await a call of the SDK; whatever it raises becomes one of bot.errors.

    `repeatable` says that the call may be made again although it may have been carried out;
    otherwise a lost answer raises InDoubt.
    """
    failure: SportelloError
    try:
        result = await call
    except FAILURES as error:
        failure = translate(error, repeatable=repeatable)
    else:
        if not isinstance(result, str):
            return result
        # The SDK gives an answer that is not JSON as text: a proxy's page, for one.
        failure = _lost("unreadable", repeatable=repeatable)
    raise failure  # here, so that no SDK exception, nor the request inside it, hangs on it


def translate(error: BaseException, *, repeatable: bool) -> SportelloError:
    """One exception of the SDK or its transport."""
    if isinstance(error, openai.APIStatusError):
        refusal = Refusal.of_status(error)
        if refusal.status in _GATEWAY_STATUS and not repeatable:
            return InDoubt(refusal.label)
        return refusal.translate()
    if isinstance(
        error, openai.APIConnectionError | httpx2.HTTPError | aiohttp.ClientError | OSError
    ):
        unsent = _was_never_sent(error)
        return _lost("no connection" if unsent else "cut", repeatable=repeatable or unsent)
    return _lost("unreadable", repeatable=repeatable)


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
            return RetryLater(self.after_seconds or delay, self.label)
        return GiveUp(self.label)

    def _overflows(self, message: str) -> bool:
        # "Request too large": more than the account's tokens per minute, so never to succeed.
        return (
            self.code == "context_length_exceeded"
            or "context window" in message
            or message.startswith("request too large")
        )

    def _passes(self) -> bool:
        return (
            self.code in _DELAYS_SECONDS
            or self.status in _RETRIED_STATUS
            or self.status >= _SERVER_ERROR
        )


def _lost(cause: str, *, repeatable: bool) -> SportelloError:
    return RetryLater(_CONNECTION_SECONDS, cause) if repeatable else InDoubt(cause)


def _was_never_sent(error: BaseException) -> bool:
    causes = [*_follow_causes(error)]
    for cause in causes:
        if isinstance(cause, aiohttp.ClientError):
            return isinstance(cause, _NEVER_SENT)
    return any(isinstance(cause, _NEVER_SENT_BY_HTTPX) for cause in causes)


def _follow_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _read_retry_after(headers: httpx2.Headers) -> float | None:
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
    return None


def _read_wait(message: str) -> float | None:
    found = _WAIT.search(message)
    return float(found[1]) * (0.001 if found[2] == "ms" else 1.0) if found else None
