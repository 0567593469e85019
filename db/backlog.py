"""Of a backlog that no turn can read, the middle is left out, a piece a commit.

To write down of thousands of messages that they wait no more takes a second or more, and all
others would wait for it. What is left out lies between what is read at both ends, so another
process may go on with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from db.models import constant, updates
from db.portions import PIECE, LeftOut, Portion, choose
from db.records import TO_THE_MODEL, Gap, Message, UpdateKind, UpdateState
from db.rows import as_message

_Row = Row[*tuple[Any, ...]]
Words = tuple[list[_Row], Gap | None]  # the rows that are read, oldest first

_WAITS = (
    (updates.c.chat_id == bindparam("chat"))
    & (updates.c.state == constant(UpdateState.ACCEPTED))
    & updates.c.kind.in_(TO_THE_MODEL)
)
_THREAD = select(updates.c.thread_id).where(_WAITS).order_by(updates.c.id).limit(1)
_OF_THREAD = _WAITS & (updates.c.thread_id == bindparam("thread"))
_ROWS = select(updates.c.id).where(_OF_THREAD).limit(1)
_FIRST = _ROWS.order_by(updates.c.id).offset(bindparam("head"))
_LAST = _ROWS.order_by(updates.c.id.desc()).offset(bindparam("tail"))
_MIDDLE = (
    select(updates.c.id)
    .where(_OF_THREAD, updates.c.id.between(bindparam("first"), bindparam("last")))
    .order_by(updates.c.id)
    .limit(PIECE)
)
_LEAVE_OUT = (
    update(updates)
    .where(updates.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=UpdateState.LEFT_OUT)
)
_BETWEEN = select(func.count(), func.min(updates.c.id)).where(
    updates.c.thread_id == bindparam("thread"),
    updates.c.state == UpdateState.LEFT_OUT,
    updates.c.kind == UpdateKind.MESSAGE,
    updates.c.id.between(bindparam("first"), bindparam("last")),
)

_PAYLOADS = select(
    updates.c.id,
    updates.c.kind,
    updates.c.message_id,
    updates.c.message_text,
    updates.c.pressed,
    updates.c.payload,
    updates.c.written_at,
).where(updates.c.id.in_(bindparam("ids", expanding=True)))
_IDS_AT_ONCE = 1_000  # of a statement's parameters


def cut_to_fit(connection: Connection, chat: int, limits: Portion) -> bool:
    """Leave out what cannot be read however short it is; whether there was any of it."""
    thread = connection.execute(_THREAD, {"chat": chat}).scalar()
    here = {"chat": chat, "thread": thread}
    first = connection.execute(_FIRST, {**here, "head": limits.head}).scalar()
    last = connection.execute(_LAST, {**here, "tail": limits.tail}).scalar()
    found = connection.execute(_MIDDLE, {**here, "first": first or 0, "last": last or 0})
    return _leave_out(connection, list(found.scalars()))


def choose_words(connection: Connection, rows: Sequence[_Row], limits: Portion) -> Words:
    """Which of a turn's rows are read, and the gap between them.

    Where they are few, nothing was left out between them.
    """
    if len(rows) <= PIECE:
        return choose(rows, limits)
    edges = {"thread": rows[0].thread_id, "first": rows[0].id, "last": rows[-1].id}
    number, first = connection.execute(_BETWEEN, edges).one()
    return choose(rows, limits, LeftOut(number, first or 0))


def read_words(
    connection: Connection, chosen: Mapping[int, Words]
) -> dict[int, tuple[tuple[Message, ...], Gap | None]]:
    """What is read of each turn's messages; the payloads of all others are left alone."""
    ids = [row.id for read, _ in chosen.values() for row in read]
    found = {
        row.id: as_message(row)
        for start in range(0, len(ids), _IDS_AT_ONCE)
        for row in connection.execute(_PAYLOADS, {"ids": ids[start : start + _IDS_AT_ONCE]})
    }
    return {key: (tuple(found[row.id] for row in read), gap) for key, (read, gap) in chosen.items()}


def leave_out_unread(connection: Connection, rows: Sequence[_Row], chosen: Words) -> bool:
    """Leave out a piece of what is not read of a turn, where it is a lot; whether it was."""
    read = {row.id for row in chosen[0]}
    unread = [row.id for row in rows if row.id not in read]
    return len(unread) > 2 * PIECE and _leave_out(connection, unread[:PIECE])


def _leave_out(connection: Connection, rows: Sequence[int]) -> bool:
    if rows:
        connection.execute(_LEAVE_OUT, {"ids": rows})
    return bool(rows)
