"""What stands in a chat's log: after a number, before one, or in answer to a message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)

from db.ids import as_number, own_id
from db.log import EntryKind, LogEntry, said_entry
from db.models import chats, constant, log, outbox, turns, updates
from db.records import (
    KEYS_PLACE,
    Address,
    OutboxState,
    TurnState,
    UpdateKind,
    UpdateState,
)
from db.rows import OUTBOX, UNSETTLED, as_row, is_at
from db.transcript import ERASED

NEW_CHATS: Final = 10_000  # no more are begun within minutes


@dataclass(frozen=True, slots=True)
class TokensUsed:
    """Tokens of a turn; `cached` are a part of `read`."""

    read: int = 0
    cached: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Glance:
    """What was said to a client's message by now; `whole`: no more is to come.

    `chat`: the row; `seq`: its newest number, up to which this looked. `turn`: which answers it and
    is not over, so that all that is said in it is said to this message, and its end is to come.
    """

    chat: int
    seq: int
    said: tuple[LogEntry, ...]
    whole: bool
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class LogState:
    """A chat with a log: its row, its newest number, and the one up to which was read."""

    chat: int
    seq: int
    read_to: int


_COLUMNS = (
    log.c.seq,
    log.c.kind.label("what"),
    log.c.at,
    log.c.number,
    updates.c.payload,
    updates.c.message_id.label("heard_number"),
    updates.c.message_text.label("heard_text"),
    *OUTBOX,
    outbox.c.message_id,
    outbox.c.message_text,
)
_ENTRIES = (
    select(*_COLUMNS)
    .select_from(
        log.outerjoin(updates, updates.c.id == log.c.update_id).outerjoin(
            outbox, outbox.c.id == log.c.outbox_id
        )
    )
    .where(log.c.chat_id == bindparam("chat"))
)
_HAS_WORDS = or_(
    log.c.kind.in_(map(constant, (EntryKind.READ, EntryKind.ERASED))),
    updates.c.payload != ERASED,
    outbox.c.text != "",
)
_OPEN = turns.c.state == constant(TurnState.OPEN)
_AFTER = (
    _ENTRIES.where(log.c.seq > bindparam("after"), _HAS_WORDS)
    .order_by(log.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_MESSAGES = log.c.kind.in_(map(constant, (EntryKind.HEARD, EntryKind.SAID)))
_NEWEST = func.coalesce(
    select(func.max(log.c.seq)).where(log.c.chat_id == chats.c.id).scalar_subquery(), literal(0)
)


def log_at(connection: Connection, address: Address) -> LogState | None:
    """How the log of a chat stands; None: nobody has written there yet."""
    row = connection.execute(
        select(chats.c.id, _NEWEST.label("seq"), chats.c.read_to).where(is_at(address))
    ).first()
    return LogState(row.id, row.seq, row.read_to) if row else None


def newest_chat(connection: Connection, bot_id: int, beginning: str) -> str | None:
    """The id of the newest chat of a bot's that begins so, if it is among the newest of all."""
    oldest = select(func.max(chats.c.id) - NEW_CHATS).scalar_subquery()
    found = select(chats.c.chat_text).where(
        chats.c.id > oldest,
        chats.c.bot_id == bot_id,
        chats.c.chat_text.startswith(beginning, autoescape=True),
    )
    return connection.execute(found.order_by(chats.c.id.desc()).limit(1)).scalar()


def rows_at(connection: Connection, addresses: Iterable[Address]) -> Mapping[Address, int]:
    """The rows of those of these chats in which somebody has written."""
    asked = {(one.bot_id, as_number(one.chat_id), one.topic_id): one for one in addresses}
    place = (chats.c.bot_id, chats.c.chat_id, chats.c.topic_id)
    found = select(chats.c.id, *place).where(
        chats.c.chat_id.in_({number for _, number, _ in asked})
    )
    rows = {tuple(at): row for row, *at in connection.execute(found)}
    return {one: rows[at] for at, one in asked.items() if at in rows}


def newest_seqs(connection: Connection, chat_rows: Iterable[int]) -> Mapping[int, int]:
    """The newest number of each of these chats."""
    found = select(chats.c.id, chats.c.logged).where(chats.c.id.in_([*chat_rows]))
    return {row.id: row.logged for row in connection.execute(found)}


def being_answered(connection: Connection, chat_rows: Iterable[int]) -> frozenset[int]:
    """Those of these chats in which a turn is open."""
    found = select(turns.c.chat_id).where(turns.c.chat_id.in_([*chat_rows]), _OPEN)
    return frozenset(connection.execute(found).scalars())


def is_known_seq(connection: Connection, chat: int, seq: int) -> bool:
    """Whether somebody can have read up to it; 0 is the beginning."""
    known = exists().where(log.c.chat_id == chat, log.c.seq == seq)
    return seq == 0 or bool(connection.execute(select(known)).scalar())


def entries_after(
    connection: Connection, chat: int, seq: int, *, limit: int
) -> tuple[LogEntry, ...]:
    """The next ones with words, oldest first."""
    found = connection.execute(_AFTER, {"chat": chat, "after": seq, "most": limit})
    return tuple(map(_as_entry, found))


def messages_before(
    connection: Connection, chat: int, seq: int | None, *, limit: int
) -> tuple[LogEntry, ...]:
    """The last messages before a number (None: of all), oldest first, with their keys of now."""
    found = _ENTRIES.where(_MESSAGES, _HAS_WORDS)
    if seq is not None:
        found = found.where(log.c.seq < seq)
    rows = connection.execute(found.order_by(log.c.seq.desc()).limit(limit), {"chat": chat}).all()
    return _with_keys_of_now(connection, chat, [_as_entry(row) for row in reversed(rows)])


