"""What a client wrote, for people of the company to read."""

from collections.abc import Sequence

from bot.ports import Channel
from db.records import Message


def words_of(channel: Channel | None, message: Message, *, bot_id: int) -> str:
    """A stored message's words; empty where its channel cannot read them, or is not here."""
    try:
        return channel.read(message.payload, bot_id=bot_id).text if channel else ""
    except ValueError:
        return ""


def repeats(about: str, said: Sequence[str]) -> bool:
    """Whether what was wanted is only said again: as these messages of the client's begin."""
    wanted = _folded(about)
    return any(_folded(" ".join(said[n:])).startswith(wanted) for n in range(len(said)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
