"""A client's message as it was stored: the words, and labels for what surrounds them."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.core.labels import LONGEST, Label, one_line
from bot.ports import ClientMessage
from bot.telegram.account import BotIdentity
from bot.telegram.route import mentions, replied_to, words
from bot.telegram.wire import integer, mapping, parse, string

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
        text=_spoken(message, me),
        sender=_name(author),
        sender_id=sender_id,
        language=string(mapping(message.get("from")).get("language_code")) or None,
        labels=(*_context(message, me), *_attachment(message)),
    )


def _context(message: Mapping[str, Any], me: BotIdentity) -> Iterator[Label]:
    if origin := mapping(message.get("forward_origin")):
        yield Label("forwarded from", _origin(origin))
    reply = replied_to(message)
    quoted = one_line(string(mapping(message.get("quote")).get("text")) or words(reply), LONGEST)
    if what := (Label("quoted", quoted),) if quoted else _attachment(reply, "quoted "):
        author = mapping(reply.get("from"))
        own = author.get("id") == me.id
        yield Label("in reply to you") if own else Label("in reply to", _name(author))
        yield from what


def _spoken(message: Mapping[str, Any], me: BotIdentity) -> str:
    """The words without the bot's own mention."""
    text = words(message)
    for start, end in reversed(mentions(message, me)):
        text = _join(text[:start], text[end:])
    return text.strip() or words(message).strip()


def _join(before: str, after: str) -> str:
    """Close the gap that a mention leaves: "Ciao @bot, senti" becomes "Ciao, senti"."""
    if not before.strip():
        return after.lstrip(" ,:;")
    tail = after.lstrip(" ")
    if tail[:1] in {"", ",", ".", "!", "?", "\n"}:
        return before.rstrip(" ,") + tail
    return f"{before.rstrip(' ')} {tail}"


def _attachment(message: Mapping[str, Any], prefix: str = "") -> tuple[Label, ...]:
    kind = next((kind for kind in _ATTACHMENTS if kind in message), None)
    if kind is None:
        return ()
    details = mapping(message[kind])
    detail = string(details.get("file_name")) or string(details.get("emoji"))
    return (Label(f"{prefix}{_ATTACHMENTS[kind]}", detail),)


def _origin(origin: Mapping[str, Any]) -> str:
    sources = (mapping(origin.get(key)) for key in ("sender_user", "sender_chat", "chat"))
    hidden = {"title": origin.get("sender_user_name")}
    return _name(next(filter(None, sources), hidden))


def _name(author: Mapping[str, Any]) -> str:
    """The name that Telegram shows for a person or a chat."""
    person = f"{string(author.get('first_name'))} {string(author.get('last_name'))}"
    names = (one_line(name, LONGEST) for name in (person, string(author.get("title"))))
    return next(filter(None, names), "someone")
