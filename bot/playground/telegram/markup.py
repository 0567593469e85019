"""Keyboards: the server's checks, and which part of one a message keeps."""

from collections.abc import Iterator
from typing import Any, Final

from bot.playground.telegram.errors import ApiError, bad_request
from bot.playground.telegram.records import Json
from bot.playground.telegram.texts import normal_url

CALLBACK_DATA_BYTES: Final = 64
KEY: Final = "keyboard button"
INLINE_ACTIONS: Final = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
)


def check_markup(markup: Any, *, is_private: bool) -> Json | None:
    """A reply_markup as the server keeps it: None for an empty one. Raises ApiError.

    A managed bot is asked for in private chats alone.
    """
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup, "inline_keyboard")
        kept = [[_check_inline_button(button) for button in row] for row in rows if row]
        return {"inline_keyboard": kept} if kept else None
    if "keyboard" in markup:
        rows = _rows(markup, "keyboard")
        keys = [[_check_button(key, is_private=is_private) for key in row] for row in rows]
        return markup | {"keyboard": keys}
    return markup if markup.get("remove_keyboard") or markup.get("force_reply") else None


def is_inline(markup: Json | None) -> bool:
    """Whether it is the kind that a message keeps."""
    return markup is not None and "inline_keyboard" in markup


def callback_data(message: Json) -> Iterator[str]:
    """The data of each callback button under a message."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if "callback_data" in button:
                yield button["callback_data"]


def managed_bot_requests(keyboard: Json | None) -> Iterator[Json]:
    """What each key of a chat's keyboard asks for that creates a managed bot."""
    for row in (keyboard or {}).get("keyboard", []):
        for key in row:
            if "request_managed_bot" in key:
                yield key["request_managed_bot"]


def _rows(markup: Json, name: str) -> list[list[Any]]:
    rows = markup[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        kind = "InlineKeyboardMarkup" if name == "inline_keyboard" else "ReplyKeyboardMarkup"
        raise bad_request(f'field "{name}" of the {kind} must be an Array of Arrays')
    return rows


def _check_inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _unparsable("InlineKeyboardButton must be an Object", kind="inline keyboard button")
    if not isinstance(button.get("text"), str):
        raise _unparsable('Can\'t find field "text"', kind="inline keyboard button")
    if not any(button.get(action) not in (None, "") for action in INLINE_ACTIONS):
        raise _unparsable(
            "Text buttons are unallowed in the inline keyboard", kind="inline keyboard button"
        )
    if len(str(button.get("callback_data", "")).encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        return button | {"url": _check_url(button["url"])}
    return button


def _check_url(url: Any) -> str:
    normal = normal_url(str(url))
    if not normal:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return normal


def _check_button(button: Any, *, is_private: bool) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise _unparsable("KeyboardButton must be an Object", kind=KEY)
    if not isinstance(button.get("text"), str):
        raise _unparsable('Can\'t find field "text"', kind=KEY)
    if "request_managed_bot" in button:
        _check_managed_bot(button["request_managed_bot"], is_private=is_private)
    return button


def _check_managed_bot(request: Any, *, is_private: bool) -> None:
    if not isinstance(request, dict):
        raise _unparsable('Field "request_managed_bot" must be of type Object', kind=KEY)
    if not isinstance(request.get("request_id"), int):
        raise _unparsable('Can\'t find field "request_id"', kind=KEY)
    if not is_private:
        raise bad_request("managed bots can be requested in private chats only")


def _unparsable(why: str, *, kind: str) -> ApiError:
    return bad_request(f"can't parse {kind}: {why}")
