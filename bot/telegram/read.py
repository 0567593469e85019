"""A client's message as the model reads it: the words, and in brackets what surrounds them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.ports import ClientMessage
from bot.telegram.account import BotIdentity
from bot.telegram.route import mentions, replied_to, words
from bot.telegram.wire import integer, mapping, parse, string

QUOTE_CHARACTERS: Final = 200

_ATTACHMENTS: Final = {
    "animation": "GIF",  # a GIF is a document as well, a live photo a photo: first come first
    "live_photo": "live photo",
    "photo": "photo",
    "video": "video",
    "video_note": "video message",
    "voice": "voice message",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
    "contact": "contact",
    "venue": "place",
    "location": "location",
    "poll": "poll",
    "dice": "dice",
    "story": "story",
    "paid_media": "paid media",
    "checklist": "checklist",
}


def read(payload: str, *, me: BotIdentity) -> ClientMessage:
    """The message in a stored update. Raises ValueError when there is none to read."""
    update = parse(payload)
    message = mapping(update.get("message")) or mapping(update.get("edited_message"))
    author = mapping(message.get("sender_chat")) or mapping(message.get("from"))
    message_id, sender_id = integer(message.get("message_id")), integer(author.get("id"))
    if message_id is None or sender_id is None:
        raise ValueError("the update holds no message of a person")
    return ClientMessage(
        message_id=message_id,
        text="\n".join((*_context(message, me), _spoken(message, me))).strip(),
        sender=_name(author),
        sender_id=sender_id,
        language=string(mapping(message.get("from")).get("language_code")) or None,
    )


def _context(message: Mapping[str, Any], me: BotIdentity) -> Iterator[str]:
    origin = mapping(message.get("forward_origin"))
    if origin:
        yield f"[forwarded from {_origin(origin)}]"
    reply = replied_to(message)
    if quoted := _quote(message, reply):
        own = mapping(reply.get("from")).get("id") == me.id
        whose = "your message" if own else f"a message of {_name(mapping(reply.get('from')))}"
        yield f"[in reply to {whose}: «{quoted}»]"


def _spoken(message: Mapping[str, Any], me: BotIdentity) -> str:
    """The words without the bot's own mention, behind a note of what is attached."""
    text = words(message)
    for start, end in reversed(mentions(message, me)):
        text = _join(text[:start], text[end:])
    return f"{_attachment(message)} {text or words(message)}".strip()


def _join(before: str, after: str) -> str:
    """Close the gap that a mention leaves: "Ciao @bot, senti" becomes "Ciao, senti"."""
    if not before.strip():
        return after.lstrip(" ,:;")
    tail = after.lstrip(" ")
    if tail[:1] in {"", ",", ".", "!", "?", "\n"}:
        return before.rstrip(" ,") + tail
    return f"{before.rstrip(' ')} {tail}"


def _quote(message: Mapping[str, Any], reply: Mapping[str, Any]) -> str:
    quoted = string(mapping(message.get("quote")).get("text")) or words(reply)
    one_line = " ".join(quoted.split())
    if len(one_line) > QUOTE_CHARACTERS:
        one_line = one_line[:QUOTE_CHARACTERS].rstrip() + "…"
    return one_line or _attachment(reply)


def _attachment(message: Mapping[str, Any]) -> str:
    kind = next((kind for kind in _ATTACHMENTS if kind in message), None)
    if kind is None:
        return ""
    details = mapping(message[kind])
    detail = string(details.get("file_name")) or string(details.get("emoji"))
    return f"[{_ATTACHMENTS[kind]}: {detail}]" if detail else f"[{_ATTACHMENTS[kind]}]"


def _origin(origin: Mapping[str, Any]) -> str:
    sources = (mapping(origin.get(key)) for key in ("sender_user", "sender_chat", "chat"))
    return string(origin.get("sender_user_name")) or _name(next(filter(None, sources), {}))


def _name(author: Mapping[str, Any]) -> str:
    """The name that Telegram shows for a person or a chat."""
    person = f"{string(author.get('first_name'))} {string(author.get('last_name'))}".strip()
    return person or string(author.get("title")) or "someone"
