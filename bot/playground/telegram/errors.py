"""The Bot API's refusals, in its own words."""

from typing import Any

from bot.playground.telegram.records import Json


class ApiError(Exception):
    """A refusal: HTTP status, description and, for some, parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str) -> ApiError:
    """400: the call makes no sense here."""
    return ApiError(400, f"Bad Request: {description}")


def forbidden(description: str) -> ApiError:
    """403: the bot may not."""
    return ApiError(403, f"Forbidden: {description}")


def conflict(description: str) -> ApiError:
    """409: two ways to get updates at once."""
    return ApiError(409, f"Conflict: {description}")


def not_found() -> ApiError:
    """404: no such method, or a token that can be none."""
    return ApiError(404, "Not Found")


def unauthorized() -> ApiError:
    """401: a token that no bot has."""
    return ApiError(401, "Unauthorized")


def too_many_requests(retry_after_seconds: int) -> ApiError:
    """429: not before so many seconds."""
    description = f"Too Many Requests: retry after {retry_after_seconds}"
    return ApiError(429, description, retry_after=retry_after_seconds)


def too_large() -> ApiError:
    """413: an upload beyond what bots may send."""
    return ApiError(413, "Request Entity Too Large")


def upgraded(new_chat_id: int) -> ApiError:
    """400: the group has a new id."""
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, description, migrate_to_chat_id=new_chat_id)


def chat_not_found() -> ApiError:
    """400: no such chat, or the bot never met it."""
    return bad_request("chat not found")


def query_too_old() -> ApiError:
    """400: the button's press is unknown, answered already, or too old."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")


def not_modified() -> ApiError:
    """400: the edit changes nothing."""
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


def other_poll() -> ApiError:
    """409: a later getUpdates took over."""
    return conflict(
        "terminated by other getUpdates request; make sure that only one bot instance is running"
    )


def webhook_active() -> ApiError:
    """409: updates go to a webhook."""
    return conflict(
        "can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
