"""Rows whose words are gone: ids, times and counts, which go later, whole, in batches.

A message's id stays as long as a doubt can ask for it (see docs/discussion/in-doubt.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Table,
    delete,
    exists,
    func,
    literal,
    null,
    select,
)

from db.models import bots, chats, constant, outbox, secrets, threads, turns, updates
from db.records import OutboxState, TurnState, UpdateState
from db.retention import Spans
from db.rows import UNSETTLED
from db.sequence import RECENT, Numbering, Sequence, last_ids
from db.transaction import OneByOne
from db.words import BATCH, BATCH_SECONDS, SAID_BY_CLIENTS, SAID_BY_US


@dataclass(frozen=True, slots=True)
class Remains:
    """A table whose rows go, and what keeps one: that it is not over, or that others refer to it.

    Its rows are walked through by their ids, which are given in the order of time.
    """

    table: Table
    at: Column[float]
    rows: FromClause
    tenant: ColumnElement[int | None]
    over: ColumnElement[bool]
    message_id: ColumnElement[int | None]

    @property
    def name(self) -> str:
        return self.table.name


def _named(column: Column[Any], by: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(column == by)


_NO_MESSAGE: Final = null().cast(outbox.c.message_id.type)
_heard, _said = updates.alias(), outbox.alias()
REMAINS: Final = {
    one.name: one
    for one in (  # each before what it refers to
        Remains(
            table=outbox,
            at=outbox.c.queued_at,
            rows=SAID_BY_US.rows.join(chats, chats.c.id == outbox.c.chat_id),
            tenant=SAID_BY_US.tenant,
            over=~UNSETTLED & ~SAID_BY_US.held,
            message_id=outbox.c.message_id,
        ),
        Remains(
            table=updates,
            at=updates.c.received_at,
            rows=SAID_BY_CLIENTS.rows.outerjoin(chats, chats.c.id == updates.c.chat_id),
            tenant=SAID_BY_CLIENTS.tenant,
            over=(updates.c.state != constant(UpdateState.ACCEPTED))
            & ~SAID_BY_CLIENTS.held
            & ~_named(_said.c.update_id, updates.c.id),
            message_id=updates.c.message_id,
        ),
        Remains(
            table=turns,
            at=turns.c.opened_at,
            rows=turns.join(threads, threads.c.id == turns.c.thread_id).join(
                chats, chats.c.id == turns.c.chat_id
            ),
            tenant=threads.c.tenant_id,
            over=(turns.c.state != constant(TurnState.OPEN))
            & ~_named(_heard.c.turn_id, turns.c.id)
            & ~_named(_said.c.turn_id, turns.c.id),
            message_id=_NO_MESSAGE,
        ),
        Remains(
            table=threads,
            at=threads.c.created_at,
            rows=threads.join(chats, chats.c.id == threads.c.chat_id),
            tenant=threads.c.tenant_id,
            over=threads.c.closed_at.is_not(None)
            & threads.c.conversation_id.is_(None)
            & ~_named(_heard.c.thread_id, threads.c.id)
            & ~_named(turns.c.thread_id, threads.c.id)
            & ~_named(chats.alias().c.thread_id, threads.c.id),
            message_id=_NO_MESSAGE,
        ),
    )
}


def old_rows(
    connection: Connection,
    remains: Remains,
    spans: Spans,
    asked_for: "AskedFor",
    after: int = 0,
) -> tuple[tuple[int, ...], int | None]:
    """The rows, of the next, whose time is over; and where to go on, if at all."""
    row = remains.table.c
    found = connection.execute(
        select(
            row.id,
            remains.at.label("at"),
            remains.tenant.label("tenant"),
            remains.message_id.label("message_id"),
            chats.c.channel,
            chats.c.bot_id,
            chats.c.chat_id,
        )
        .select_from(remains.rows)
        .where(row.id > after)
        .order_by(row.id)
        .limit(BATCH)
    ).all()
    old = [one for one in found if one.at < spans.records(one.tenant)]
    rows = tuple(one.id for one in old if not asked_for.holds(one))
    is_end = len(found) < BATCH or all(one.at >= spans.newest_records for one in found)
    return rows, None if is_end else found[-1].id


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The lowest message id, by sequence, that a doubt of now or to come may ask for."""

    numberings: Mapping[str, Numbering]  # of the channels where it may ask
    lowest: Mapping[Sequence, int]

    def holds(self, row: Any) -> bool:
        """Whether a row of `old_rows` has such an id."""
        numbering = self.numberings.get(row.channel)
        if numbering is None or row.message_id is None:
            return False
        sequence = numbering.sequence(row.bot_id, row.chat_id)
        return bool(row.message_id >= self.lowest.get(sequence, 0))


def ids_asked_for(connection: Connection, numberings: Mapping[str, Numbering]) -> AskedFor:
    """A search begins at the last id that was known before the call.

    How the clocks stood to each other is told by those shortly before.
    """
    lowest: dict[Sequence, int] = {}
    for channel, numbering in numberings.items():
        lowest |= _last_of(connection, channel, numbering)
        for sequence, known in _in_doubt(connection, channel, numbering):
            lowest[sequence] = min(known, lowest.get(sequence, known))
    return AskedFor(numberings, {its: last - RECENT for its, last in lowest.items()})


def _last_of(connection: Connection, channel: str, numbering: Numbering) -> Mapping[Sequence, int]:
    there = exists().where(chats.c.bot_id == bots.c.id, chats.c.channel == channel)
    its = connection.execute(select(bots.c.id).where(there)).scalars().all()
    return dict(chain.from_iterable(last_ids(connection, bot, numbering).items() for bot in its))


def _in_doubt(
    connection: Connection, channel: str, numbering: Numbering
) -> Iterator[tuple[Sequence, int]]:
    """Each message on its way, with the last id that was known before."""
    left = UNSETTLED & (outbox.c.state != constant(OutboxState.QUEUED))
    found = connection.execute(
        select(chats.c.bot_id, chats.c.chat_id, func.coalesce(outbox.c.lower_id, literal(0)))
        .join(chats, chats.c.id == outbox.c.chat_id)
        .where(left, chats.c.channel == channel)
    )
    for bot_id, chat_id, known in found:
        yield numbering.sequence(bot_id, chat_id), known


@dataclass(frozen=True, slots=True)
class DropRows(OneByOne[int]):
    """Delete these rows of a table, but those that are not over; the result is how many went."""

    limit_seconds: ClassVar[float | None] = BATCH_SECONDS
    table: str
    rows: tuple[int, ...]

    def carry_out(self, connection: Connection) -> int:
        remains = REMAINS[self.table]
        row = remains.table.c.id
        over = select(row).where(row.in_(self.rows), remains.over).order_by(row)
        ids = list(connection.execute(over.with_for_update(skip_locked=True)).scalars())
        if remains.table is updates:
            connection.execute(delete(secrets).where(secrets.c.update_id.in_(ids)))
        connection.execute(delete(remains.table).where(row.in_(ids)))
        return len(ids)
