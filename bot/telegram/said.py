"""Who said what in a stored update of Telegram's, for a host to read. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from bot.core.attachments import AttachmentKind, Extract, in_brackets
from bot.telegram.attachments import attachment_in
from bot.telegram.message import author, name_of, words
from bot.telegram.read import EXTRACT, label_of, reaction_in
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
    who = name_of(author(content)) or "someone"
    match name:
        case "message" | "edited_message":
            return who, _words(content, Extract.of(update.get(EXTRACT)))
        case "callback_query":
            data = string(content.get("data"))
            is_answer = turn_of(data) is not None
            return who, label_of(content) if is_answer else f"[button {data}]"
        case "my_chat_member":
            status = string(mapping(content.get("new_chat_member")).get("status"))
            return who, f"[the bot is now: {status}]"
        case "message_reaction" if reaction := reaction_in(payload):
            shown = f"reaction: {reaction.emoji}" if reaction.emoji else "reaction taken back"
            return reaction.name, f"[{shown}]"
    return who, f"[{name}]" if name else "[erased]"


def _words(message: Mapping[str, Any], extract: Extract | None) -> str:
    attached = next((name for name in _ATTACHMENTS if name in message), "")
    found, made = attachment_in(message), extract or Extract()
    if found is None or found.is_quoted:
        found, made = None, Extract()
    name, is_heard = (found.name, found.kind is AttachmentKind.SPEECH) if found else ("", False)
    told = in_brackets(attached, name, made, is_heard=is_heard) if attached else ""
    return " ".join(filter(None, (told, words(message)))) or "[no words]"
