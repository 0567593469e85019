"""A company's conversations, as its people read them: which there are, and what was said in one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    func,
    select,
)

from db.calls import CallRow, calls_in
from db.ids import own_id
from db.models import chats, outbox, ratings, sites, talks, threads, turns, updates
from db.records import (
    PUBLIC,
    TO_THE_MODEL,
    Address,
    Message,
    OutboxKind,
    Purpose,
    UpdateKind,
)
from db.rows import ADDRESS, address_of, as_message
from db.sites import SITE_BOT, name_of_site
from db.transcript import ERASED, SAID

BATCH: Final = 50  # that people are told of, or shown, at once
UNKNOWN: Final = "?"  # in the place of a name
LOOKED_THROUGH: Final = 5_000  # the newest: whose name is looked for is among them
_MOST_HEARD: Final = 100  # messages of a page: there may be more where nobody waited for an answer
_MOST_REACTIONS: Final = 200
_SPOKEN: Final = (OutboxKind.REPLY, OutboxKind.FAILURE, OutboxKind.WAITING)


@dataclass(frozen=True, slots=True)
class Talk:
    """A chat with one assistant of a company, `waiting` for one of its people.

    `name`: of the client who wrote last; None where it is not known.
    """

    row: int
    tenant: int
    chat: int
    address: Address
    assistant: str
    name: str | None
    last_at: float
    waiting: bool
    rating: int | None = None  # what the client gave it last, from 1 to 5
    site: str = ""  # what people call the site on which it is; empty for none

    @property
    def is_private(self) -> bool:
        """Whether it is with an assistant that not everybody may talk to."""
        return self.assistant != PUBLIC


@dataclass(frozen=True, slots=True)
class FromUs:
    """A message of ours; its id where it is known."""

    text: str
    at: float
    message_id: str | None


@dataclass(frozen=True, slots=True)
class TalkTurn:
    """What the answer to some messages said of itself; our bubbles, and what was called."""

    row: int
    received_at: float
    state: str
    outcome: str | None
    about: str | None
    sources: str | None  # JSON
    promised: bool = False  # that somebody will call or write
    claimed: bool = False  # that something is done, and nothing had been
    said: tuple[FromUs, ...] = ()
    calls: tuple[tuple[float, CallRow], ...] = ()  # each with its time


@dataclass(frozen=True, slots=True)
class FromClient:
    """A client's message, or what came in its place."""

    message: Message
    received_at: float
    turn: int | None


@dataclass(frozen=True, slots=True)
class TalkPage:
    """Some turns in a row, oldest first, and what clients sent from the first to their end.

    `older`: the first of them, if there are others before it.
    """

    turns: tuple[TalkTurn, ...] = ()
    heard: tuple[FromClient, ...] = ()
    older: int | None = None
    reactions: tuple[Message, ...] = ()  # to any of our messages, oldest first
    rated: int | None = None  # the row of the update with which the client rated it last


_COLUMNS = (
    talks.c.id,
    talks.c.tenant_id,
    talks.c.chat_id.label("chat"),
    talks.c.assistant,
    talks.c.name,
    talks.c.last_at,
    talks.c.waiting_since,
    select(ratings.c.value).where(ratings.c.talk_id == talks.c.id).label("rating"),
    select(sites.c.origins)
    .where(sites.c.tenant_id == talks.c.tenant_id, chats.c.bot_id == SITE_BOT)
    .label("site"),
    *ADDRESS,
)
KNOWN = talks.c.name != ""


def _talks(tenant: int, *, private: bool) -> Select[*tuple[Any, ...]]:
    """Those of which words are left; those of private assistants only if it says so."""
    found = select(*_COLUMNS).join(chats, chats.c.id == talks.c.chat_id)
    mine = talks.c.tenant_id == tenant
    return found.where(mine, KNOWN, *(() if private else (talks.c.assistant == PUBLIC,)))


def list_talks(
    connection: Connection, tenant: int, *, private: bool, first: int, limit: int
) -> tuple[Talk, ...]:
    """From number `first` on: those who wait longest, then the others, the newest first."""
    all_of_them = _talks(tenant, private=private)
    waits = talks.c.waiting_since.is_not(None)
    waiting = all_of_them.where(waits).order_by(talks.c.waiting_since)
    found = list(connection.execute(waiting.offset(first).limit(limit)))
    if len(found) == limit:
        return tuple(map(_talk, found))
    before = len(found) + first if found else count_waiting(connection, tenant, private=private)
    others = all_of_them.where(~waits).order_by(talks.c.last_at.desc())
    rest = others.offset(max(0, first - before)).limit(limit - len(found))
    return (*map(_talk, found), *map(_talk, connection.execute(rest)))


