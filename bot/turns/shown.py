"""What a client sent, for people of the company to read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.core.attachments import MICROPHONE, AttachmentKind, Extract, NotRead, Sent
from bot.core.labels import one_line
from bot.core.texts import say
from bot.core.texts.people import Chats as Say
from bot.ports import Channel, ClientMessage, Reaction
from db.records import Message
from db.talks import Talk

SENT: Final[Mapping[Sent, Say]] = {one: Say[f"MEDIA_{one.name}"] for one in Sent}
_WHY: Final[Mapping[NotRead, Say]] = {why: Say[f"UNREAD_{why.name}"] for why in NotRead}
_NAME_CHARACTERS: Final = 60  # of a file
_EMOJI_CHARACTERS: Final = 12
DISLIKE: Final = "👎"
NAME_CHARACTERS: Final = 64  # of a client


def client_of(talk: Talk, language: str | None) -> str:
    """Whose conversation it is, told apart from the company's others where it has no name."""
    if name := one_line(talk.name or "", NAME_CHARACTERS):
        return name
    if talk.site:
        return say(Say.VISITOR, language, number=talk.row, site=talk.site)
    return say(Say.NAMELESS, language, number=talk.row)


def sent_with(channel: Channel | None, message: Message, *, bot_id: int) -> Sent | None:
    """What was sent with a stored message's words, or without any."""
    read = _read(channel, message, bot_id)
    return read.sent if read else None


def page_of(channel: Channel | None, message: Message, *, bot_id: int) -> str:
    """The page of the company's site on which a stored message was written; empty for none."""
    read = _read(channel, message, bot_id)
    return read.page if read else ""


def words_of(
    channel: Channel | None, message: Message, *, bot_id: int, language: str | None
) -> str:
    """A stored message's words, behind what was sent with them, and what was heard in that.

    A file is named, its text is not shown. Empty where its channel cannot read it, or is not here.
    """
    read = _read(channel, message, bot_id)
    return " ".join(filter(None, _parts(read, language))) if read else ""


def _read(channel: Channel | None, message: Message, bot_id: int) -> ClientMessage | None:
    try:
        return channel.read(message.payload, bot_id=bot_id) if channel else None
    except ValueError:
        return None


def _parts(read: ClientMessage, language: str | None) -> Iterator[str]:
    own = None if read.attachment is None or read.attachment.is_quoted else read.attachment
    made = (own and read.extract) or Extract()
    is_heard = own is not None and own.kind is AttachmentKind.SPEECH and bool(made.text)
    if read.sent and not (is_heard and read.sent is Sent.VOICE):
        name = one_line(own.name, _NAME_CHARACTERS) if own else ""
        why = say(_WHY[made.why], language) if made.why else ""
        details = ": ".join(filter(None, (name, why)))
        what = " ".join(filter(None, (_shown_on_it(read), say(SENT[read.sent], language))))
        yield f"{what} ({details})".removesuffix(" ()")
    yield f"{MICROPHONE} {made.text}" if is_heard else ""
    yield read.text


def _shown_on_it(read: ClientMessage) -> str:
    """Of a sticker, the emoji for which it stands."""
    if read.sent is not Sent.STICKER:
        return ""
    told = (one.data for one in read.labels if one.about == Sent.STICKER)
    return one_line(next(filter(None, told), "🙂"), _EMOJI_CHARACTERS)


def reactions_on(
    channel: Channel | None, reactions: Sequence[Message]
) -> Mapping[str, Sequence[Reaction]]:
    """What stands under each message, by its id; `reactions`: as they came."""
    shown: dict[str, dict[str, Reaction]] = {}
    for one in reactions:
        reaction = channel.reaction(one.payload) if channel else None
        if reaction and one.message_id:
            shown.setdefault(one.message_id, {})[reaction.by] = reaction
    return {key: [r for r in by.values() if r.emoji] for key, by in shown.items()}


def disliked_in(channel: Channel | None, reactions: Sequence[Message]) -> int:
    """How many messages somebody shows not to like."""
    shown = reactions_on(channel, reactions).values()
    return sum(any(DISLIKE in one.emoji for one in those) for those in shown)


def repeats(about: str, said: Sequence[str]) -> bool:
    """Whether what was wanted is only said again: as these messages of the client's begin."""
    wanted = _folded(about)
    return any(_folded(" ".join(said[n:])).startswith(wanted) for n in range(len(said)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
