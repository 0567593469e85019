"""What several operations and reads share."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Row,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from db.ids import as_number, own_id, text_beside
from db.models import bots, chats, constant, outbox, talks, tenants, threads, tokens, turns
from db.records import (
    TELEGRAM,
    Address,
    Draft,
    Fence,
    Gap,
    Message,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Pinned,
    Purpose,
    TenantState,
    Turn,
    TurnState,
    UpdateKind,
)

# The owner of a row that no process has yet: the column takes no NULL, and no process is called so.
UNOWNED: Final = ""


def db_now(connection: Connection) -> ColumnElement[float]:
    """Seconds since the epoch. SQLite before 3.42 gives NULL for unixepoch('subsec'), silently."""
    if connection.dialect.name == "sqlite":
        return literal_column("(julianday('now') - 2440587.5) * 86400.0", Double)
    return literal_column("extract(epoch from clock_timestamp())::double precision", Double)


_EPOCHS = (
    select(turns.c.id, turns.c.epoch, turns.c.stopped_at)
    .where(turns.c.id.in_(bindparam("ids", expanding=True)), turns.c.state == TurnState.OPEN)
    .order_by(turns.c.id)
    .with_for_update(key_share=True)
)
OUTBOX = (  # what `as_row` reads
    outbox.c.id,
    outbox.c.chat_id,
    outbox.c.turn_id,
    outbox.c.kind,
    outbox.c.position,
    outbox.c.text,
    outbox.c.entities,
    outbox.c.markup,
    outbox.c.reply_to,
    outbox.c.reply_text,
    outbox.c.state,
    outbox.c.attempts,
    outbox.c.not_before,
    outbox.c.intent_at,
    outbox.c.lower_id,
)
# In these words, since an index has them for its condition.
UNSETTLED = outbox.c.state.in_(
    map(constant, (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DOUBT))
)
# Of a tenant: what was deleted stays for a while, until all that it left is erased.
EXISTS = tenants.c.state != constant(TenantState.DELETED)
IS_SERVED = tenants.c.state.not_in(map(constant, (TenantState.ARCHIVED, TenantState.DELETED)))
IS_TELEGRAMS = bots.c.channel == TELEGRAM  # of a bot of ours, which may be one on another channel
IS_HOSTS = IS_TELEGRAMS & bots.c.token.is_(None)
# Of a chat in which it is to be said anew that an AI answers.
NOT_INTRODUCED: Final[Mapping[str, None]] = MappingProxyType({"introduced_at": None})
ADDRESS = (  # what `address_of` reads
    chats.c.channel,
    chats.c.bot_id,
    chats.c.chat_id.label("chat_number"),
    chats.c.chat_text,
    chats.c.topic_id,
)
THREAD = (  # what `turn_of` reads, beside the version of the profile
    threads.c.tenant_id,
    threads.c.assistant,
    threads.c.purpose,
    threads.c.conversation_id,
    threads.c.last_item_id,
    threads.c.conversation_at,
    tenants.c.state.label("tenant_state"),
)
ROWS = select(*OUTBOX, *ADDRESS).join(chats, chats.c.id == outbox.c.chat_id)


Insert = sqlite.Insert | postgresql.Insert
Returning = ReturningInsert[*tuple[Any, ...]]


def insert(connection: Connection, table: Table) -> Insert:
    """An INSERT that knows ON CONFLICT."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> Insert:
    """The same, for a statement that is made once: making one costs more than carrying it out."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_or_lock(
    connection: Connection, table: Table, values: Mapping[str, object], *, by: str
) -> Insert:
    """A new row, or the one that is there, locked; RETURNING tells of either.

    `by`: the unique column that both have in common. In two statements, another process could
    delete the row between them.
    """
    row = insert(connection, table).values(**values)
    return row.on_conflict_do_update(index_elements=[by], set_={by: row.excluded[by]})


def is_at(address: Address) -> ColumnElement[bool]:
    """The chat with this address."""
    return and_(
        chats.c.bot_id == address.bot_id,
        chats.c.chat_id == as_number(address.chat_id),
        chats.c.topic_id == address.topic_id,
    )


def address_of(row: Row[*tuple[Any, ...]]) -> Address:
    """Where the chat is, of a row with the columns of ADDRESS."""
    chat_id = own_id(row.chat_number, row.chat_text)
    return Address(row.channel, row.bot_id, chat_id, row.topic_id)


def insert_drafts(
    connection: Connection,
    drafts: Sequence[Draft],
    *,
    chat: int,
    owner: str | None,
    now: float,
    turn: int | None = None,
    update: int | None = None,
) -> list[OutboxRow]:
    """Write drafts down as `queued`, in their order; a position already taken is left as it is."""
    if not drafts:
        return []
    values = [
        draft_values(draft, chat=chat, owner=owner, turn=turn, update=update, now=now)
        for draft in drafts
    ]
    return insert_rows(connection, values)


def insert_rows(connection: Connection, values: Sequence[dict[str, Any]]) -> list[OutboxRow]:
    """Insert what `draft_values` made, in order; rows whose place is taken are left out."""
    stored = connection.execute(_add_rows(connection.dialect.name), list(values)).all()
    return [as_row(row) for row in sorted(stored, key=lambda row: row.id)]


@cache
def _add_rows(dialect: str) -> Returning:
    return insert_for(dialect, outbox).on_conflict_do_nothing().returning(*OUTBOX)


def draft_values(
    draft: Draft, *, chat: int, owner: str | None, now: float, turn: int | None, update: int | None
) -> dict[str, Any]:
    """The columns of a new row."""
    return {
        "chat_id": chat,
        "turn_id": turn,
        "update_id": update,
        "kind": draft.kind,
        "position": draft.position,
        "text": draft.text,
        "entities": draft.entities,
        "markup": draft.markup,
        "reply_to": as_number(draft.reply_to),
        "reply_text": text_beside(draft.reply_to),
        "state": OutboxState.QUEUED,
        "queued_at": now,
        "owner": owner or UNOWNED,
        "intent_at": None,
        "lower_id": None,
    }


def as_message(row: Row[*tuple[Any, ...]]) -> Message:
    """A stored update of a client's as plain data; a press is known by the message it was under."""
    message_id = own_id(row.message_id, row.message_text) or own_id(row.pressed, None)
    return Message(row.id, UpdateKind(row.kind), message_id, row.payload, row.written_at)