def count_waiting(connection: Connection, tenant: int, *, private: bool) -> int:
    """How many conversations wait for one of the company's people."""
    waiting = _talks(tenant, private=private).where(talks.c.waiting_since.is_not(None))
    return int(connection.execute(waiting.with_only_columns(func.count())).scalar_one())


def count_claims(connection: Connection, tenant: int, version: int, *, private: bool) -> int:
    """How many answers of a version of its profile said that something is done that was not."""
    its = (threads.c.tenant_id == tenant) & (threads.c.purpose == Purpose.CLIENT)
    found = select(func.count()).select_from(turns).join(threads, threads.c.id == turns.c.thread_id)
    found = found.where(its, turns.c.claimed.is_not(None), turns.c.profile_version == version)
    public = () if private else (threads.c.assistant == PUBLIC,)
    return int(connection.execute(found.where(*public)).scalar_one())


def named_talks(
    connection: Connection, tenant: int, name: str, *, private: bool, limit: int
) -> tuple[Talk, ...]:
    """Of the newest, those of clients whose name has this in it."""
    wanted = name.casefold()
    newest = select(talks.c.id, talks.c.name).where(talks.c.tenant_id == tenant, KNOWN)
    found = connection.execute(newest.order_by(talks.c.last_at.desc()).limit(LOOKED_THROUGH))
    rows = [row.id for row in found if wanted in row.name.casefold()]
    its = _talks(tenant, private=private).where(talks.c.id.in_(rows[: 4 * limit]))
    return tuple(map(_talk, connection.execute(its.order_by(talks.c.last_at.desc()).limit(limit))))


def newest_talks(
    connection: Connection, tenant: int, *, private: bool, limit: int
) -> tuple[Talk, ...]:
    """The newest, whoever waits."""
    found = _talks(tenant, private=private).order_by(talks.c.last_at.desc()).limit(limit)
    return tuple(map(_talk, connection.execute(found)))


def talk_by_row(connection: Connection, tenant: int, row: int, *, private: bool) -> Talk | None:
    """One of a tenant's, if there are words left of it."""
    one = connection.execute(_talks(tenant, private=private).where(talks.c.id == row)).first()
    return _talk(one) if one else None


def talks_by_row(connection: Connection, rows: Sequence[int]) -> tuple[Talk, ...]:
    """Those of these rows of which words are left, in their order."""
    found = select(*_COLUMNS).join(chats, chats.c.id == talks.c.chat_id)
    known = connection.execute(found.where(talks.c.id.in_(rows), KNOWN))
    by_row = {row.id: _talk(row) for row in known}
    return tuple(by_row[row] for row in rows if row in by_row)


def talks_with(
    connection: Connection, of: Table, which: ColumnElement[bool], after: int
) -> tuple[tuple[Talk, ...], int | None]:
    """Those to which such rows of a table belong, and where to go on, if there may be more."""
    found = select(of.c.id, of.c.talk_id).where(which, of.c.id > after)
    rows = connection.execute(found.order_by(of.c.id).limit(BATCH)).all()
    theirs = talks_by_row(connection, list(dict.fromkeys(row.talk_id for row in rows)))
    return theirs, rows[-1].id if len(rows) == BATCH else None


def _talk(row: Any) -> Talk:
    name = None if row.name == UNKNOWN else row.name
    chat = row.id, row.tenant_id, row.chat, address_of(row), row.assistant
    waits, site = row.waiting_since is not None, name_of_site(row.site)
    return Talk(*chat, name, row.last_at, waits, row.rating, site)


def last_heard(connection: Connection, talk: Talk, *, limit: int) -> tuple[Message, ...]:
    """What the client wrote last, the latest first."""
    found = select(updates).where(*_of(talk, updates), updates.c.kind.in_(TO_THE_MODEL))
    found = found.order_by(updates.c.received_at.desc(), updates.c.id.desc()).limit(limit)
    return tuple(map(as_message, connection.execute(found)))


def _of(talk: Talk, table: Any) -> tuple[ColumnElement[bool], ...]:
    """Rows of the chat in its threads with this assistant of this tenant's."""
    its = select(threads.c.id).where(
        threads.c.chat_id == talk.chat,
        threads.c.tenant_id == talk.tenant,
        threads.c.assistant == talk.assistant,
        threads.c.purpose == Purpose.CLIENT,
    )
    return table.c.chat_id == talk.chat, table.c.thread_id.in_(its)