def answers_of(connection: Connection, chat: int, message_id: str) -> tuple[LogEntry, ...] | None:
    """What was said to a client's message, in its turn or at once; None: more may be to come.

    Keys that follow their bubble are waited for as well: an answer without them is half of one.
    """
    heard = _heard(connection, chat, message_id)
    return _whole(connection, chat, heard) if heard else None


def _whole(connection: Connection, chat: int, heard: Any) -> tuple[LogEntry, ...] | None:
    waits = heard.state == UpdateState.ACCEPTED or heard.turn_state == TurnState.OPEN
    to_it = _said_to(chat, heard)
    unsent = exists().where(UNSETTLED, to_it)
    taken = heard.turn or heard.state == UpdateState.DONE
    if waits or (heard.kind == UpdateKind.MESSAGE and not taken):
        return None if heard.state != UpdateState.LEFT_OUT else ()
    if connection.execute(select(unsent)).scalar():
        return None
    found = _ENTRIES.where(to_it, _MESSAGES, _HAS_WORDS).order_by(log.c.seq)
    rows = connection.execute(found, {"chat": chat}).all()
    return _with_keys_of_now(connection, chat, [_as_entry(row) for row in rows])


def said_so_far(connection: Connection, chat: int, message_id: str) -> tuple[LogEntry, ...]:
    """What was said to a client's message, though more may be to come."""
    heard = _heard(connection, chat, message_id)
    return _so_far(connection, chat, heard) if heard else ()


def _so_far(connection: Connection, chat: int, heard: Any) -> tuple[LogEntry, ...]:
    found = _ENTRIES.where(_said_to(chat, heard), _MESSAGES, _HAS_WORDS).order_by(log.c.seq)
    return tuple(map(_as_entry, connection.execute(found, {"chat": chat})))


def glance(connection: Connection, address: Address, message_id: str) -> Glance | None:
    """All of it at once, for who looks again and again; None: nobody has written there yet."""
    state = log_at(connection, address)
    if state is None:
        return None
    if not (heard := _heard(connection, state.chat, message_id)):
        return Glance(state.chat, state.seq, (), whole=False)
    whole = _whole(connection, state.chat, heard)
    said = _so_far(connection, state.chat, heard) if whole is None else whole
    open_one = heard.turn if heard.turn_state == TurnState.OPEN else None
    return Glance(state.chat, state.seq, said, whole is not None, open_one)


def tokens_for(connection: Connection, chat: int, message_id: str) -> TokensUsed:
    """What the answer to a client's message took; nothing where no model was asked."""
    used = (turns.c.input_tokens, turns.c.cached_tokens, turns.c.output_tokens)
    found = connection.execute(
        select(*used)
        .join(updates, updates.c.turn_id == turns.c.id)
        .where(updates.c.chat_id == chat, updates.c.message_id == as_number(message_id))
    ).first()
    return TokensUsed(*found) if found else TokensUsed()


def heard_as(connection: Connection, address: Address, message_id: str) -> LogEntry | None:
    """A client's message by its own id, also once its words are gone."""
    at = select(chats.c.id).where(is_at(address)).scalar_subquery()
    found = connection.execute(
        select(updates.c.payload, updates.c.received_at, log.c.seq, log.c.at)
        .outerjoin(log, log.c.update_id == updates.c.id)
        .where(updates.c.chat_id == at, updates.c.message_id == as_number(message_id))
    ).first()
    if found is None:
        return None
    kept = found.seq or 0, EntryKind.HEARD, found.at or found.received_at
    return LogEntry(*kept, message_id=message_id, payload=found.payload)


def _heard(connection: Connection, chat: int, message_id: str) -> Any:
    return connection.execute(
        select(
            *(updates.c.id, updates.c.state, updates.c.kind),
            *(turns.c.id.label("turn"), turns.c.state.label("turn_state")),
        )
        .outerjoin(turns, turns.c.id == updates.c.turn_id)
        .where(updates.c.chat_id == chat, updates.c.message_id == as_number(message_id))
    ).first()


def _said_to(chat: int, heard: Any) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = outbox.c.update_id == heard.id
    if heard.turn:
        mine = outbox.c.turn_id == heard.turn
    return (outbox.c.chat_id == chat) & mine


def _as_entry(row: Any) -> LogEntry:
    kind = EntryKind(row.what)
    if row.id is not None:
        own = own_id(row.message_id, row.message_text)
        return said_entry(as_row(row), seq=row.seq, kind=kind, at=row.at, message_id=own)
    own = own_id(row.heard_number, row.heard_text)
    return LogEntry(row.seq, kind, row.at, own, row.payload, number=row.number)


def _with_keys_of_now(
    connection: Connection, chat: int, entries: Sequence[LogEntry]
) -> tuple[LogEntry, ...]:
    """Keys that took the place of others stand in rows of their own."""
    under = [as_number(one.message_id) for one in entries if one.kind is EntryKind.SAID]
    later = (
        select(outbox.c.reply_to, outbox.c.reply_text, outbox.c.markup)
        .where(outbox.c.chat_id == chat, outbox.c.position == KEYS_PLACE)
        .where(outbox.c.state == OutboxState.SENT, outbox.c.reply_to.in_(under))
        .order_by(outbox.c.id)
    )
    found = connection.execute(later) if under else ()
    keys = {own_id(row.reply_to, row.reply_text): row.markup for row in found}
    return tuple(
        replace(one, markup=keys.get(one.message_id, one.markup))
        if one.kind is EntryKind.SAID
        else one
        for one in entries
    )
