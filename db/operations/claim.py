"""T2: the messages that wait in a chat become a turn."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, func, insert, or_, select, update

from db.backlog import (
    Words,
    choose_words,
    cut_to_fit,
    leave_out_unread,
    read_words,
)
from db.duty import roles_reached
from db.haste import opens_at
from db.languages import SPOKEN
from db.models import chats, client_facts, constant, drafts, tenants, threads, turns, updates
from db.portions import Portion, take
from db.records import (
    CUT,
    STOPPED,
    TO_THE_MODEL,
    Fence,
    Purpose,
    Turn,
    TurnState,
    UpdateKind,
    UpdateState,
)
from db.rows import ADDRESS, EXISTS, THREAD, turn_of
from db.tenants import NO_CHANGES
from db.transaction import Operation
from db.window import Window

_CHATS = (
    select(
        chats.c.id,
        *ADDRESS,
        SPOKEN,
        chats.c.introduced_at,
        chats.c.due_at,
    )
    .where(chats.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(chats.c.id)
    .with_for_update(key_share=True)
)
_TURNS = select(
    chats.c.id,
    select(func.count())
    .where(updates.c.chat_id == chats.c.id, updates.c.state == constant(UpdateState.ACCEPTED))
    .scalar_subquery()
    .label("waiting"),
    exists()
    .where(turns.c.chat_id == chats.c.id, turns.c.state == constant(TurnState.OPEN))
    .label("busy"),
    select(or_(turns.c.state == constant(TurnState.UNREACHABLE), turns.c.cause.in_((CUT, STOPPED))))
    # One that is still to come was opened before the clock was put back, so it is not the last.
    .where(turns.c.chat_id == chats.c.id, turns.c.opened_at <= bindparam("now"))
    .order_by(turns.c.opened_at.desc(), turns.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("missed"),
    exists().where(client_facts.c.chat_id == chats.c.id).label("known"),
).where(chats.c.id.in_(bindparam("ids", expanding=True)))
_NEWEST_DRAFT = (
    select(func.max(drafts.c.revision))
    .where(drafts.c.tenant_id == tenants.c.id, drafts.c.changes != NO_CHANGES)
    .scalar_subquery()
)
_VERSION = case(
    (threads.c.purpose == Purpose.PREVIEW, func.coalesce(-_NEWEST_DRAFT, tenants.c.version)),
    else_=tenants.c.version,
)
_earlier = updates.alias()
# An event may say with whom a chat goes on: what came after it waits until that is known.
_IS_AHEAD_OF_ITS_TIME = exists().where(
    _earlier.c.chat_id == updates.c.chat_id,
    _earlier.c.state == constant(UpdateState.ACCEPTED),
    _earlier.c.kind == constant(UpdateKind.EVENT),
    _earlier.c.id < updates.c.id,
)
_WAITING = (
    select(
        updates.c.id,
        updates.c.chat_id,
        updates.c.message_id,
        updates.c.album,
        updates.c.size,
        updates.c.written_at,
        updates.c.received_at,
        updates.c.thread_id,
        *THREAD,
        _VERSION.label("version"),
        _IS_AHEAD_OF_ITS_TIME.label("ahead"),
    )
    .join(threads, threads.c.id == updates.c.thread_id)
    .join(tenants, tenants.c.id == threads.c.tenant_id)
    .where(
        updates.c.chat_id.in_(bindparam("ids", expanding=True)),
        updates.c.state == constant(UpdateState.ACCEPTED),
        updates.c.kind.in_(TO_THE_MODEL),
        EXISTS,
    )
    .order_by(updates.c.id)
)
_ATTACH = (
    update(updates)
    .where(updates.c.id == bindparam("row"))
    .values(turn_id=bindparam("turn"), state=UpdateState.CLAIMED)
)
_BEGIN = insert(turns).returning(turns.c.chat_id, turns.c.id)
_DISARM = (
    update(chats)
    .where(chats.c.id == bindparam("row"))
    .values(due_at=bindparam("due"), first_at=None, closed_at=None)
)

NotDue = float  # when to come back: at once, where a piece of a backlog was left out
_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Chat:
    row: _Row
    busy: bool
    missed: bool  # the client did not see all of the last reply
    known: bool  # something is known of the client
    waiting: int


@dataclass(frozen=True, slots=True)
class Claim(Operation[Turn | NotDue | None]):
    """Open a turn in `chat`; None when nothing waits, or when a turn is open (T6 then re-arms).

    So it is when all that waits came after an event that is not handled (H then re-arms).

    `window`: how many turns a minute the chat may have. `waited_for`: a chat that is due no later
    than this is due now, whatever the clock says: who asks has waited as long as was to be waited
    for it.
    """

    chat: int
    owner: str
    now: float
    portion: Portion
    window: Window = field(default_factory=Window)
    waited_for: float = 0.0

    @property
    def moment(self) -> float:
        """What is due by then is due."""
        return max(self.now, self.waited_for)

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Claim"]
    ) -> Sequence[Turn | NotDue | None]:
        now = max(claim.now for claim in batch)
        found = _lock(connection, sorted({claim.chat for claim in batch}), now)
        ready = {
            claim.chat: claim for claim in batch if _is_ready(found.get(claim.chat), claim.moment)
        }
        opened: dict[int, Turn | NotDue] = {}
        for chat, claim in ready.items():
            most = claim.portion.head + claim.portion.tail
            if found[chat].waiting > most and cut_to_fit(connection, chat, claim.portion):
                opened[chat] = claim.now
        if rest := {chat: ready[chat] for chat in ready if chat not in opened}:
            opened |= _open(connection, found, rest, now=now)
        return [
            opened.pop(claim.chat, None) or _later(found.get(claim.chat), claim.moment)
            for claim in batch
        ]


def _lock(connection: Connection, ids: Sequence[int], now: float) -> dict[int, _Chat]:
    """Two statements: the second one sees what the last holder of the lock committed."""
    rows = connection.execute(_CHATS, {"ids": ids}).all()
    turns_of = {row.id: row for row in connection.execute(_TURNS, {"ids": ids, "now": now})}
    return {
        row.id: _Chat(row, of.busy, bool(of.missed), of.known, of.waiting)
        for row in rows
        for of in (turns_of[row.id],)
    }


def _is_ready(chat: _Chat | None, moment: float) -> bool:
    if chat is None or chat.busy or chat.row.due_at is None:
        return False
    return bool(chat.row.due_at <= moment)


def _later(chat: _Chat | None, moment: float) -> NotDue | None:
    if chat is None or chat.row.due_at is None or chat.busy or chat.row.due_at <= moment:
        return None
    return float(chat.row.due_at)


def _open(
    connection: Connection, found: dict[int, _Chat], ready: dict[int, Claim], *, now: float
) -> dict[int, Turn | NotDue]:
    waiting: dict[int, list[_Row]] = defaultdict(list)
    for row in connection.execute(_WAITING, {"ids": sorted(ready)}):
        waiting[row.chat_id].append(row)
    taken: dict[int, list[_Row]] = {}
    words: dict[int, Words] = {}
    again: dict[int, Turn | NotDue] = {}
    for chat, rows in waiting.items():
        if rows[0].ahead:
            del ready[chat]
            continue
        limits, thread = ready[chat].portion, rows[0].thread_id
        mine = take([row for row in rows if row.thread_id == thread and not row.ahead], limits)
        chosen = choose_words(connection, mine, limits)
        if leave_out_unread(connection, mine, chosen):
            again[chat] = ready[chat].now
        else:
            taken[chat], words[chat] = mine, chosen
    epochs = _insert_turns(connection, ready, taken)
    if claimed := [{"row": row.id, "turn": epochs[of]} for of in taken for row in taken[of]]:
        connection.execute(_ATTACH, claimed)
    if over := {chat: ready[chat] for chat in ready if chat not in again}:
        _disarm(connection, over, waiting, taken)
    reached = roles_reached(connection, {rows[0].tenant_id for rows in taken.values()}, now=now)
    read = read_words(connection, words)
    return again | {
        chat: replace(
            turn_of(
                found[chat].row,
                rows[0],
                fence=Fence(epochs[chat], 1),
                opened_at=ready[chat].now,
                words=read[chat],
            ),
            missed=found[chat].missed,
            known=found[chat].known,
            reached=reached[rows[0].tenant_id],
        )
        for chat, rows in taken.items()
    }


def _insert_turns(
    connection: Connection, ready: dict[int, Claim], waiting: dict[int, list[_Row]]
) -> dict[int, int]:
    values = [
        {
            "chat_id": chat,
            "thread_id": rows[0].thread_id,
            "profile_version": rows[0].version,
            "state": TurnState.OPEN,
            "owner": ready[chat].owner,
            "epoch": 1,
            "received_at": rows[0].received_at,
            "opened_at": ready[chat].now,
        }
        for chat, rows in sorted(waiting.items())
    ]
    made = connection.execute(_BEGIN, values) if values else ()
    return {row.chat_id: row.id for row in made}


def _disarm(
    connection: Connection,
    ready: dict[int, Claim],
    waiting: dict[int, list[_Row]],
    taken: dict[int, list[_Row]],
) -> None:
    """What was too much for this turn stays due at once; all else waits for a new message.

    What /new pinned to the next thread is due at once as well, unless the chat is in haste.
    """
    values: list[dict[str, float | None]] = []
    for chat, claim in sorted(ready.items()):
        mine = taken.get(chat, ())
        ids = {row.id for row in mine}
        rest = next((row for row in waiting[chat] if row.id not in ids), None)
        due = None if rest is None else claim.now
        if rest is not None and not any(row.thread_id == rest.thread_id for row in mine):
            opens = opens_at(connection, chat, window=claim.window, now=claim.now)
            due = max(claim.now, opens)
        values.append({"row": chat, "due": due})
    connection.execute(_DISARM, values)
