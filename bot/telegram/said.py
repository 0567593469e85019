"""Who said what in a stored update of Telegram's, for a host to read. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from bot.telegram.read import label_of
from bot.telegram.wire import mapping, parse, string
from bot.turns.keys import turn_of

_ATTACHMENTS: Final = (
    *("animation", "photo", "video", "video_note", "voice", "audio", "document", "sticker"),
    *("contact", "venue", "location", "poll", "dice", "story", "new_chat_members"),
    *("left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id"),
)


def read_said(payload: str) -> tuple[str, str]:
    """The name of who wrote or did it, and the words; in brackets what is no words."""
    update = parse(payload)
    name = next((name for name in update if name != "update_id"), "")
    content = mapping(update.get(name))
    person = mapping(content.get("sender_chat")) or mapping(content.get("from"))
    match name:
        case "message" | "edited_message":
            return _name(person), _words(content)
        case "callback_query":
            data = string(content.get("data"))
            is_answer = turn_of(data) is not None
            return _name(person), label_of(content) if is_answer else f"[button {data}]"
        case "my_chat_member":
            status = string(mapping(content.get("new_chat_member")).get("status"))
            return _name(person), f"[the bot is now: {status}]"
    return _name(person), f"[{name}]" if name else "[erased]"


def _words(message: Mapping[str, Any]) -> str:
    written = string(message.get("text")) or string(message.get("caption"))
    attached = next((f"[{name}]" for name in _ATTACHMENTS if name in message), "")
    return f"{attached} {written}".strip() or "[no words]"


def _name(person: Mapping[str, Any]) -> str:
    parts = (string(person.get(key)) for key in ("first_name", "last_name"))
    return " ".join(filter(None, parts)) or string(person.get("title")) or "someone"