def read_talk(
    connection: Connection, talk: Talk, *, limit: int, before: int | None = None
) -> TalkPage:
    """The last `limit` turns, or those before one; messages that wait stand on the last page."""
    newer = select(turns.c.opened_at, turns.c.received_at).where(turns.c.id == before)
    end = connection.execute(newer).first() if before else None
    found = connection.execute(
        select(turns)
        .where(*_of(talk, turns), *([turns.c.opened_at < end.opened_at] if end else ()))
        .order_by(turns.c.opened_at.desc(), turns.c.id.desc())
        .limit(limit + 1)
    ).all()
    shown = found[:limit][::-1]
    older = shown[0] if len(found) > limit else None
    said = _said(connection, [row.id for row in shown])
    called = calls_in(connection, [row.id for row in shown])
    heard = _heard(
        connection,
        talk,
        begin=older.received_at if older else -inf,
        end=end.received_at if end else inf,
    )
    return TalkPage(
        tuple(_turn(row, said.get(row.id, ()), called.get(row.id, ())) for row in shown),
        tuple(heard),
        older.id if older else None,
        _reactions(connection, talk),
        connection.execute(
            select(ratings.c.update_id).where(ratings.c.talk_id == talk.row)
        ).scalar(),
    )


def turn_after(connection: Connection, talk: Talk, turn: int) -> int | None:
    """The next turn of the conversation; None after the last."""
    its = select(turns.c.opened_at).where(turns.c.id == turn).scalar_subquery()
    later = select(turns.c.id).where(*_of(talk, turns), turns.c.opened_at > its)
    return connection.execute(later.order_by(turns.c.opened_at).limit(1)).scalar()


def _turn(row: Any, said: Sequence[FromUs], called: Sequence[tuple[float, CallRow]]) -> TalkTurn:
    stated = (row.outcome, row.about, row.sources, bool(row.promised), bool(row.claimed))
    return TalkTurn(row.id, row.received_at, row.state, *stated, tuple(said), tuple(called))


def _said(connection: Connection, rows: Sequence[int]) -> dict[int, list[FromUs]]:
    found = connection.execute(
        select(outbox)
        .where(outbox.c.turn_id.in_(rows), outbox.c.kind.in_(_SPOKEN), outbox.c.state.in_(SAID))
        .where(outbox.c.text != "")
        .order_by(outbox.c.id)
    )
    said: dict[int, list[FromUs]] = {}
    for row in found:
        said.setdefault(row.turn_id, []).append(
            FromUs(
                row.text,
                row.sent_at or row.queued_at,
                own_id(row.message_id, row.message_text),
            )
        )
    return said


def _heard(connection: Connection, talk: Talk, *, begin: float, end: float) -> Iterator[FromClient]:
    kinds = (*TO_THE_MODEL, UpdateKind.EVENT)
    found = connection.execute(
        select(updates)
        .where(*_of(talk, updates), updates.c.kind.in_(kinds))
        .where(updates.c.received_at >= begin, updates.c.received_at < end)
        .order_by(updates.c.received_at.desc(), updates.c.id.desc())
        .limit(_MOST_HEARD)
    ).all()
    for row in reversed(found):
        yield FromClient(as_message(row), row.received_at, row.turn_id)


def heard_in(connection: Connection, talk: Talk, row: int) -> Message | None:
    """One of its messages."""
    one = connection.execute(
        select(updates).where(*_of(talk, updates), updates.c.id == row)
    ).first()
    return as_message(one) if one else None


def reactions_in(
    connection: Connection, those: Sequence[Talk]
) -> Mapping[int, tuple[Message, ...]]:
    """The last to the answers of each talk, by its row, oldest first."""
    return {talk.row: _reactions(connection, talk) for talk in those}


def _reactions(connection: Connection, talk: Talk) -> tuple[Message, ...]:
    found = connection.execute(
        select(updates)
        .join(
            outbox,
            (outbox.c.chat_id == updates.c.chat_id) & (outbox.c.message_id == updates.c.pressed),
        )
        .join(turns, turns.c.id == outbox.c.turn_id)
        .where(updates.c.chat_id == talk.chat, updates.c.pressed.is_not(None))
        .where(updates.c.kind == UpdateKind.IGNORED, updates.c.payload != ERASED)
        .where(*_of(talk, turns))
        .order_by(updates.c.id.desc())
        .limit(_MOST_REACTIONS)
    ).all()
    return tuple(as_message(row) for row in reversed(found))
