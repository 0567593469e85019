"""The language that is spoken in a chat: what somebody chose there, else what Telegram tells."""

from sqlalchemy import Connection, func, select

from db.models import chats
from db.records import Address
from db.rows import is_at

SPOKEN = func.coalesce(chats.c.chosen_language, chats.c.language).label("language")


def chosen_language(connection: Connection, address: Address) -> str | None:
    """What was chosen in a chat by /language; None is as Telegram tells it."""
    here = select(chats.c.chosen_language).where(is_at(address))
    return connection.execute(here).scalar()


def told_language(connection: Connection, address: Address) -> str | None:
    """What was told last in a chat: who writes there need not tell it each time."""
    return connection.execute(select(chats.c.language).where(is_at(address))).scalar()
