"""A client's message as it was stored: the words, and labels for what surrounds them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.core.attachments import Extract
from bot.core.json_text import to_json
from bot.core.secrets import MARK
from bot.ports import ClientMessage, Reaction, Written
from bot.telegram.account import BotIdentity
from bot.telegram.attachments import attachment_in, sent_in
from bot.telegram.message import WITH_WORDS, Message, author, mentions, message_in, name_of, words
from bot.telegram.points import points
from bot.telegram.wire import integer, mapping, parse, sequence, string
from bot.turns.keys import turn_of

EXTRACT: Final = "sportello_extract"  # in a stored update: what was made of its attachment

_UNNAMED: Final = "⭐"  # an emoji of somebody's own making, or one that is paid for


def read(payload: str, *, me: BotIdentity) -> ClientMessage:
    """The message in a stored update. Raises ValueError when there is none to read.

    What somebody taps is said by them, and known by the message that offered it.
    """
    update = parse(payload)
    query, message = mapping(update.get("callback_query")), message_in(update)
    if query and turn_of(string(query.get("data"))) is None:
        raise ValueError("the key is none of an answer")
    said_in, sender = mapping(query.get("message")) or message, author(query or message)
    message_id, sender_id = integer(said_in.get("message_id")), integer(sender.get("id"))
    if message_id is None or sender_id is None:
        raise ValueError("the update holds no message of a person")
    return ClientMessage(
        message_id=str(message_id),
        text=label_of(query) if query else _spoken(message, me),
        sender=name_of(sender) or "someone",
        sender_id=str(sender_id),
        language=string(mapping((query or message).get("from")).get("language_code")) or None,
        labels=points(message, me),
        sent=sent_in(message),
        attachment=attachment_in(message),
        extract=Extract.of(update.get(EXTRACT)),
    )


def keep(payload: str, extract: Extract) -> str:
    """The update with what was made of its attachment."""
    return to_json({**json.loads(payload), EXTRACT: extract.as_json()})


def reaction_in(payload: str) -> Reaction | None:
    """What somebody shows under a message from now on; None: the update is another."""
    told = mapping(parse(payload).get("message_reaction"))
    who = mapping(told.get("user")) or mapping(told.get("actor_chat"))
    if not who:
        return None
    shown = map(mapping, sequence(told.get("new_reaction")))
    emoji = "".join(string(one.get("emoji")) or _UNNAMED for one in shown)
    return Reaction(str(integer(who.get("id"))), name_of(who) or "someone", emoji)


def label_of(query: Mapping[str, Any]) -> str:
    """What stands on the key that was pressed; none is empty."""
    markup = mapping(mapping(query.get("message")).get("reply_markup"))
    keys = [key for row in sequence(markup.get("inline_keyboard")) for key in sequence(row)]
    pressed = (one for one in map(mapping, keys) if one.get("callback_data") == query.get("data"))
    return string(next(pressed, {}).get("text"))


def words_in(payload: str) -> Written:
    """The words in a stored update."""
    message = message_in(parse(payload))
    return Written(tuple(_texts(message)), tuple(_told(message)))


def _texts(message: Message) -> Iterator[str]:
    for name in ("text", "caption"):
        if isinstance(text := message.get(name), str):  # as it stands there, to be found again
            yield text


def _told(message: Message) -> Iterator[str]:
    yield from _hidden_links(message)
    if "external_reply" in message:
        yield from _texts(mapping(message.get("quote")))
    reply = mapping(message.get("reply_to_message"))
    chat_id = integer(mapping(message.get("chat")).get("id"))
    by_a_bot = mapping(reply.get("from")).get("is_bot") and "sender_chat" not in reply
    if chat_id is not None and chat_id < 0 and not by_a_bot:
        yield from _texts(reply)
        yield from _hidden_links(reply)


def _hidden_links(message: Message) -> Iterator[str]:
    for name in ("entities", "caption_entities"):
        for entity in map(mapping, sequence(message.get(name))):
            if isinstance(url := entity.get("url"), str):
                yield url


def say_instead(payload: str, words: str) -> str:
    """The update as if its message had these words and no others."""
    tree = json.loads(payload)
    message = tree["message"]
    message["text" if "text" in message else "caption"] = words
    for name in ("entities", "caption_entities"):
        message.pop(name, None)
    tree.pop(MARK, None)
    return to_json(tree)


def _spoken(message: Message, me: BotIdentity) -> str:
    """The words without the bot's own mention, or a command before them."""
    text = words(message)
    for start, end in reversed(mentions(message, me)):
        text = _join(text[:start], text[end:])
    return WITH_WORDS.behind(text.strip() or words(message).strip())


def _join(before: str, after: str) -> str:
    """Close the gap that a mention leaves: "Ciao @bot, senti" becomes "Ciao, senti"."""
    if not before.strip():
        return after.lstrip(" ,:;")
    tail = after.lstrip(" ")
    if tail[:1] in {"", ",", ".", "!", "?", "\n"}:
        return before.rstrip(" ,") + tail
    return f"{before.rstrip(' ')} {tail}"
