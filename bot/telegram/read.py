"""A client's message as it was stored: the words, and labels for what surrounds them."""

from bot.ports import ClientMessage
from bot.telegram.account import BotIdentity
from bot.telegram.behind import behind
from bot.telegram.message import Message, author, mentions, message_in, name_of, words
from bot.telegram.points import points
from bot.telegram.wire import integer, mapping, parse, string


def read(payload: str, *, me: BotIdentity) -> ClientMessage:
    """The message in a stored update. Raises ValueError when there is none to read."""
    message = message_in(parse(payload))
    sender = author(message)
    message_id, sender_id = integer(message.get("message_id")), integer(sender.get("id"))
    if message_id is None or sender_id is None:
        raise ValueError("the update holds no message of a person")
    return ClientMessage(
        message_id=message_id,
        text=_spoken(message, me),
        sender=name_of(sender) or "someone",
        sender_id=sender_id,
        language=string(mapping(message.get("from")).get("language_code")) or None,
        labels=points(message, me),
    )


def _spoken(message: Message, me: BotIdentity) -> str:
    """The words without the bot's own mention, or a command before them."""
    text = words(message)
    for start, end in reversed(mentions(message, me)):
        text = _join(text[:start], text[end:])
    return behind(text.strip() or words(message).strip())


def _join(before: str, after: str) -> str:
    """Close the gap that a mention leaves: "Ciao @bot, senti" becomes "Ciao, senti"."""
    if not before.strip():
        return after.lstrip(" ,:;")
    tail = after.lstrip(" ")
    if tail[:1] in {"", ",", ".", "!", "?", "\n"}:
        return before.rstrip(" ,") + tail
    return f"{before.rstrip(' ')} {tail}"
