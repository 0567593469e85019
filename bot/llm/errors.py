"""The border: what the API, the SDK and its transport report, in Sportello's words."""

from collections.abc import Awaitable, Iterator
from typing import Final, TypeVar

import aiohttp
import httpx2
import openai

from bot.errors import InDoubt, RetryLater, SportelloError
from bot.llm.refusal import Refusal
from bot.net.words import NEVER_CONNECTED, describe_failure

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
    *NEVER_CONNECTED,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
_NEVER_SENT_BY_HTTPX: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
)
_CONNECTION_SECONDS: Final = 1.0
# A gateway that lost sight of a server which may be at work on the request.
_GATEWAY_STATUS: Final = frozenset({502, 504, 520, 524})

T = TypeVar("T")


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
        return _lost(_why(error) if unsent else "cut", repeatable=repeatable or unsent)
    return _lost("unreadable", repeatable=repeatable)


def _lost(cause: str, *, repeatable: bool) -> SportelloError:
    return RetryLater(_CONNECTION_SECONDS, cause) if repeatable else InDoubt(cause)


def _why(error: BaseException) -> str:
    for cause in _follow_causes(error):
        if isinstance(cause, NEVER_CONNECTED):
            return f"no connection: {describe_failure(cause)}"
    return "no connection"


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
