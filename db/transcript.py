"""The transcript is what the tables hold: who said what when, in which turn, as which bubble."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, false, func, or_, select, true

from db.ids import as_number, own_id
from db.models import calls, chats, links, outbox, turns, updates
from db.records import (
    CUT,
    KEYS_PLACE,
    NOTHING_STATED,
    STOPPED,
    TO_THE_MODEL,
    Address,
    Message,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Stated,
)
from db.rows import ADDRESS, ROWS, address_of, as_message, as_row
from db.stated import STATED, as_stated

_FIRST_BUBBLE_AT = (
    select(func.min(outbox.c.sent_at))
    .where(outbox.c.turn_id == turns.c.id, outbox.c.kind == OutboxKind.REPLY)
    .label("first_bubble_at")
)
_its = updates.alias()
HIDDEN = "•••"  # in the place of what was said once, to one person
SAID = (OutboxState.SENT, OutboxState.DOUBT)
SEEDED = 40  # lines of a thread at most, that a new conversation begins with
ERASED = "{}"  # what is left of an update without its words


@dataclass(frozen=True, slots=True)
class TurnRow:
    """What is recorded of a turn. Times are seconds since the epoch."""

    id: int
    state: str
    epoch: int
    cause: str | None
    model: str | None
    response_id: str | None
    profile_version: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    received_at: float
    opened_at: float
    first_delta_at: float | None
    first_bubble_at: float | None
    done_at: float | None
    stated: Stated = NOTHING_STATED


_RECORDED: Final = tuple(name for name in TurnRow.__slots__ if name != "stated")
_TURN: Final = [
    _FIRST_BUBBLE_AT if name == "first_bubble_at" else turns.c[name] for name in _RECORDED
]


@dataclass(frozen=True, slots=True)
class HeardUpdate:
    """An update of a chat."""

    update: Message
    state: str
    turn: int | None
    received_at: float
    cause: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """An outbox row of a chat."""

    row: OutboxRow
    message_id: str | None
    queued_at: float
    sent_at: float | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Called:
    """A tool's call in a chat; `output`: what the model was told of it, once it is over."""

    turn: int
    tool: str
    arguments: str
    state: str
    output: str | None
    proposed_at: float
    done_at: float | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that is stored of one chat, oldest first."""

    chat: int
    address: Address
    heard: tuple[HeardUpdate, ...]
    said: tuple[Said, ...]
    turns: tuple[TurnRow, ...]
    calls: tuple[Called, ...] = ()


def find_chats(connection: Connection, chat_id: str) -> tuple[tuple[int, Address], ...]:
    """The chats to which a channel gave this id, one per bot and topic."""
    found = connection.execute(
        select(chats.c.id, *ADDRESS)
        .where(chats.c.chat_id == as_number(chat_id))
        .order_by(chats.c.id)
    )
    return tuple((row.id, address_of(row)) for row in found)


@dataclass(frozen=True, slots=True)
class LatestUpdate:
    """A chat, and what was heard there last."""

    address: Address
    payload: str
    received_at: float


def latest_ids(connection: Connection) -> tuple[int, ...]:
    """The ids of the latest update of each chat, the latest first."""
    last = func.max(updates.c.id)
    found = select(last).where(updates.c.chat_id.is_not(None)).group_by(updates.c.chat_id)
    return tuple(connection.execute(found.order_by(last.desc())).scalars())


def latest_updates(connection: Connection, ids: Sequence[int]) -> tuple[LatestUpdate, ...]:
    """These updates with their chats, the latest first."""
    found = connection.execute(
        select(updates.c.id, updates.c.payload, updates.c.received_at, *ADDRESS)
        .join(chats, chats.c.id == updates.c.chat_id)
        .where(updates.c.id.in_(ids))
        .order_by(updates.c.id.desc())
    )
    return tuple(LatestUpdate(address_of(row), row.payload, row.received_at) for row in found)


def load_transcript(connection: Connection, *, chat: int, address: Address) -> Transcript:
    """The transcript of one chat."""
    return Transcript(
        chat,
        address,
        _heard(connection, chat),
        _said(connection, chat),
        _turns(connection, chat),
        _calls(connection, chat),
    )


def _heard(connection: Connection, chat: int) -> tuple[HeardUpdate, ...]:
    found = connection.execute(
        select(updates).where(updates.c.chat_id == chat).order_by(updates.c.id)
    )
    return tuple(
        HeardUpdate(
            as_message(row),
            row.state,
            row.turn_id,
            row.received_at,
            row.cause,
        )
        for row in found
    )


def _said(connection: Connection, chat: int) -> tuple[Said, ...]:
    names = ("message_id", "message_text", "queued_at", "sent_at", "cause")
    columns = (outbox.c[name] for name in names)
    found = connection.execute(
        ROWS.add_columns(*columns)
        .where(outbox.c.chat_id == chat, outbox.c.position > KEYS_PLACE)
        .order_by(outbox.c.id)
    )
    return tuple(
        Said(
            _shown(as_row(row)),
            own_id(row.message_id, row.message_text),
            row.queued_at,
            row.sent_at,
            row.cause,
        )
        for row in found
    )


def _shown(row: OutboxRow) -> OutboxRow:
    return replace(row, text=HIDDEN) if row.kind is OutboxKind.SECRET else row


def _turns(connection: Connection, chat: int) -> tuple[TurnRow, ...]:
    found = connection.execute(
        select(*_TURN, *STATED).where(turns.c.chat_id == chat).order_by(turns.c.id)
    )
    return tuple(
        TurnRow(**{name: getattr(row, name) for name in _RECORDED}, stated=as_stated(row))
        for row in found
    )


def _calls(connection: Connection, chat: int) -> tuple[Called, ...]:
    """Those that are not erased."""
    columns = (calls.c.tool, calls.c.arguments, calls.c.state, calls.c.output)
    found = connection.execute(
        select(calls.c.turn_id, *columns, calls.c.proposed_at, calls.c.done_at)
        .join(turns, turns.c.id == calls.c.turn_id)
        .where(turns.c.chat_id == chat, calls.c.arguments != "")
        .order_by(calls.c.id)
    )
    return tuple(Called(*row) for row in found)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of a thread, for seeding a new conversation: a client's update or our bubble.

    `elsewhere`: the chat in which it was said, where the thread goes on from another.
    """

    message: Message | None
    text: str | None
    elsewhere: Address | None = None


