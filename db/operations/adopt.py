"""Taking over what dead processes left: open turns, waiting rows, unhandled events, due chats."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, func, select, update

from db.backlog import choose_words, read_words
from db.languages import SPOKEN
from db.models import bots, chats, constant, outbox, tenants, threads, turns, updates, workers
from db.portions import Portion
from db.records import (
    Event,
    Fence,
    OutboxRow,
    OutboxState,
    Turn,
    TurnState,
    UpdateKind,
    UpdateState,
)
from db.rows import ADDRESS, ROWS, THREAD, UNSETTLED, address_of, as_row, db_now, insert, turn_of
from db.transaction import OneByOne, Operation

CLOCKS_DIFFER_SECONDS = 1.0  # of the machines that serve from one database

_WRITTEN = select(
    updates.c.id,
    updates.c.turn_id,
    updates.c.thread_id,
    updates.c.message_id,
    updates.c.album,
    updates.c.size,
    updates.c.written_at,
).order_by(updates.c.id)


@dataclass(frozen=True, slots=True)
class Own:
    """What is oldest of what a process has to do in a chat: this row of this table."""

    chat: int
    table: str
    oldest: int


@dataclass(frozen=True, slots=True)
class Orphans:
    """What nobody was looking after. Rows of the turns come with the turns.

    `own`: what the process itself has to do. `stopped`: turns of its that are.
    """

    turns: tuple[Turn, ...]
    rows: tuple[OutboxRow, ...]
    events: tuple[Event, ...]
    due: dict[int, float]
    own: frozenset[Own]
    stopped: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Adopt(OneByOne[Orphans]):
    """Make the work of processes whose lease ended more than `grace` seconds ago one's own.

    `bots`: those whose work it is about; others' stays for a process that has their token.
    `chats`, `returned` (bots): what one owns oneself there is taken as if it were a dead process's.
    Events of one's own are handed out again in any case: to have them twice does no harm.
    """

    owner: str
    now: float
    grace: float
    bots: tuple[int, ...]
    portion: Portion
    chats: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()

    # Events, due chats and those of one's own are told apart by bot here and not in SQL: they are
    # few, and by the index of a bot the database would go through all that it ever had.

    def carry_out(self, connection: Connection) -> Orphans:
        living = live(connection, self.grace)
        turn_ids = self._take_turns(connection, living)
        row_ids = self._take_rows(connection, living)
        return Orphans(
            turns=_load_turns(connection, turn_ids, self.portion),
            rows=_load_rows(connection, row_ids),
            events=self._take_events(connection, living),
            due=self._due(connection),
            own=self._own(connection),
            stopped=self._stopped(connection),
        )

    def _dead(self, table: Table, living: Select[tuple[str]]) -> ColumnElement[bool]:
        """A process that adopts is alive, even if its own lease has just run out."""
        dead = table.c.owner.not_in(living) & (table.c.owner != self.owner)
        return dead & table.c.chat_id.in_(_chats_of(self.bots))

    def _anew(self, table: Table) -> ColumnElement[bool]:
        anew = table.c.chat_id.in_(self.chats) & table.c.chat_id.in_(_chats_of(self.bots))
        anew |= table.c.chat_id.in_(_chats_of(self.returned))
        return anew & (table.c.owner == self.owner)

    def _take_turns(self, connection: Connection, living: Select[tuple[str]]) -> list[int]:
        orphaned = (
            select(turns.c.id)
            .where(
                turns.c.state == constant(TurnState.OPEN),
                self._dead(turns, living) | self._anew(turns),
            )
            .order_by(turns.c.id)
            .with_for_update(skip_locked=True, key_share=True)
        )
        found = list(connection.execute(orphaned).scalars())
        if found:
            connection.execute(
                update(turns)
                .where(turns.c.id.in_(found))
                .values(owner=self.owner, epoch=turns.c.epoch + 1)
            )
        return found

    def _take_rows(self, connection: Connection, living: Select[tuple[str]]) -> list[int]:
        orphaned = (
            select(outbox.c.id)
            .where(
                UNSETTLED,
                self._dead(outbox, living) | self._anew(outbox),
            )
            .order_by(outbox.c.id)
            .with_for_update(skip_locked=True, key_share=True)
        )
        found = list(connection.execute(orphaned).scalars())
        if found:
            mine = outbox.c.id.in_(found)
            connection.execute(update(outbox).where(mine).values(owner=self.owner))
            connection.execute(
                update(outbox)
                .where(mine, outbox.c.state == OutboxState.SENDING)
                .values(state=OutboxState.DOUBT)
            )
        return found

    def _take_events(self, connection: Connection, living: Select[tuple[str]]) -> tuple[Event, ...]:
        orphaned = (
            select(
                updates.c.id,
                updates.c.bot_id.label("its_bot"),
                updates.c.chat_id,
                updates.c.payload,
                *ADDRESS,
            )
            .outerjoin(chats, chats.c.id == updates.c.chat_id)
            .where(
                updates.c.state == constant(UpdateState.ACCEPTED),
                updates.c.kind == UpdateKind.EVENT,
                updates.c.owner.not_in(living) | (updates.c.owner == self.owner),
            )
            .order_by(updates.c.id)
            .with_for_update(skip_locked=True, key_share=True, of=updates)
        )
        found = [row for row in connection.execute(orphaned) if row.its_bot in self.bots]
        ids = [row.id for row in found]
        if ids:
            mine = updates.c.id.in_(ids)
            connection.execute(update(updates).where(mine).values(owner=self.owner))
        return tuple(_event(row) for row in found)

    def _own(self, connection: Connection) -> frozenset[Own]:
        left = ((turns, turns.c.state == constant(TurnState.OPEN)), (outbox, UNSETTLED))
        return frozenset(
            Own(row.chat_id, table.name, row.oldest)
            for table, is_left in left
            for row in connection.execute(
                _oldest(table).where(is_left, table.c.owner == self.owner)
            )
            if row.bot_id in self.bots
        )

    def _stopped(self, connection: Connection) -> frozenset[int]:
        mine = (turns.c.state == constant(TurnState.OPEN)) & (turns.c.owner == self.owner)
        found = select(turns.c.id).where(mine, turns.c.stopped_at.is_not(None))
        return frozenset(connection.execute(found).scalars())

    def _due(self, connection: Connection) -> dict[int, float]:
        self._put_right(connection)
        idle = ~(
            select(turns.c.id)
            .where(turns.c.chat_id == chats.c.id, turns.c.state == constant(TurnState.OPEN))
            .exists()
        )
        waiting = connection.execute(
            select(chats.c.id, chats.c.bot_id, chats.c.due_at).where(
                chats.c.due_at.is_not(None), idle
            )
        )
        return {row.id: row.due_at for row in waiting if row.bot_id in self.bots}

    def _put_right(self, connection: Connection) -> None:
        """Messages that are still to come came before the clock was put back.

        Their wait begins now, and is no longer than it was.
        """
        first = func.coalesce(chats.c.first_at, chats.c.due_at)
        connection.execute(
            update(chats)
            .where(chats.c.due_at.is_not(None), (chats.c.bot_id + 0).in_(self.bots))
            .where(first > self.now + CLOCKS_DIFFER_SECONDS)
            .values(due_at=self.now + chats.c.due_at - first, first_at=self.now)
        )


@dataclass(frozen=True, slots=True)
class Beat(OneByOne[None]):
    """Renew this process's lease. `alone`: no other can live, so all others are struck off.

    All leases are of one length. One that would last longer was renewed before the database's clock
    was put back: whoever is alive renews it in time.
    """

    owner: str
    lease: float
    alone: bool = False

    def carry_out(self, connection: Connection) -> None:
        if self.alone:
            connection.execute(delete(workers).where(workers.c.id != self.owner))
        until = db_now(connection) + self.lease
        longer = workers.c.expires_at > until
        connection.execute(update(workers).where(longer).values(expires_at=until))
        add = insert(connection, workers).values(id=self.owner, expires_at=until)
        connection.execute(
            add.on_conflict_do_update(index_elements=[workers.c.id], set_={"expires_at": until})
        )


@dataclass(frozen=True, slots=True)
class Retire(Operation[None]):
    """Give the lease up: what is left may be adopted at once."""

    owner: str

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["Retire"]) -> Sequence[None]:
        gone = [retire.owner for retire in batch]
        connection.execute(delete(workers).where(workers.c.id.in_(gone)))
        return [None] * len(batch)


@dataclass(frozen=True, slots=True)
class HoldBot(OneByOne[bool]):
    """Become, or stay, the one process that polls a bot; False while another one lives."""

    bot_id: int
    owner: str
    grace: float

    def carry_out(self, connection: Connection) -> bool:
        living = live(connection, self.grace)
        free: ColumnElement[bool] = (
            bots.c.poller.is_(None) | (bots.c.poller == self.owner) | bots.c.poller.not_in(living)
        )
        held = connection.execute(
            update(bots).where(bots.c.id == self.bot_id, free).values(poller=self.owner)
        )
        return held.rowcount == 1


def live(connection: Connection, grace: float) -> Select[tuple[str]]:
    """The processes whose lease did not end more than `grace` seconds ago."""
    return select(workers.c.id).where(workers.c.expires_at > db_now(connection) - grace)


def _oldest(table: Table) -> Select[tuple[int, int, int]]:
    """The first row of each chat, with its bot."""
    chat = (table.c.chat_id, chats.c.bot_id)
    first = select(*chat, func.min(table.c.id).label("oldest"))
    return first.join(chats, chats.c.id == table.c.chat_id).group_by(*chat)


def _chats_of(of: Sequence[int]) -> Select[tuple[int]]:
    return select(chats.c.id).where(chats.c.bot_id.in_(of))


def _load_rows(connection: Connection, ids: Sequence[int]) -> tuple[OutboxRow, ...]:
    if not ids:
        return ()
    found = connection.execute(ROWS.where(outbox.c.id.in_(ids)).order_by(outbox.c.id))
    return tuple(as_row(row) for row in found)


def _load_turns(connection: Connection, ids: Sequence[int], portion: Portion) -> tuple[Turn, ...]:
    if not ids:
        return ()
    found = connection.execute(
        select(
            turns,
            *ADDRESS,
            SPOKEN,
            chats.c.introduced_at,
            turns.c.profile_version.label("version"),
            *THREAD,
        )
        .join(chats, chats.c.id == turns.c.chat_id)
        .join(threads, threads.c.id == turns.c.thread_id)
        .join(tenants, tenants.c.id == threads.c.tenant_id)
        .where(turns.c.id.in_(ids))
        .order_by(turns.c.id)
    ).all()
    written = defaultdict(list)
    for row in connection.execute(_WRITTEN.where(updates.c.turn_id.in_(ids))):
        written[row.turn_id].append(row)
    chosen = {turn: choose_words(connection, written[turn], portion) for turn in ids}
    words = read_words(connection, chosen)
    rows = connection.execute(ROWS.where(outbox.c.turn_id.in_(ids)).order_by(outbox.c.id)).all()
    return tuple(
        replace(
            turn_of(
                row,
                row,
                fence=Fence(row.id, row.epoch),
                opened_at=row.opened_at,
                words=words[row.id],
            ),
            told=row.told,
            adopted=True,
            stopped=row.stopped_at is not None,
            response_id=row.response_id,
            response_start=row.response_start,
            rows=tuple(as_row(one) for one in rows if one.turn_id == row.id),
        )
        for row in found
    )


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    address = None if row.chat_id is None else address_of(row)
    return Event(row.id, row.its_bot, row.chat_id, address, row.payload)
