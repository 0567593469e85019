"""The words in rows that stay: found where they are older than their span, and erased in batches.

Of what still waits to be answered or sent nothing goes, until nobody waits for it any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Table,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from db.models import (
    audit,
    bots,
    calls,
    chats,
    client_facts,
    constant,
    identities,
    notices,
    outbox,
    quotes,
    requests,
    secrets,
    talks,
    threads,
    turns,
    updates,
)
from db.quotes import AT_ONCE
from db.records import OutboxState, TurnState, UpdateState
from db.retention import Spans
from db.rows import UNSETTLED
from db.transaction import OneByOne
from db.transcript import ERASED

EXPIRED: Final = "older than is kept"
BATCH: Final = 200
BATCH_SECONDS: Final = 60.0  # nothing is lost by one that takes long, and much by none at all
Place = tuple[float, int]  # a row's time and id: where a walk has come to
START: Final[Place] = (0.0, 0)


@dataclass(frozen=True, slots=True)
class Worded:
    """A table with words: whose they are, when they were said, and what is there without them.

    `held` tells rows that have any in the very words of an index's condition.
    """

    table: Table
    at: Column[float]
    rows: FromClause
    tenant: ColumnElement[int | None]
    held: ColumnElement[bool]
    blank: Mapping[str, object]
    waits: ColumnElement[bool] = field(default_factory=false)
    given_up: Mapping[str, object] = field(default_factory=dict)  # of a row that waits no more

    @property
    def name(self) -> str:
        return self.table.name


def _in_open_turn(turn: ColumnElement[int | None]) -> ColumnElement[bool]:
    return exists().where(turns.c.id == turn, turns.c.state == constant(TurnState.OPEN))


_its_turn, _its_update = turns.alias(), updates.alias()
_by_turn, _by_update = threads.alias(), threads.alias()
SAID_BY_CLIENTS: Final = Worded(
    table=updates,
    at=updates.c.received_at,
    rows=updates.outerjoin(threads, threads.c.id == updates.c.thread_id),
    tenant=threads.c.tenant_id,
    held=updates.c.payload != literal_column(f"'{ERASED}'"),
    blank={"payload": ERASED},
    waits=(updates.c.state == constant(UpdateState.ACCEPTED)) | _in_open_turn(updates.c.turn_id),
    given_up={"state": UpdateState.DONE, "cause": EXPIRED},
)
_QUOTED: Final = (  # of what a notice tells a company's people: that company
    select(talks.c.tenant_id)
    .join(notices, notices.c.talk_id == talks.c.id)
    .join(quotes, quotes.c.notice_id == notices.c.id)
    .where(quotes.c.outbox_id == outbox.c.id)
    .limit(1)
    .scalar_subquery()
)
SAID_BY_US: Final = Worded(
    table=outbox,
    at=outbox.c.queued_at,
    rows=outbox.outerjoin(_its_turn, _its_turn.c.id == outbox.c.turn_id)
    .outerjoin(_by_turn, _by_turn.c.id == _its_turn.c.thread_id)
    .outerjoin(_its_update, _its_update.c.id == outbox.c.update_id)
    .outerjoin(_by_update, _by_update.c.id == _its_update.c.thread_id),
    tenant=func.coalesce(_by_turn.c.tenant_id, _by_update.c.tenant_id, _QUOTED),
    held=outbox.c.text != literal_column("''"),
    blank={"text": "", "entities": None, "markup": None},
    waits=UNSETTLED | _in_open_turn(outbox.c.turn_id),
    given_up={"state": OutboxState.FAILED, "cause": EXPIRED},
)
SAID_OF_ANSWERS: Final = Worded(
    table=turns,
    at=turns.c.opened_at,
    rows=turns.join(_by_turn, _by_turn.c.id == turns.c.thread_id),
    tenant=_by_turn.c.tenant_id,
    held=or_(
        turns.c.told.is_not(None),
        turns.c.about.is_not(None),
        turns.c.sources.is_not(None),
        turns.c.buttons.is_not(None),
    ),
    blank={"told": None, "about": None, "sources": None, "buttons": None},
    waits=turns.c.state == constant(TurnState.OPEN),
)
SAID_TO_TOOLS: Final = Worded(
    table=calls,
    at=calls.c.proposed_at,
    rows=calls.join(_its_turn, _its_turn.c.id == calls.c.turn_id).join(
        _by_turn, _by_turn.c.id == _its_turn.c.thread_id
    ),
    tenant=_by_turn.c.tenant_id,
    held=or_(calls.c.arguments != literal_column("''"), calls.c.output.is_not(None)),
    blank={"arguments": "", "digest": "", "output": None},
    waits=_in_open_turn(calls.c.turn_id),
)
KNOWN_OF_CLIENTS: Final = Worded(
    table=client_facts,
    at=client_facts.c.added_at,
    rows=client_facts,
    tenant=client_facts.c.tenant_id,
    held=client_facts.c.value != literal_column("''"),
    blank={"value": ""},
)
NAMES_OF_CLIENTS: Final = Worded(
    table=talks,
    at=talks.c.last_at,
    rows=talks,
    tenant=talks.c.tenant_id,
    held=talks.c.name != literal_column("''"),
    blank={"name": "", "waiting_since": None},
)
NAMES_OF_VISITORS: Final = Worded(
    table=identities,
    at=identities.c.proven_at,
    rows=identities.join(bots, bots.c.id == identities.c.bot_id),
    tenant=bots.c.tenant_id,
    held=identities.c.name != literal_column("''"),
    blank={"name": ""},
)
ASKED_FOR: Final = Worded(
    table=requests,
    at=requests.c.taken_at,
    rows=requests,
    tenant=requests.c.tenant_id,
    held=requests.c.fields != literal_column("''"),
    blank={"fields": ""},
    waits=requests.c.told_at.is_(None),
    given_up={"told_at": requests.c.taken_at},
)
CHANGED: Final = Worded(
    table=audit,
    at=audit.c.at,
    rows=audit,
    tenant=audit.c.tenant_id,
    held=or_(audit.c.subject.is_not(None), audit.c.old.is_not(None), audit.c.new.is_not(None)),
    blank={"subject": None, "old": None, "new": None},
)
WORDED: Final = {
    one.name: one
    for one in (
        *(SAID_BY_CLIENTS, SAID_BY_US, SAID_OF_ANSWERS, SAID_TO_TOOLS, KNOWN_OF_CLIENTS),
        *(NAMES_OF_CLIENTS, NAMES_OF_VISITORS, ASKED_FOR, CHANGED),
    )
}


def old_words(
    connection: Connection, worded: Worded, spans: Spans, after: Place = START
) -> tuple[tuple[int, ...], Place | None]:
    """The rows, of the next that hold words, whose time is over; and where to go on, if at all."""
    row = worded.table.c
    found = connection.execute(
        select(row.id, worded.at.label("at"), worded.tenant.label("tenant"))
        .select_from(worded.rows)
        .where(worded.held, worded.at < spans.newest_words, tuple_(worded.at, row.id) > after)
        .where(~worded.waits | (worded.at < spans.patience))
        .order_by(worded.at, row.id)
        .limit(BATCH)
    ).all()
    old = tuple(one.id for one in found if one.at < spans.words(one.tenant))
    return old, (found[-1].at, found[-1].id) if len(found) == BATCH else None


@dataclass(frozen=True, slots=True)
class EraseWords(OneByOne[int]):
    """Erase the words of these rows of a table; the result is of how many.

    `patience`: what waits since before that moment is given up first.
    """

    limit_seconds: ClassVar[float | None] = BATCH_SECONDS
    table: str
    rows: tuple[int, ...]
    patience: float

    def carry_out(self, connection: Connection) -> int:
        worded = WORDED[self.table]
        ids = self._locked(connection, worded)
        if worded.given_up:
            self._give_up(connection, worded, ids)
        row = worded.table.c.id
        over = select(row).where(row.in_(ids), worded.held, ~worded.waits)
        gone = list(connection.execute(over).scalars())
        connection.execute(update(worded.table).where(row.in_(gone)).values(**worded.blank))
        if worded is SAID_BY_CLIENTS:
            self._erase_beside(connection, gone)
        if worded is SAID_BY_US:
            # Where they quote clients to others, they stand at Telegram as well.
            shown = update(quotes).where(quotes.c.outbox_id.in_(gone))
            connection.execute(shown.values(rewrite_at=self.patience))
        return len(gone)

    def _locked(self, connection: Connection, worded: Worded) -> list[int]:
        """What others are at work on is left for another time."""
        row = worded.table.c.id
        free = select(row).where(row.in_(self.rows)).order_by(row)
        return list(connection.execute(free.with_for_update(skip_locked=True)).scalars())

    def _give_up(self, connection: Connection, worded: Worded, ids: Sequence[int]) -> None:
        table = worded.table
        old = table.c.id.in_(ids) & (worded.at < self.patience)
        connection.execute(
            update(turns)
            .where(turns.c.id.in_(select(table.c.turn_id).where(old)))
            .where(turns.c.state == constant(TurnState.OPEN), turns.c.opened_at < self.patience)
            .values(state=TurnState.FAILED, cause=EXPIRED)
        )
        unsettled = {
            outbox: UNSETTLED,
            updates: updates.c.state == UpdateState.ACCEPTED,
            requests: ASKED_FOR.waits,
        }
        connection.execute(update(table).where(old, unsettled[table]).values(**worded.given_up))

    @staticmethod
    def _erase_beside(connection: Connection, gone: Sequence[int]) -> None:
        """What was taken out of these updates, what an admin was asked long ago, what shows them.

        A card that shows a chat is younger than the words on it.
        """
        of_them = secrets.c.update_id.in_(gone)
        connection.execute(update(secrets).where(of_them).values(body=None))
        kept = exists().where(updates.c.chat_id == chats.c.id, updates.c.payload != ERASED)
        theirs = select(updates.c.chat_id).where(updates.c.id.in_(gone))
        asked = chats.c.id.in_(theirs) & chats.c.form.is_not(None)
        connection.execute(update(chats).where(asked, ~kept).values(form=None))
        cards = select(quotes.c.outbox_id).where(
            quotes.c.chat_id.in_(theirs), quotes.c.notice_id.is_(None)
        )
        blank = update(outbox).where(outbox.c.id.in_(cards), SAID_BY_US.held, ~UNSETTLED)
        rows = blank.values(**SAID_BY_US.blank).returning(outbox.c.id)
        shown = quotes.c.outbox_id.in_(list(connection.execute(rows).scalars()))
        connection.execute(update(quotes).where(shown).values(rewrite_at=AT_ONCE))
