"""Telegram's refusals, translated once into what to do next."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import (
    ChatGone,
    ChatMoved,
    GiveUp,
    InDoubt,
    MarkupRejected,
    RetryLater,
    SportelloError,
    Unauthorized,
)
from bot.telegram.request import AnswerLost, scrub

BASE_DELAY_SECONDS: Final = 1.0
TELEGRAM: Final = "https://api.telegram.org"

_GONE: Final = re.compile(
    r"chat not found|user not found|peer_id_invalid|group chat was deactivated|chat_write_forbidden"
    r"|not enough rights to send|have no rights to send|need administrator rights"
    r"|topic_closed|topic_deleted|message thread not found",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"entit", re.IGNORECASE)
_ABSENT: Final = re.compile(
    r"message to (?:edit|delete) not found|message can't be edited"
    r"|there is no text in the message to edit|message_id_invalid",
    re.IGNORECASE,
)
_UNMODIFIED: Final = re.compile(r"message is not modified", re.IGNORECASE)
_LOGGED_OUT: Final = re.compile(r"^logged out", re.IGNORECASE)


class Contested(RetryLater):
    """Somebody else takes the bot's updates: another poller, or a webhook."""

    @property
    def by_webhook(self) -> bool:
        return "webhook is active" in self.cause


class NoBotApi(RetryLater):
    """What answers is not the Bot API: another server, or a page of something on the way."""


class LoggedOut(GiveUp):
    """The bot was logged out of this server, to be served by another one."""


def translate(error: TelegramError) -> SportelloError:
    """What to do about an error of the library; its text never holds the token."""
    cause = scrub(str(error))
    if page := _page(error):
        return NoBotApi(BASE_DELAY_SECONDS, page)
    match error:
        case RetryAfter():
            return RetryLater(asked_seconds(error), cause)
        case Conflict():
            return Contested(BASE_DELAY_SECONDS, cause)
        case AnswerLost():
            return InDoubt(cause)
        case NetworkError() if not isinstance(error, BadRequest):  # not sent, or a 5xx
            return RetryLater(BASE_DELAY_SECONDS, cause)
    return _refusal(error, cause)


def asked_seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    period = error.retry_after
    return period.total_seconds() if isinstance(period, timedelta) else float(period)


@contextmanager
def repeatable() -> Iterator[None]:
    """Around calls that do no harm when repeated: they raise our errors, never InDoubt."""
    try:
        yield
    except TelegramError as error:
        translated = translate(error)
        if isinstance(translated, InDoubt):
            kind = NoBotApi if _is_unreadable(error) else RetryLater
            translated = kind(BASE_DELAY_SECONDS, str(translated))
        raise translated from None


def _is_unreadable(error: BaseException | None) -> bool:
    return type(error) is TelegramError  # what `Request.parse_json_payload` raises


def _page(error: BaseException) -> str | None:
    """The status of a refusal that is not the Bot API's, as a 404 of any web server is.

    The library takes such a one for a revoked token, a blocked bot, a bad request.
    """
    refused: BaseException | None = error
    while refused is not None:
        if _is_unreadable(refused.__cause__):
            return str(refused).partition(". Parsing")[0]
        refused = refused.__cause__
    return None


def _refusal(error: TelegramError, cause: str) -> GiveUp | InDoubt:
    match error:
        case ChatMigrated():
            return ChatMoved(str(error.new_chat_id))
        case InvalidToken():
            return Unauthorized("Telegram refused the bot's token")
        case Forbidden():
            return ChatGone(cause)
        case BadRequest() | EndPointNotFound():
            return _bad_request(cause)
    return InDoubt(cause)  # an exchange that ended with an answer that is none


def _bad_request(cause: str) -> GiveUp:
    if _LOGGED_OUT.search(cause):
        return LoggedOut(cause)
    if _GONE.search(cause):
        return ChatGone(cause)
    return MarkupRejected(cause) if _MARKUP.search(cause) else GiveUp(cause)


def is_absent(refused: BadRequest) -> bool:
    """Whether there is no message of ours to change."""
    return _ABSENT.search(str(refused)) is not None


def is_unmodified(refused: BadRequest) -> bool:
    """Whether the message says already what an edit would make it say."""
    return _UNMODIFIED.search(str(refused)) is not None


def explain(error: RetryLater | GiveUp, url: str, *, refused: str = "TELEGRAM_BOT_TOKEN") -> str:
    """Why a bot could not be met at the server of this address, for the host, with what to do."""
    elsewhere = "" if url == TELEGRAM else f" (if {url} is the right TELEGRAM_API_URL)"
    match error:
        case NoBotApi():
            return f"{url} is no Bot API server ({error.cause}): see TELEGRAM_API_URL"
        case RetryLater():
            return f"Telegram cannot be reached at {url} ({error.cause})"
        case LoggedOut():
            return (
                f"the bot was logged out of {url}, for another Bot API server: set TELEGRAM_API_URL"
                " to that one's address, or try again in 10 minutes"
            )
        case Unauthorized():
            return f"Telegram refuses {refused}: copy it again from @BotFather{elsewhere}"
    return f"Telegram refuses the bot: {error}"
