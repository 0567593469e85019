"""Who can be told something in Telegram, and in which chat."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, literal, or_, select

from db.languages import SPOKEN
from db.models import bots, chats
from db.records import TELEGRAM, Address, Draft, OutboxRow
from db.rows import ADDRESS, IS_HOSTS, address_of, insert_drafts

LETS_IN: Final = and_(  # a person's chat with a bot that goes on
    chats.c.channel == TELEGRAM,
    chats.c.topic_id == 0,
    chats.c.closed_at.is_(None),
    bots.c.removed_at.is_(None),
    bots.c.refused_at.is_(None),
)


def speaks_for(tenant: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether it is a bot of the tenant's, or the host's."""
    return or_(bots.c.tenant_id == tenant, IS_HOSTS)


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
    its = () if tenant is None else (speaks_for(literal(tenant)),)
    found = connection.execute(
        select(
            chats.c.id,
            *ADDRESS,
            SPOKEN,
        )
        .join(bots, bots.c.id == chats.c.bot_id)
        .where(chats.c.chat_id.in_(users), LETS_IN, *its)
        .order_by(case((chats.c.bot_id == bot_id, 1), else_=0), chats.c.id)
    )
    best = {row.chat_number: Reachable(row.id, address_of(row), row.language) for row in found}
    return tuple(best.values())


def write_to(
    connection: Connection,
    one: Reachable,
    drafts: Sequence[Draft],
    *,
    owner: str | None,
    bots: Collection[int],
    now: float,
) -> Sequence[OutboxRow]:
    """Messages to somebody, written down; `bots` are those for which this process speaks.

    Another bot's may be served by another process: a row of nobody's goes to that one.
    """
    mine = owner if one.address.bot_id in bots else None
    rows = insert_drafts(connection, drafts, chat=one.chat, owner=mine, now=now)
    return [replace(row, address=one.address) for row in rows]
