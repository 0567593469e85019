"""The log of a chat that is read by number: what happened there, in the order of becoming visible.

An entry gets its number in the transaction that makes it visible, under the lock of the chat's row.
So whoever reads everything after a number never misses one that is committed later: 7 is not given
before 6 is committed. The words stand where all words stand; an entry without words is not read.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import (
    BigInteger,
    Connection,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from db.models import chats, log, outbox, updates
from db.records import KEYS_PLACE, Address, OutboxKind, OutboxRow, OutboxState
from db.rows import OUTBOX, as_row, is_at
from db.transaction import OneByOne
from db.transcript import ERASED


class EntryKind(StrEnum):
    """What happened."""

    HEARD = "heard"  # a client's message
    SAID = "said"  # one of ours
    KEYS = "keys"  # other keys stand under one of ours
    READ = "read"  # the client has read up to a number
    ERASED = "erased"  # all that was said before


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One of them. Of a message: its id, and the stored update, or what was said.

    `on`: the id of the message under which other keys stand. `number`: up to where it was read.
    `turn`: in which it was said.
    """

    seq: int
    kind: EntryKind
    at: float
    message_id: str | None = None
    payload: str | None = None
    said_as: OutboxKind | None = None
    text: str = ""
    entities: str | None = None
    markup: str | None = None
    on: str | None = None
    number: int | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """An entry to be made in a chat; `heard`, `said`: the row of what came in, or went out."""

    chat: int
    kind: EntryKind
    heard: int | None = None
    said: int | None = None
    number: int | None = None


_MESSAGES: Final = (EntryKind.HEARD, EntryKind.SAID)
_COUNT: Final = (
    update(chats)
    .where(chats.c.id == bindparam("chat"))
    .values(logged=chats.c.logged + bindparam("more", type_=BigInteger))
)
_NEWEST: Final = select(chats.c.id, chats.c.logged).where(
    chats.c.id.in_(bindparam("counted", expanding=True))
)
_ADD: Final = insert(log)
_SAID: Final = (  # what was forgotten on its way is not shown
    select(*OUTBOX)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)), outbox.c.text != "")
    .where(outbox.c.state == OutboxState.SENT, ~exists().where(log.c.outbox_id == outbox.c.id))
    .order_by(outbox.c.id)
)


def log_heard(
    connection: Connection, heard: Sequence[tuple[int, int]], *, now: float
) -> Sequence[int]:
    """Clients' messages, just stored, by their chats' rows and their own; the numbers they got."""
    return _log(connection, [_New(chat, EntryKind.HEARD, heard=row) for chat, row in heard], now)


def log_said(
    connection: Connection,
    said: Mapping[int, str | None],
    *,
    now: float,
    new: Mapping[int, OutboxRow] = MappingProxyType({}),
) -> dict[int, LogEntry]:
    """Messages of ours that are sent by now, by their rows, with their ids there.

    `new`: those of them that this transaction has written. One that is in the log is left alone.
    """
    known = [new[row] for row in said if row in new]
    if stored := [row for row in said if row not in new]:
        known += map(as_row, connection.execute(_SAID, {"rows": stored}))
    kinds = [EntryKind.KEYS if row.position == KEYS_PLACE else EntryKind.SAID for row in known]
    entries = [_New(row.chat, kind, said=row.row) for row, kind in zip(known, kinds, strict=True)]
    return {
        row.row: said_entry(row, seq=seq, kind=kind, at=now, message_id=said[row.row])
        for row, kind, seq in zip(known, kinds, _log(connection, entries, now), strict=True)
    }


def said_entry(
    row: OutboxRow, *, seq: int, kind: EntryKind, at: float, message_id: str | None
) -> LogEntry:
    """What readers are told of a message of ours, or of keys under one."""
    return LogEntry(
        seq=seq,
        kind=kind,
        at=at,
        message_id=message_id,
        said_as=row.kind,
        text=row.text,
        entities=row.entities,
        markup=row.markup,
        on=row.reply_to,
        turn=row.turn,
    )


def erase_log(connection: Connection, chat: int, *, now: float) -> None:
    """What was forgotten stands in no log; what waits still does. Readers are told, if any are."""
    gone = select(updates.c.id).where(updates.c.chat_id == chat, updates.c.payload == ERASED)
    erased = delete(log).where(
        log.c.chat_id == chat, or_(log.c.update_id.is_(None), log.c.update_id.in_(gone))
    )
    if connection.execute(erased).rowcount:
        _log(connection, [_New(chat, EntryKind.ERASED)], now)


@dataclass(frozen=True, slots=True)
class MarkRead(OneByOne[None]):
    """The client has read up to a number; the highest counts, where a message was read by that."""

    chat: Address
    seq: int
    now: float

    def carry_out(self, connection: Connection) -> None:
        # Else each mark, which has a number itself, could be read in its turn, without an end.
        read_now = exists().where(log.c.chat_id == chats.c.id, log.c.kind.in_(_MESSAGES))
        read_now = read_now.where(log.c.seq > chats.c.read_to, log.c.seq <= self.seq)
        news = (chats.c.read_to < self.seq) & (chats.c.logged >= self.seq) & read_now
        read = update(chats).where(is_at(self.chat), news).values(read_to=self.seq)
        row: int | None = connection.execute(read.returning(chats.c.id)).scalar()
        if row is not None:
            _log(connection, [_New(row, EntryKind.READ, number=self.seq)], self.now)


def _log(connection: Connection, new: Sequence[_New], now: float) -> Sequence[int]:
    """The numbers of each, in their order; who wants one in these chats waits for the commit."""
    if not new:
        return ()
    left = Counter(one.chat for one in new)
    connection.execute(_COUNT, [{"chat": chat, "more": left[chat]} for chat in sorted(left)])
    newest = {row.id: row.logged for row in connection.execute(_NEWEST, {"counted": [*left]})}
    values = []
    for one in new:
        left[one.chat] -= 1
        values.append(
            {
                "chat_id": one.chat,
                "seq": newest[one.chat] - left[one.chat],
                "kind": one.kind,
                "update_id": one.heard,
                "outbox_id": one.said,
                "number": one.number,
                "at": now,
            }
        )
    connection.execute(_ADD, values)
    return [value["seq"] for value in values]
