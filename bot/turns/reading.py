"""What a client wrote, for people of the company to read."""

from bot.ports import Channel
from db.records import Message


def words_of(channel: Channel | None, message: Message, *, bot_id: int) -> str:
    """A stored message's words; empty where its channel cannot read them, or is not here."""
    try:
        return channel.read(message.payload, bot_id=bot_id).text if channel else ""
    except ValueError:
        return ""
