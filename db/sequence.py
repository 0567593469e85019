"""The message ids that are known, for settling a message in doubt."""

from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from db.models import chats, outbox, updates
from db.records import Address

FIRST_SUPERGROUP = -1_000_000_000_000  # supergroups stand below it, each with ids of its own


def shares_sequence(address: Address) -> bool:
    """Whether a chat takes its message ids from the bot's one sequence (facts: not supergroups)."""
    return address.chat_id > FIRST_SUPERGROUP


def known_ids(connection: Connection, address: Address, *, above: int) -> tuple[int, ...]:
    """The ids above `above` that our tables hold in the sequence of this chat, ascending."""
    found: set[int] = set()
    for table in (updates, outbox):
        ids = _in_sequence(table, address).where(table.c.message_id > above)
        found |= {one for one in connection.execute(ids).scalars() if one is not None}
    return tuple(sorted(found))


def first_id_after(
    connection: Connection, address: Address, *, above: int, moment: float
) -> int | None:
    """The lowest id above `above` that was given after a moment, to a client or to us."""
    given: list[int] = []
    for table, given_at in ((updates, updates.c.written_at), (outbox, outbox.c.intent_at)):
        later = _in_sequence(table, address).where(table.c.message_id > above, given_at > moment)
        lowest = connection.execute(later.order_by(table.c.message_id).limit(1)).scalar()
        given += [] if lowest is None else [lowest]
    return min(given, default=None)


def _in_sequence(table: Table, address: Address) -> Select[Any]:
    same = chats.c.bot_id == address.bot_id
    if shares_sequence(address):
        same &= chats.c.chat_id > FIRST_SUPERGROUP
    else:
        same &= chats.c.chat_id == address.chat_id
    return select(table.c.message_id).join(chats, chats.c.id == table.c.chat_id).where(same)


def last_ids(connection: Connection, bot_id: int) -> dict[int, int]:
    """The highest id known, by Telegram's chat id; the bot's shared sequence is under 0."""
    highest: dict[int, int] = {}
    for table in (updates, outbox):
        rows = connection.execute(
            select(chats.c.chat_id, func.max(table.c.message_id))
            .join(chats, chats.c.id == table.c.chat_id)
            .where(chats.c.bot_id == bot_id, table.c.message_id.is_not(None))
            .group_by(chats.c.chat_id)
        )
        for chat_id, last in rows:
            key = 0 if chat_id > FIRST_SUPERGROUP else chat_id
            highest[key] = max(highest.get(key, 0), last)
    return highest
