"""A message as plain JSON: its words, who wrote it, what it replies to, whom it calls. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.core.labels import LONGEST, one_line
from bot.front.with_words import WithWords
from bot.telegram.account import BotIdentity
from bot.telegram.wire import integer, mapping, sequence, string, utf16_index

Message = Mapping[str, Any]

COMMAND: Final = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@(?P<bot>\w{3,32}))?(?=\s|$)")
WITH_WORDS: Final = WithWords(r"(?:@\w{3,32})?")
_MARK: Final = "bot_command"
_BOTS_NAME: Final = re.compile(r"@\w{2,29}bot", re.IGNORECASE)  # all but a few bought ones end so


def message_in(update: Mapping[str, Any]) -> Message:
    """What was said in an update, or is now; none is empty."""
    return mapping(update.get("message")) or mapping(update.get("edited_message"))


def words(message: Message) -> str:
    """The text of a message, or the caption of its media."""
    return string(message.get("text")) or string(message.get("caption"))


def entity_spans(message: Message) -> Iterator[tuple[Mapping[str, Any], int, int]]:
    """Each entity of the words, with the characters where it starts and ends."""
    text, entities = words(message), message.get("entities") or message.get("caption_entities")
    for entity in map(mapping, sequence(entities)):
        offset, length = integer(entity.get("offset")), integer(entity.get("length"))
        if offset is not None and length is not None:
            yield entity, utf16_index(text, offset), utf16_index(text, offset + length)


def author(message: Message) -> Mapping[str, Any]:
    """Who wrote it: the group or channel in whose name somebody did, else the person."""
    return mapping(message.get("sender_chat")) or mapping(message.get("from"))


def name_of(who: Mapping[str, Any]) -> str:
    """The name that Telegram shows for a person or a chat, in one line; none is empty."""
    person = f"{string(who.get('first_name'))} {string(who.get('last_name'))}"
    names = (one_line(name, LONGEST) for name in (person, string(who.get("title"))))
    return next(filter(None, names), "")


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
    for entity, start, end in entity_spans(message):
        match entity.get("type"):
            case "mention" if me.is_called(text[start + 1 : end]):
                found.append((start, end))
            case "text_mention" if mapping(entity.get("user")).get("id") == me.id:
                found.append((start, end))
    return found


def addressee(message: Message) -> str:
    """The bot that its command names; empty where there is none."""
    command = COMMAND.match(words(message))
    return (command["bot"] or "") if command else ""


def calls_another_bot(message: Message, me: BotIdentity) -> bool:
    """Whether the words call a bot by a name that is not known as this one's."""
    if called := addressee(message):
        return not me.is_called(called)
    text = words(message)
    names = (text[a:b] for entity, a, b in entity_spans(message) if entity.get("type") == "mention")
    return any(_BOTS_NAME.fullmatch(name) and not me.is_called(name[1:]) for name in names)


def as_command(update: Any) -> Any:
    """An update whose command is marked as one and names no bot: `/help@hotel_bot` as `/help`.

    It was found to be for this one; the library knows one name alone of those that a bot has had.
    And it looks for the mark in the first place, where that of bold words may stand.
    """
    message = mapping(mapping(update).get("message"))
    command = COMMAND.match(words(message))
    if not command:
        return update
    said, marked = ("text", "entities") if message.get("text") else ("caption", "caption_entities")
    end = command.end()
    start = command.start("bot") - 1 if command["bot"] else end
    mark = {"type": _MARK, "offset": 0, "length": start}
    entities = [_moved(mapping(one), start - end) for one in sequence(message.get(marked))]
    shorter = {
        said: command.string[:start] + command.string[end:],
        marked: [mark, *(one for one in entities if one != mark)],
    }
    return {**update, "message": {**message, **shorter}}


def _moved(entity: Mapping[str, Any], by: int) -> Mapping[str, Any]:
    """What begins with the command is shorter, what comes later begins earlier."""
    name = "offset" if entity.get("offset") else "length"
    return {**entity, name: (integer(entity.get(name)) or 0) + by}
