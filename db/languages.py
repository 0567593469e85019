"""The language that is spoken in a chat: what somebody chose there, else what Telegram tells."""

from sqlalchemy import Connection, func, select

from db.models import chats
from db.records import Address

SPOKEN = func.coalesce(chats.c.chosen_language, chats.c.language).label("language")


def chosen_language(connection: Connection, address: Address) -> str | None:
    """What was chosen in a chat by /language; None is as Telegram tells it."""
    return connection.execute(
        select(chats.c.chosen_language).where(
            chats.c.bot_id == address.bot_id,
            chats.c.chat_id == address.chat_id,
            chats.c.topic_id == address.topic_id,
        )
    ).scalar()
