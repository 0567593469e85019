"""Updates that name a message, and not the topic of a group in which it stands."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from db.ids import as_number
from db.models import chats, outbox
from db.records import Incoming, UpdateKind
from db.rows import ADDRESS, address_of


def in_their_topics(connection: Connection, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
    """The same; what is shown under a message of ours is of the chat to which that was sent.

    Telegram tells of reactions without the topic.
    """
    return [_in_its_topic(connection, one) if _may_be_lost(one) else one for one in incoming]


def _may_be_lost(one: Incoming) -> bool:
    shown = one.kind is UpdateKind.IGNORED and one.pressed is not None
    return shown and not one.private and one.address is not None and not one.address.topic_id


def _in_its_topic(connection: Connection, one: Incoming) -> Incoming:
    if one.address is None:
        return one
    here = (chats.c.channel == one.address.channel) & (chats.c.bot_id == one.address.bot_id)
    found = connection.execute(
        select(*ADDRESS)
        .join(outbox, outbox.c.chat_id == chats.c.id)
        .where(here, chats.c.chat_id == as_number(one.address.chat_id))
        .where(outbox.c.message_id == as_number(one.pressed))
        .limit(1)
    ).first()
    return replace(one, address=address_of(found)) if found else one
