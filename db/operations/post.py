"""T3, T4 and T5: bubbles decided, about to be sent, and sent; neighbours share a commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Text,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    update,
)

from db.errors import Stale
from db.ids import as_number, text_beside
from db.log import LogEntry, log_said
from db.models import constant, outbox
from db.records import Draft, Fence, OutboxKind, OutboxRow, OutboxState, Settled
from db.rows import UNSETTLED, Right, draft_values, insert_rows, rights
from db.transaction import Operation

_Place = tuple[int, int | None, OutboxKind, int]  # chat, turn, kind, position

_SETTLE = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("row"),
        outbox.c.owner == bindparam("mine"),
        # What was forgotten or given up in the meantime does not come back; that it arrived counts.
        (outbox.c.state != constant(OutboxState.FAILED)) | (bindparam("arrived", type_=Boolean)),
        # Of a turn that is no longer ours only what arrived counts; the rest is its owner's.
        bindparam("ours", type_=Boolean)
        | bindparam("arrived", type_=Boolean)
        | outbox.c.turn_id.is_(None),
    )
    .values(
        state=bindparam("new_state"),
        message_id=bindparam("message"),
        message_text=bindparam("its_text"),
        not_before=bindparam("later"),
        cause=bindparam("why"),
        sent_at=bindparam("sent"),
        attempts=outbox.c.attempts + bindparam("more"),
        entities=case((bindparam("plain"), null()), else_=outbox.c.entities),
        text=case(
            (
                (outbox.c.kind == OutboxKind.SECRET) & bindparam("over", type_=Boolean),
                literal(""),
            ),
            else_=outbox.c.text,
        ),
    )
)
_QUEUED = (
    select(outbox.c.id, outbox.c.owner)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state == OutboxState.QUEUED)
    .order_by(outbox.c.id)
    .with_for_update(key_share=True)
)
_ON_THEIR_WAY = select(outbox.c.chat_id, outbox.c.state, outbox.c.owner).where(
    UNSETTLED,
    outbox.c.state.in_(map(constant, (OutboxState.SENDING, OutboxState.DOUBT))),
    outbox.c.chat_id.in_(bindparam("chats", expanding=True)),
)
_INTEND = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=bindparam("left_as"),
        intent_at=bindparam("now"),
        lower_id=bindparam("lower"),
        markup=func.coalesce(bindparam("keys", type_=Text), outbox.c.markup),
    )
)


@dataclass(frozen=True, slots=True)
class Posted:
    """The rows just written, in order, and whether `intend` may be sent now.

    `logged`: what stands in the chat's log since.
    """

    rows: tuple[OutboxRow, ...]
    sending: bool
    busy: bool = False  # another process is sending in this chat: try again in a while
    stopped: bool = False  # the client wants no more of the turn: nothing of its reply is written
    logged: tuple[LogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Post(Operation[Posted]):
    """Record what was sent, write down drafts, and mark one row as about to be sent.

    `intend` names a stored row, which leaves with these `keys`, if there are any; `intend_first`
    means the first of the drafts. `logged`: a message is sent as it comes to stand in the chat's
    log; so whatever may leave has left with this commit, its row's number its id. Raises Stale
    when the turn of the fence is closed or has another owner: then only what was sent is recorded.
    While another process is sending in this chat all is written but the intent; a second
    `sending` row would be refused by the database. So it is while another finds out about a row in
    doubt: two that search in one chat would take one message for both of theirs.
    Of a turn that the client has stopped no more of the reply is written down.
    """

    chat: int
    owner: str
    now: float
    fence: Fence | None = None
    settled: tuple[Settled, ...] = ()
    drafts: tuple[Draft, ...] = ()
    intend: int | None = None
    keys: str | None = None
    intend_first: bool = False
    lower_id: int | None = None
    logged: bool = False

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Post"]
    ) -> Sequence[Posted | Exception]:
        worth = rights(connection, [one.fence for one in batch])
        holds = [right is not Right.NONE for right in worth]
        batch = [
            one._without_reply() if right is Right.STOPPED else one
            for one, right in zip(batch, worth, strict=True)
        ]
        valid = [post for post, held in zip(batch, holds, strict=True) if held]
        happened = [
            (post, held, one)
            for post, held in zip(batch, holds, strict=True)
            for one in post.settled
        ]
        logged = _settle(connection, happened)  # whoever owns the turn by now
        busy = _busy(connection, [post for post in valid if not post.logged])
        free = _intend(connection, [post for post in valid if post.chat not in busy])
        rows = _insert(connection, valid, busy)
        left = [
            (post, True, Settled(row, OutboxState.SENT, message_id=str(row)))
            for post in valid
            if post.logged and (row := post._leaving(rows, free))
        ]
        new = {row.row: row for mine in rows.values() for row in mine}
        logged |= _settle(connection, left, new)
        at_once = {id(post): one.row for post, _, one in left}
        return [
            Stale(f"turn {post.fence}")
            if right is Right.NONE
            else replace(
                post._result(rows, free, busy=post.chat in busy),
                stopped=right is Right.STOPPED,
                logged=tuple(
                    logged[row]
                    for row in (*(one.row for one in post.settled), at_once.get(id(post)))
                    if row in logged
                ),
            )
            for post, right in zip(batch, worth, strict=True)
        ]

    def _without_reply(self) -> "Post":
        return replace(
            self, drafts=tuple(one for one in self.drafts if one.kind is not OutboxKind.REPLY)
        )

    def _result(self, rows: dict[int, list[OutboxRow]], free: set[int], *, busy: bool) -> Posted:
        mine = tuple(rows.get(id(self), ()))
        return Posted(mine, self._leaving(rows, free) is not None, busy)

    def _leaving(self, rows: dict[int, list[OutboxRow]], free: set[int]) -> int | None:
        """The row that may be sent now."""
        if self.intend is not None:
            return self.intend if self.intend in free else None
        mine = rows.get(id(self), ())
        return next((row.row for row in mine if row.state is self._left_as), None)

    @property
    def _left_as(self) -> OutboxState:
        """How a row leaves. One in a chat is `sending`, maybe a dead process's: none is logged."""
        return OutboxState.SENT if self.logged else OutboxState.SENDING

    def _values(self, *, busy: bool) -> list[dict[str, Any]]:
        turn = self.fence.turn if self.fence else None
        values = [
            draft_values(
                draft, chat=self.chat, owner=self.owner, turn=turn, update=None, now=self.now
            )
            for draft in self.drafts
        ]
        if self.intend_first and values and not busy:
            values[0] |= {
                "state": self._left_as,
                "intent_at": self.now,
                "lower_id": self.lower_id,
            }
        return values