def recent_lines(
    connection: Connection, *, thread: int, before_turn: int, limit: int
) -> Sequence[Spoken]:
    """The last `limit` lines of the turns before `before_turn` in a thread, oldest first.

    With them come as many of what it goes on from. What was erased is left out.
    """
    earlier = (turns.c.thread_id == thread) & (turns.c.id < before_turn)
    lines = _lines(connection, earlier, limit)
    brought = select(links.c.source_id, links.c.until_id, *ADDRESS)
    brought = brought.join(chats, chats.c.id == links.c.chat_id).where(links.c.thread_id == thread)
    for link in connection.execute(brought).all():
        before = exists().where(_its.c.turn_id == turns.c.id, _its.c.id < link.until_id)
        its_turns = (turns.c.thread_id == link.source_id) & before
        said = _lines(connection, its_turns, limit, until=link.until_id)
        lines |= {place: replace(one, elsewhere=address_of(link)) for place, one in said.items()}
    return [line for _, line in sorted(lines.items(), key=lambda pair: pair[0])]


def _lines(
    connection: Connection, of_turns: ColumnElement[bool], limit: int, until: int | None = None
) -> dict[tuple[int, int, int], Spoken]:
    """The last lines of some turns, by their places in the order of time.

    `until`: of clients' messages those that came before this update.
    """
    earlier = true() if until is None else updates.c.id < until
    heard = connection.execute(
        select(updates, turns.c.id.label("turn"))
        .join(turns, turns.c.id == updates.c.turn_id)
        .where(of_turns, earlier, updates.c.kind.in_(TO_THE_MODEL))
        .where(updates.c.payload != ERASED)
        .order_by(updates.c.id.desc())
        .limit(limit)
    ).all()
    said = connection.execute(
        select(outbox.c.id, outbox.c.text, turns.c.id.label("turn"))
        .join(turns, turns.c.id == outbox.c.turn_id)
        .where(of_turns, outbox.c.kind == OutboxKind.REPLY, outbox.c.state.in_(SAID))
        .where(outbox.c.text != "")
        .order_by(outbox.c.id.desc())
        .limit(limit)
    ).all()
    lines = {(row.turn, 0, row.id): Spoken(as_message(row), None) for row in heard}
    lines |= {(row.turn, 1, row.id): Spoken(None, row.text) for row in said}
    newest = sorted(lines, reverse=True)[:limit]
    return {place: lines[place] for place in newest}


def holds_any(connection: Connection, marks: Sequence[str], *, thread: int) -> bool:
    """Whether one of these texts stands in an update of a thread's turns."""
    marked = or_(false(), *(updates.c.payload.contains(mark, autoescape=True) for mark in marks))
    its = exists().where(updates.c.turn_id == turns.c.id, updates.c.kind.in_(TO_THE_MODEL), marked)
    found = select(turns.c.id).where(turns.c.thread_id == thread, its).limit(1)
    return connection.execute(found).first() is not None


@dataclass(frozen=True, slots=True)
class Missed:
    """What the client did not see of the reply before."""

    undelivered: tuple[str, ...] = ()  # bubbles that never arrived
    seen_until: str | None = None  # the last one that was said, if more was to follow
    stopped: bool = False  # the client wanted no more of it


def missed(connection: Connection, *, thread: int, before_turn: int) -> Missed | None:
    """What the client did not see of the reply in the thread's last turn; None: there was none."""
    last = connection.execute(
        select(turns.c.id, turns.c.cause)
        .where(turns.c.thread_id == thread, turns.c.id < before_turn)
        .order_by(turns.c.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    end = _last_said(connection, last.id) if last.cause in (CUT, STOPPED) else None
    return Missed(_undelivered(connection, last.id), end, last.cause == STOPPED)


def _last_said(connection: Connection, turn: int) -> str | None:
    mine = outbox.c.turn_id == turn, outbox.c.kind == OutboxKind.REPLY
    found = select(outbox.c.text).where(*mine, outbox.c.state == OutboxState.SENT)
    return connection.execute(found.order_by(outbox.c.id.desc()).limit(1)).scalar() or None


def _undelivered(connection: Connection, turn: int) -> tuple[str, ...]:
    found = connection.execute(
        select(outbox.c.text)
        .where(
            outbox.c.turn_id == turn,
            outbox.c.kind == OutboxKind.REPLY,
            outbox.c.state == OutboxState.FAILED,
            outbox.c.text != "",
        )
        .order_by(outbox.c.id)
    )
    return tuple(found.scalars())
