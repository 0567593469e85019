"""What a message points at, as labels: who said it first, what it answers, links, attachments.

This is the one place that says how. Whatever is told of another message is shortened.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from bot.core.labels import Label, one_line
from bot.telegram.account import BotIdentity
from bot.telegram.message import Message, author, entity_spans, name_of, replied_to, words
from bot.telegram.wire import integer, mapping, sequence, string

MOST_LINKS: Final = 5  # of a message; of others their number is told
LONGEST_QUOTATION: Final = 500  # characters
_MOST_DEGREES: Final = 180
LONGEST_WORDS: Final = 40  # characters: the words stand in full below

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
    "game": "game",
    "invoice": "invoice",
    "giveaway": "giveaway",
    "giveaway_winners": "giveaway",
}
_DETAILS: Final = ("file_name", "title", "question", "emoji")
_CHATS: Final = {"channel": " the channel", "group": " the group", "supergroup": " the group"}


# What stands in an update of Telegram's, and nowhere in words, where others may have written it.
UNTRUSTED: Final = tuple(
    f'"{name}":'
    for name in ("forward_origin", "external_reply", "photo", "document", "video", "audio")
)


# What none of these is, only Telegram's own application can show.
_UNDERSTOOD: Final = frozenset(_ATTACHMENTS) - {
    *("story", "paid_media", "checklist", "game", "invoice", "giveaway", "giveaway_winners"),
}


def is_understood(message: Message) -> bool:
    """Whether the model can be told of what was sent, or be shown it."""
    return bool(_UNDERSTOOD & message.keys())


def points(message: Message, me: BotIdentity) -> tuple[Label, ...]:
    """What stands beside the words of a message, in the order in which the model reads it."""
    return (
        *_signed(message),
        *_forwarded(mapping(message.get("forward_origin")), me),
        *_answered(message, me),
        *_links(message),
        *_attachment(message),
    )


def _by(about: str, who: Mapping[str, Any], me: BotIdentity) -> Label:
    """By whom something is; that it is a chat is said, for anybody may bear a company's name."""
    if who.get("id") == me.id:
        return Label(f"{about} you")
    kind = _CHATS.get(string(who.get("type")), "")
    return Label(f"{about}{kind}", name_of(who) or "someone")


def _signed(message: Mapping[str, Any]) -> Iterator[Label]:
    """Which of those who write in the name of a group or channel it was, where they tell."""
    if signature := string(message.get("author_signature")):
        yield Label("signed", signature)


def _forwarded(origin: Mapping[str, Any], me: BotIdentity) -> Iterator[Label]:
    if origin:
        yield _by("forwarded from", _source(origin), me)
        yield from _signed(origin)


def _source(origin: Mapping[str, Any]) -> Mapping[str, Any]:
    """The person or chat of a MessageOrigin, of whom Telegram may know the name alone."""
    sources = (mapping(origin.get(key)) for key in ("sender_user", "sender_chat", "chat"))
    return next(filter(None, sources), {"title": origin.get("sender_user_name")})


def _answered(message: Message, me: BotIdentity) -> Iterator[Label]:
    """What it replies to: in this chat, elsewhere (of which Telegram tells little), or a story."""
    if reply := replied_to(message):
        yield _by("in reply to", author(reply), me)
        yield from _quoted(message, reply)
    elif elsewhere := mapping(message.get("external_reply")):
        origin = mapping(elsewhere.get("origin"))
        yield _by("in reply to a message from elsewhere, by", _source(origin), me)
        yield from _signed(origin)
        yield from _quoted(message, elsewhere)
    elif story := mapping(message.get("reply_to_story")):
        yield _by("in reply to a story of", mapping(story.get("chat")), me)


def _quoted(message: Message, reply: Message) -> Iterator[Label]:
    """The words that were picked out of it and nothing else, or what there is of it."""
    if picked := string(mapping(message.get("quote")).get("text")).strip():
        yield Label("quoted", picked, LONGEST_QUOTATION)
        return
    if said := words(reply).strip():
        yield Label("quoted", said, LONGEST_QUOTATION)
    elif preview := string(mapping(reply.get("link_preview_options")).get("url")):
        yield Label("quoted link", preview)
    yield from _links(reply, "quoted ")
    yield from _attachment(reply, "quoted ")


def _links(message: Message, prefix: str = "") -> Iterator[Label]:
    """The addresses that are hidden behind words; those that are typed are read in them."""
    text = words(message)
    hidden = [span for span in entity_spans(message) if span[0].get("type") == "text_link"]
    for entity, start, end in hidden[:MOST_LINKS]:
        yield Label(f"{prefix}link", string(entity.get("url")))
        yield Label("behind the words", one_line(text[start:end], LONGEST_WORDS))
    if len(hidden) > MOST_LINKS:
        yield Label(f"{len(hidden) - MOST_LINKS} more {prefix}links")


def _attachment(message: Mapping[str, Any], prefix: str = "") -> Iterator[Label]:
    kind = next((kind for kind in _ATTACHMENTS if kind in message), None)
    if kind is not None:
        yield Label(f"{prefix}{_ATTACHMENTS[kind]}", _detail(kind, mapping(message[kind])))


def _detail(kind: str, attached: Mapping[str, Any]) -> str:
    """What it is called, and what Telegram tells of it besides."""
    named = next(filter(None, _strings(attached, *_DETAILS)), "")
    named = named or name_of(attached) or name_of(mapping(attached.get("chat")))
    besides = _BESIDES[kind](attached) if kind in _BESIDES else ()
    return ", ".join(filter(None, (named, *besides)))


def _length(recording: Mapping[str, Any]) -> Iterator[str]:
    seconds = integer(recording.get("duration")) or 0
    yield f"{seconds // 60}:{seconds % 60:02}" if seconds > 0 else ""


def _options(poll: Mapping[str, Any]) -> Iterator[str]:
    return (string(one.get("text")) for one in map(mapping, sequence(poll.get("options"))))


def _phone(contact: Mapping[str, Any]) -> Iterator[str]:
    yield string(contact.get("phone_number"))


def _thrown(dice: Mapping[str, Any]) -> Iterator[str]:
    yield str(integer(dice.get("value")) or "")


def _coordinates(place: Mapping[str, Any]) -> Iterator[str]:
    """North and east, in degrees: five places are a metre."""
    both = [place.get("latitude"), place.get("longitude")]
    known = [one for one in both if isinstance(one, int | float) and abs(one) <= _MOST_DEGREES]
    yield " ".join(f"{one:.5f}" for one in known) if len(known) == len(both) else ""


def _where(venue: Mapping[str, Any]) -> Iterator[str]:
    yield string(venue.get("address"))
    yield from _coordinates(mapping(venue.get("location")))


_BESIDES: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    **dict.fromkeys(("voice", "video_note", "audio", "video"), _length),
    "location": _coordinates,
    "venue": _where,
    "contact": _phone,
    "poll": _options,
    "dice": _thrown,
}


def _strings(attached: Mapping[str, Any], *names: str) -> Iterator[str]:
    return (string(attached.get(name)) for name in names)
