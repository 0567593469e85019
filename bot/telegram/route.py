"""What intake must know about a raw update, read off plain JSON in microseconds.

Total: whatever JSON comes, `route` returns. What cannot be placed is an EVENT without a chat,
so that it is kept and reported; an update without a readable `update_id` gets 0.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.telegram.account import BotIdentity
from bot.telegram.message import COMMAND, WITH_WORDS, addressee, is_addressed, words
from bot.telegram.points import is_understood
from bot.telegram.wire import integer, mapping, parse, string, utf16_length
from bot.turns.keys import turn_of
from db.records import TELEGRAM, Address, Incoming, UpdateKind

ALLOWED_UPDATES: Final = (
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "managed_bot",
)
_ON_OURS: Final = ("callback_query", "message_reaction")  # they name a message of ours
CUT_TEXT_UNITS: Final = 4000  # a client application cuts longer texts into several messages

FILE_COMMAND: Final = re.compile(r"\A/(configure|knowledge)(?:@\w{3,32})?(?=\s|$)", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ALBUM: Final = re.compile(r"[!-~]{1,64}")
_HANDLED_SERVICE: Final = frozenset({"migrate_to_chat_id", "managed_bot_created"})
# The names that Bot API 10.3 gives to messages about the chat, which nobody wrote.
# fmt: off
_SERVICE: Final = frozenset(
    {
        "boost_added", "channel_chat_created", "chat_background_set", "chat_owner_changed",
        "chat_owner_left", "chat_shared", "checklist_tasks_added", "checklist_tasks_done",
        "connected_website", "delete_chat_photo", "direct_message_price_changed",
        "forum_topic_closed", "forum_topic_created", "forum_topic_edited",
        "forum_topic_reopened", "general_forum_topic_hidden",
        "general_forum_topic_unhidden", "gift", "gift_upgrade_sent", "giveaway_completed",
        "giveaway_created", "group_chat_created", "left_chat_member",
        "message_auto_delete_timer_changed", "migrate_from_chat_id", "new_chat_members",
        "new_chat_photo", "new_chat_title", "paid_message_price_changed", "passport_data",
        "pinned_message", "poll_option_added", "poll_option_deleted",
        "proximity_alert_triggered", "refunded_payment", "successful_payment",
        "suggested_post_approval_failed", "suggested_post_approved",
        "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
        "supergroup_chat_created", "unique_gift", "users_shared", "video_chat_ended",
        "video_chat_participants_invited", "video_chat_scheduled", "video_chat_started",
        "web_app_data", "write_access_allowed",
    }
)
# fmt: on


def route(payload: str, *, me: BotIdentity) -> Incoming:
    """Read off a raw update its kind, its chat and what the quiet window depends on.

    A button of an inline message and a managed bot have no chat of their own: they belong to
    the private chat of the person who pressed or owns it.
    """
    update = parse(payload)
    name = next((name for name in ALLOWED_UPDATES if isinstance(update.get(name), dict)), "")
    source = mapping(update.get(name))
    message = mapping(source.get("message")) if name == "callback_query" else source
    person = mapping(source.get("from") or source.get("user"))
    kind = _kind(update, name=name, message=message, me=me)
    address = _address(message, person, bot_id=me.id)
    is_press, size = name in _ON_OURS, utf16_length(words(message))
    message_id = _as_text(integer(message.get("message_id")))
    return Incoming(
        update_id=str(max(0, integer(update.get("update_id")) or 0)),
        payload=payload,
        kind=kind,
        address=address,
        private=address is not None and is_private(address),
        message_id=None if is_press else message_id,
        album=_matching(_ALBUM, message.get("media_group_id")),
        size=size,
        language=_matching(_LANGUAGE, person.get("language_code")),
        unfinished="media_group_id" in message or size >= CUT_TEXT_UNITS,
        written_at=integer(message.get("date")),
        edited_at=integer(message.get("edit_date")),
        pressed=message_id if is_press else None,
        asks=kind is UpdateKind.EVENT and _may_become_message(name, source),
    )


def _kind(
    update: Mapping[str, Any], *, name: str, message: Mapping[str, Any], me: BotIdentity
) -> UpdateKind:
    match name:
        case "message":
            return _message_kind(message, me)
        case "edited_message":
            kind = _message_kind(message, me)
            if _is_live(message):
                return UpdateKind.IGNORED  # one every few seconds
            said_besides = WITH_WORDS.asks(words(message)) or is_bare_file(message)
            says = kind is UpdateKind.MESSAGE or (kind is UpdateKind.EVENT and said_besides)
            return UpdateKind.EDIT if says else UpdateKind.IGNORED
        case "message_reaction":
            return UpdateKind.IGNORED  # kept for people of the company to see
        case "" if any(isinstance(value, dict) for value in update.values()):
            return UpdateKind.IGNORED  # an update that we did not ask for
    return UpdateKind.EVENT


def _message_kind(message: Mapping[str, Any], me: BotIdentity) -> UpdateKind:
    chat_id = integer(mapping(message.get("chat")).get("id"))
    if chat_id is None or _HANDLED_SERVICE & message.keys():
        return UpdateKind.EVENT
    # Who writes in the name of a group or channel does it through a bot of Telegram's own.
    in_a_name = bool(mapping(message.get("sender_chat")))
    is_from_person = in_a_name or not mapping(message.get("from")).get("is_bot")
    if not is_from_person or _SERVICE & message.keys():
        return UpdateKind.IGNORED
    called, said = addressee(message), words(message)
    is_for_us = not called or me.is_called(called)
    if COMMAND.match(string(message.get("text"))):
        return UpdateKind.EVENT if is_for_us else UpdateKind.IGNORED
    is_commanded = (is_for_us and WITH_WORDS.command_in(said)) or (
        chat_id > 0 and "document" in message and FILE_COMMAND.match(said)
    )
    if chat_id < 0 and not is_commanded and not is_addressed(message, me):
        return UpdateKind.IGNORED
    if is_commanded or (is_bare_file(message) and chat_id > 0):
        return UpdateKind.EVENT
    speaks = bool(said.strip()) or is_understood(message)
    return UpdateKind.MESSAGE if speaks else UpdateKind.EVENT


def is_bare_file(message: Mapping[str, Any]) -> bool:
    """Whether it is a file without a word: one who configures may have sent it to be learned."""
    return "document" in message and "animation" not in message and not words(message).strip()


def _is_live(message: Mapping[str, Any]) -> bool:
    """Whether it is a place that moves: only such a one is edited."""
    return "location" in message


def _may_become_message(name: str, source: Mapping[str, Any]) -> bool:
    """Whether an EVENT may; a file, and its words, are a client's like any other."""
    if name != "message":
        return name == "callback_query" and turn_of(string(source.get("data"))) is not None
    said = words(source)
    is_file = "document" in source and FILE_COMMAND.match(said) is not None
    return WITH_WORDS.asks(said) or is_file or is_bare_file(source)


def _address(
    message: Mapping[str, Any], person: Mapping[str, Any], *, bot_id: int
) -> Address | None:
    chat_id = integer(mapping(message.get("chat")).get("id")) or integer(person.get("id"))
    if not chat_id:
        return None
    topic_id = integer(message.get("message_thread_id")) if message.get("is_topic_message") else 0
    return Address(TELEGRAM, bot_id, str(chat_id), topic_id or 0)


def is_private(address: Address) -> bool:
    """Whether this is a chat with one person: Telegram gives groups negative ids."""
    return int(address.chat_id) > 0


def _as_text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _matching(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None
