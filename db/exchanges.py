"""What clients asked and what they were answered, turn by turn: read in portions, of any number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from db.models import chats, constant, outbox, threads, turns, updates
from db.records import TO_THE_MODEL, Address, Message, OutboxKind, Purpose
from db.rows import ADDRESS, address_of, as_message
from db.transcript import ERASED, SAID

_ANSWERED: Final = (OutboxKind.REPLY, OutboxKind.FAILURE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn: the messages that it answered, and the bubbles. What was erased is in neither."""

    turn: int
    at: float  # when the first message came
    heard: Sequence[Message]
    said: Sequence[str]


def chats_with_turns(
    connection: Connection, tenant: int | None, *, after: int, limit: int
) -> tuple[tuple[int, Address], ...]:
    """The next chats, by their rows, in which a tenant (None: any) answered somebody."""
    its = _turns(tenant).where(turns.c.chat_id == chats.c.id)
    found = select(chats.c.id, *ADDRESS).where(chats.c.id > after, its.exists())
    rows = connection.execute(found.order_by(chats.c.id).limit(limit))
    return tuple((row.id, address_of(row)) for row in rows)


def exchanges(
    connection: Connection, tenant: int | None, *, chat: int, after: int, limit: int
) -> tuple[Exchange, ...]:
    """The next turns of a chat, oldest first."""
    its = _turns(tenant).add_columns(turns.c.received_at)
    its = its.where(turns.c.chat_id == chat, turns.c.id > after)
    found = connection.execute(its.order_by(turns.c.id).limit(limit)).all()
    ids = [row.id for row in found]
    heard, said = _heard(connection, ids), _said(connection, ids)
    return tuple(Exchange(row.id, row.received_at, heard[row.id], said[row.id]) for row in found)


def _turns(tenant: int | None) -> Select[Any]:
    """But for those in which people of the company only try."""
    its = select(turns.c.id).join(threads, threads.c.id == turns.c.thread_id)
    its = its.where(threads.c.purpose != constant(Purpose.PREVIEW))
    return its if tenant is None else its.where(threads.c.tenant_id == tenant)


def _heard(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[Message]]:
    mine = updates.c.turn_id.in_(ids), updates.c.kind.in_(TO_THE_MODEL)
    rows = select(updates).where(*mine, updates.c.payload != ERASED).order_by(updates.c.id)
    found: dict[int, list[Message]] = defaultdict(list)
    for row in connection.execute(rows):
        found[row.turn_id].append(as_message(row))
    return found


def _said(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    mine = outbox.c.turn_id.in_(ids), outbox.c.kind.in_(_ANSWERED), outbox.c.state.in_(SAID)
    rows = select(outbox.c.turn_id, outbox.c.text).where(*mine, outbox.c.text != "")
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(rows.order_by(outbox.c.id)):
        found[row.turn_id].append(row.text)
    return found
