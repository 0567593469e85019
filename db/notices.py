"""Who can be told something in Telegram, and in which chat."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, exists, or_, select, update

from db.ids import as_number
from db.languages import SPOKEN
from db.models import bots, chats, outbox, quotes, talks
from db.records import TELEGRAM, Address
from db.rows import ADDRESS, address_of, insert, keep_talks

AT_ONCE: Final = 0.0  # a moment that is over


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody's private chat with a bot."""

    chat: int
    address: Address
    language: str | None


def reachable(
    connection: Connection, users: Collection[int], *, bot_id: int, tenant: int | None = None
) -> tuple[Reachable, ...]:
    """The private chat of each of these people: with this bot, else with the one met last.

    `tenant`: what is said is its own, and goes through its bots and the host's alone. Who never
    wrote to a bot, or blocked it, cannot be told: Telegram would refuse the message.
    """
    its = () if tenant is None else (or_(bots.c.tenant_id == tenant, bots.c.token.is_(None)),)
    found = connection.execute(
        select(
            chats.c.id,
            *ADDRESS,
            SPOKEN,
        )
        .join(bots, bots.c.id == chats.c.bot_id)
        .where(chats.c.channel == TELEGRAM, chats.c.chat_id.in_(users), chats.c.topic_id == 0)
        .where(chats.c.closed_at.is_(None))
        .where(bots.c.removed_at.is_(None), bots.c.refused_at.is_(None), *its)
        .order_by(case((chats.c.bot_id == bot_id, 1), else_=0), chats.c.id)
    )
    best = {row.chat_number: Reachable(row.id, address_of(row), row.language) for row in found}
    return tuple(best.values())


def note_quotes(connection: Connection, rows: Collection[int], quoted: Collection[int]) -> None:
    """Messages of ours, by their rows, show what was said in these chats: /forget finds them.

    What was forgotten since it was read is not to be shown for long.
    """
    if not (rows and quoted):
        return
    keep_talks(connection, talks.c.chat_id.in_(quoted))
    values = [{"outbox_id": row, "chat_id": chat} for row in rows for chat in quoted]
    connection.execute(insert(connection, quotes).on_conflict_do_nothing(), values)
    its = talks.c.chat_id == quotes.c.chat_id
    mine = quotes.c.outbox_id.in_(rows) & quotes.c.chat_id.in_(quoted)
    gone = exists().where(its, talks.c.name == "") & ~exists().where(its, talks.c.name != "")
    connection.execute(update(quotes).where(mine, gone).values(rewrite_at=AT_ONCE))


def note_shown(connection: Connection, chat: int, message_id: str, quoted: Collection[int]) -> None:
    """A message of ours shows these chats from now on, as well as it has shown others."""
    mine = (outbox.c.chat_id == chat) & (outbox.c.message_id == as_number(message_id))
    rows = list(connection.execute(select(outbox.c.id).where(mine)).scalars())
    note_quotes(connection, rows, quoted)
