"""A message as plain JSON: its words, who wrote it, what it replies to, whom it calls. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.telegram.account import BotIdentity
from bot.telegram.wire import integer, mapping, sequence, string, utf16_index

Message = Mapping[str, Any]


def words(message: Message) -> str:
    """The text of a message, or the caption of its media."""
    return string(message.get("text")) or string(message.get("caption"))


def spans(message: Message) -> Iterator[tuple[Mapping[str, Any], int, int]]:
    """Each entity of the words, with the characters where it starts and ends."""
    text, entities = words(message), message.get("entities") or message.get("caption_entities")
    for entity in map(mapping, sequence(entities)):
        offset, length = integer(entity.get("offset")), integer(entity.get("length"))
        if offset is not None and length is not None:
            yield entity, utf16_index(text, offset), utf16_index(text, offset + length)


def author(message: Message) -> Mapping[str, Any]:
    """Who wrote it: the group or channel in whose name somebody did, else the person."""
    return mapping(message.get("sender_chat")) or mapping(message.get("from"))


def replied_to(message: Message) -> Message:
    """The message of this chat that it replies to; none is empty.

    In a topic Telegram marks every message as a reply to the one that opened it: that is none.
    """
    reply = mapping(message.get("reply_to_message"))
    opened_topic = reply.get("message_id") == message.get("message_thread_id")
    return {} if message.get("is_topic_message") and opened_topic else reply


def is_addressed(message: Message, me: BotIdentity) -> bool:
    """Whether a group's message mentions the bot or replies to it."""
    return author(replied_to(message)).get("id") == me.id or bool(mentions(message, me))


def mentions(message: Message, me: BotIdentity) -> list[tuple[int, int]]:
    """Where the words mention the bot: (start, end), in characters."""
    text, found = words(message), []
    for entity, start, end in spans(message):
        match entity.get("type"):
            case "mention" if text[start:end].lower() == f"@{me.username}".lower():
                found.append((start, end))
            case "text_mention" if mapping(entity.get("user")).get("id") == me.id:
                found.append((start, end))
    return found