def as_row(row: Row[*tuple[Any, ...]]) -> OutboxRow:
    """A stored row as plain data; with its address when the query joined the chat."""
    return OutboxRow(
        row=row.id,
        chat=row.chat_id,
        turn=row.turn_id,
        kind=OutboxKind(row.kind),
        position=row.position,
        text=row.text,
        entities=row.entities,
        markup=row.markup,
        reply_to=own_id(row.reply_to, row.reply_text),
        state=OutboxState(row.state),
        attempts=row.attempts,
        not_before=row.not_before,
        intent_at=row.intent_at,
        lower_id=row.lower_id,
        address=address_of(row) if "chat_number" in row._fields else None,
    )


def turn_of(
    chat: Row[*tuple[Any, ...]],
    thread: Row[*tuple[Any, ...]],
    *,
    fence: Fence,
    opened_at: float,
    words: tuple[tuple[Message, ...], Gap | None],
) -> Turn:
    """A turn in a chat, of which is known how it is addressed and spoken to, and in a thread."""
    messages, gap = words
    return Turn(
        fence=fence,
        chat=thread.chat_id,
        address=address_of(chat),
        language=chat.language,
        introduced=chat.introduced_at is not None,
        thread=thread.thread_id,
        tenant=thread.tenant_id,
        assistant=thread.assistant,
        purpose=Purpose(thread.purpose),
        tenant_state=TenantState(thread.tenant_state),
        pinned=Pinned.read(thread.version),
        conversation_id=thread.conversation_id,
        last_item_id=thread.last_item_id,
        resumed=thread.conversation_at is not None,
        received_at=thread.received_at,
        opened_at=opened_at,
        messages=messages,
        gap=gap,
    )


class Right(Enum):
    """What a fence is still worth."""

    FULL = auto()
    STOPPED = auto()  # the client wants no more of the turn: it is only brought to its end
    NONE = auto()


def rights(connection: Connection, fences: Sequence[Fence | None]) -> list[Right]:
    """Lock the turns; what their fences are worth (none at all: everything)."""
    ids = sorted({fence.turn for fence in fences if fence})
    if not ids:
        return [Right.FULL] * len(fences)
    found = {row.id: row for row in connection.execute(_EPOCHS, {"ids": ids})}

    def right(fence: Fence | None) -> Right:
        if fence is None:
            return Right.FULL
        row = found.get(fence.turn)
        if row is None or row.epoch != fence.epoch:
            return Right.NONE
        return Right.FULL if row.stopped_at is None else Right.STOPPED

    return list(map(right, fences))


def current(connection: Connection, fences: Sequence[Fence | None]) -> list[bool]:
    """Lock the turns; which fences still hold (none at all: always)."""
    return [one is not Right.NONE for one in rights(connection, fences)]


def days_of(whose: str, days: tuple[str, str]) -> tuple[str, str]:
    """Under what the tokens are counted of somebody who has a limit of their own."""
    today, tomorrow = days
    return f"{today} {whose}", f"{tomorrow} {whose}"


def count_tokens(connection: Connection, days: tuple[str, str], used: int) -> None:
    """So many more tokens were used today.

    `days`: today and tomorrow. Where tomorrow had begun, the clock was put back: they go on
    counting there, for what was used on a day that comes again says nothing of this one.
    """
    today, tomorrow = days
    more = {"today": today, "tomorrow": tomorrow, "more": used}
    connection.execute(_count_more(connection.dialect.name), more)


@cache
def _count_more(dialect: str) -> Insert:
    known = tokens.c.day.in_((bindparam("today"), bindparam("tomorrow")))
    begun = select(func.max(tokens.c.day)).where(known).scalar_subquery()
    day = func.coalesce(begun, bindparam("today", type_=tokens.c.day.type))
    add = insert_for(dialect, tokens).values(day=day, used=bindparam("more"))
    more = {"used": tokens.c.used + add.excluded.used}
    return add.on_conflict_do_update(index_elements=[tokens.c.day], set_=more)


def keep_talks(connection: Connection, which: ColumnElement[bool]) -> None:
    """Nobody else changes these before the commit, nor their notices, questions and requests.

    Who changes those begins with this: in that order nobody waits for one who waits for him.
    """
    mine = select(talks.c.id).where(which).order_by(talks.c.id)
    connection.execute(mine.with_for_update(key_share=True))
