"""The border: what the API, the SDK and its transport report, in Sportello's words."""

from collections.abc import Awaitable, Iterator
from typing import Final, TypeVar

import aiohttp
import httpx2
import openai

from bot.errors import InDoubt, RetryLater, SportelloError, Trouble, Unserved, Why
from bot.llm.refusal import ErrorObject
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

_UNREADABLE: Final = Why(note="unreadable", trouble=Trouble.NO_API)
_NO_PATH: Final = Why(note="no such path", trouble=Trouble.NO_API)

T = TypeVar("T")


async def translated(call: Awaitable[T], *, repeatable: bool = True) -> T:
    """Await a call of the SDK; whatever it raises becomes one of bot.errors.

    `repeatable` says that the call may be made again although it may have been carried out;
    otherwise a lost answer raises InDoubt.
    """
    failure: SportelloError
    try:
        return ensure_answered(await call)
    except FAILURES as error:
        failure = translate(error, repeatable=repeatable)
    except Unserved as nothing:
        failure = nothing
    raise failure  # here, so that no SDK exception, nor the request inside it, hangs on it


def ensure_answered(result: T) -> T:
    """An object of the API.

    Raises ValueError for a page, which the SDK gives as text; Unserved for the object of a server
    that has no such path and answers 200 all the same: the SDK then leaves out what it promises.
    """
    if isinstance(result, str):
        raise ValueError("not JSON")
    if any(getattr(result, name, "") is None for name in ("id", "data")):
        raise Unserved(str(_NO_PATH)).because(_NO_PATH)
    return result


async def read_page(call: Awaitable[T]) -> T:
    """Await a page of a list; raises as `ensure_answered` does."""
    try:
        return ensure_answered(await call)
    except AttributeError:  # of the SDK, which takes a text for a page as well
        raise ValueError("not JSON") from None


def translate(error: BaseException, *, repeatable: bool) -> SportelloError:
    """One exception of the SDK or its transport."""
    if isinstance(error, openai.APIStatusError):
        refusal = ErrorObject.of_status(error)
        if refusal.status in _GATEWAY_STATUS and not repeatable:
            return InDoubt(str(refusal.why)).because(refusal.why)
        return refusal.translate()
    if isinstance(
        error, openai.APIConnectionError | httpx2.HTTPError | aiohttp.ClientError | OSError
    ):
        unsent = _was_never_sent(error)
        why = _why_unsent(error) if unsent else Why(note="cut")
        return _lost(why, repeatable=repeatable or unsent)
    return _lost(_UNREADABLE, repeatable=repeatable)


def _lost(why: Why, *, repeatable: bool) -> SportelloError:
    lost = RetryLater(_CONNECTION_SECONDS, str(why)) if repeatable else InDoubt(str(why))
    return lost.because(why)


def _why_unsent(error: BaseException) -> Why:
    note = "no connection"
    for cause in _follow_causes(error):
        if isinstance(cause, NEVER_CONNECTED):
            note += f": {describe_failure(cause)}"
            break
    return Why(note=note, trouble=Trouble.UNREACHABLE)


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