def _settle(
    connection: Connection,
    happened: Sequence[tuple[Post, bool, Settled]],
    new: Mapping[int, OutboxRow] = MappingProxyType({}),
) -> dict[int, LogEntry]:
    """What is logged since, by rows. Of what happened: whether the turn is still ours.

    `new`: rows that this transaction has written.
    """
    if not happened:
        return {}
    values = [
        {
            "row": settled.row,
            "mine": post.owner,
            "new_state": settled.state,
            "message": as_number(settled.message_id),
            "its_text": text_beside(settled.message_id),
            "later": settled.not_before,
            "why": settled.cause,
            "sent": post.now if settled.state is OutboxState.SENT else None,
            "more": int(settled.state is OutboxState.QUEUED),
            "plain": settled.plain,
            "arrived": settled.state is OutboxState.SENT,
            "ours": held,
            "over": settled.state in (OutboxState.SENT, OutboxState.FAILED),
        }
        for post, held, settled in happened
    ]
    connection.execute(_SETTLE, sorted(values, key=lambda value: int(str(value["row"]))))
    said = {
        one.row: one.message_id
        for post, _, one in happened
        if post.logged and one.state is OutboxState.SENT
    }
    if not said:
        return {}
    shown = {row: one for row, one in new.items() if one.kind is not OutboxKind.SECRET}
    return log_said(connection, said, now=happened[-1][0].now, new=shown)


def _intend(connection: Connection, batch: Sequence[Post]) -> set[int]:
    wanted = {post.intend: post for post in batch if post.intend is not None}
    if not wanted:
        return set()
    queued = connection.execute(_QUEUED, {"ids": sorted(wanted)})
    free = [row.id for row in queued if row.owner == wanted[row.id].owner]
    values = [
        {
            "row": row,
            "now": wanted[row].now,
            "lower": wanted[row].lower_id,
            "keys": wanted[row].keys,
            "left_as": wanted[row]._left_as,
        }
        for row in free
    ]
    if values:
        connection.execute(_INTEND, values)
    return set(free)


def _busy(connection: Connection, batch: Sequence[Post]) -> set[int]:
    """The chats in which something else is on its way though we have just settled ours."""
    intending = {
        post.chat: post.owner for post in batch if post.intend is not None or post.intend_first
    }
    if not intending:
        return set()
    found = connection.execute(_ON_THEIR_WAY, {"chats": sorted(intending)})
    return {
        row.chat_id
        for row in found
        if row.state == OutboxState.SENDING or row.owner != intending[row.chat_id]
    }


def _insert(
    connection: Connection, batch: Sequence[Post], busy: set[int]
) -> dict[int, list[OutboxRow]]:
    """The new rows of each operation, by the operation's identity."""
    values = [value for post in batch for value in post._values(busy=post.chat in busy)]
    if not values:
        return {}
    stored = insert_rows(connection, values)
    writers: dict[_Place, Post] = {}
    for post in batch:
        for draft in post.drafts:
            turn = post.fence.turn if post.fence else None
            writers.setdefault((post.chat, turn, draft.kind, draft.position), post)
    rows: dict[int, list[OutboxRow]] = {}
    for row in stored:
        writer = writers[(row.chat, row.turn, row.kind, row.position)]
        rows.setdefault(id(writer), []).append(row)
    return rows
