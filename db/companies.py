"""Tenants as a whole: created, renamed, paused, archived, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    exists,
    literal,
    select,
    update,
)

from db.chats import PUBLIC
from db.journal import OneByOne
from db.models import (
    admins,
    audit,
    bots,
    chats,
    codes,
    constant,
    drafts,
    erasures,
    hands,
    invites,
    outbox,
    profiles,
    secrets,
    tenants,
    threads,
    tries,
    turns,
    updates,
)
from db.records import Purpose, TenantState, TurnState
from db.rows import insert


@dataclass(frozen=True, slots=True)
class Rename(OneByOne[bool]):
    """Give a tenant another name; False when it is taken."""

    rank: ClassVar[int] = 5
    tenant: int
    name: str

    def carry_out(self, connection: Connection) -> bool:
        taken = exists().where(tenants.c.name == self.name, tenants.c.id != self.tenant)
        if connection.execute(select(taken)).scalar():
            return False
        mine = tenants.c.id == self.tenant
        connection.execute(update(tenants).where(mine).values(name=self.name))
        return True


@dataclass(frozen=True, slots=True)
class SetState(OneByOne[None]):
    """Pause or archive a tenant, or let it answer again."""

    rank: ClassVar[int] = 6
    tenant: int
    state: TenantState

    def carry_out(self, connection: Connection) -> None:
        mine = tenants.c.id == self.tenant
        connection.execute(update(tenants).where(mine).values(state=self.state))


@dataclass(frozen=True, slots=True)
class DeleteTenant(OneByOne[tuple[str, ...]]):
    """Erase a tenant: here at once, its conversations at OpenAI by the queue of erasures.

    Of the trail of changes stay who did what, and when; its words go. A bot of the host's goes to
    another tenant first: where it is the only tenant that such a bot can speak for, nothing is
    done. The result is the usernames of those bots (empty: it was deleted).
    """

    rank: ClassVar[int] = 7
    tenant: int
    now: float
    asked_by: int | None = None  # the update at work: it stays, though not in its thread

    def carry_out(self, connection: Connection) -> tuple[str, ...]:
        self._lock(connection)
        if held := self._host_bots(connection):
            return held
        self._queue_erasures(connection)
        self._leave_chats(connection)
        if self.asked_by is not None:
            asked = updates.c.id == self.asked_by
            connection.execute(update(updates).where(asked).values(thread_id=None))
        self._blank_trail(connection)
        for table, condition in self._rows():
            connection.execute(delete(table).where(condition))
        return ()

    def _lock(self, connection: Connection) -> None:
        """What other processes have begun for it is finished first, and they begin nothing more.

        The chats go first, as with all who write to them.
        """
        itself = select(tenants.c.id).where(tenants.c.id == self.tenant)
        met = self._threads().with_only_columns(threads.c.chat_id)
        its_chats = select(chats.c.id).where(chats.c.id.in_(met))
        open_turns = select(turns.c.id).where(
            turns.c.state == constant(TurnState.OPEN), turns.c.thread_id.in_(self._threads())
        )
        connection.execute(its_chats.order_by(chats.c.id).with_for_update(key_share=True))
        for rows in (open_turns, self._bots(), itself):
            connection.execute(rows.order_by("id").with_for_update())

    def _bots(self) -> Select[int]:
        return select(bots.c.id).where(bots.c.tenant_id == self.tenant)

    def _threads(self) -> Select[int]:
        """Its own; and those on its bots, of which some may be a former tenant's of a bot."""
        there = select(chats.c.id).where(chats.c.bot_id.in_(self._bots()))
        mine = (threads.c.tenant_id == self.tenant) | threads.c.chat_id.in_(there)
        return select(threads.c.id).where(mine)

    def _host_bots(self, connection: Connection) -> tuple[str, ...]:
        mine = (bots.c.tenant_id == self.tenant) & bots.c.token.is_(None)
        here = select(bots.c.id, bots.c.username).where(mine, bots.c.removed_at.is_(None))
        found = connection.execute(here)
        return tuple(row.username or str(row.id) for row in found)

    def _queue_erasures(self, connection: Connection) -> None:
        known = self._threads().with_only_columns(threads.c.conversation_id)
        found = connection.execute(known.where(threads.c.conversation_id.is_not(None))).scalars()
        rows = [{"conversation_id": one, "not_before": self.now} for one in found]
        if rows:
            connection.execute(insert(connection, erasures).on_conflict_do_nothing(), rows)

    def _leave_chats(self, connection: Connection) -> None:
        """Chats on a shared bot go on in a thread of the tenant that the bot speaks for."""
        its_bot = select(bots.c.tenant_id).where(bots.c.id == chats.c.bot_id)
        # Of the chat at hand, also two levels down: left to itself, it is any chat's bot there.
        home = its_bot.correlate(chats).scalar_subquery()
        staying = chats.c.thread_id.in_(self._threads()) & (home != self.tenant)
        names = ["chat_id", "tenant_id", "created_at"]
        begun = select(chats.c.id, home, literal(self.now)).where(staying)
        connection.execute(
            insert(connection, threads).from_select(names, begun).on_conflict_do_nothing()
        )
        public = (threads.c.assistant == PUBLIC) & (threads.c.purpose == Purpose.CLIENT)
        there = select(threads.c.id).where(
            threads.c.chat_id == chats.c.id,
            threads.c.tenant_id == home,
            threads.c.closed_at.is_(None),
            public,
        )
        connection.execute(
            update(chats)
            .where(staying)
            .values(
                thread_id=there.scalar_subquery(), due_at=None, first_at=None, introduced_at=None
            )
        )

    def _blank_trail(self, connection: Connection) -> None:
        """What was changed into what, and the names of its people, files and assistants."""
        mine = audit.c.tenant_id == self.tenant
        connection.execute(update(audit).where(mine).values(subject=None, old=None, new=None))

    def _rows(self) -> Sequence[tuple[Table, ColumnElement[bool]]]:
        """What is the tenant's, each before what it refers to."""
        own_bots, own_threads = self._bots(), self._threads()
        own_chats = select(chats.c.id).where(chats.c.bot_id.in_(own_bots))
        said = updates.c.thread_id.in_(own_threads) | updates.c.bot_id.in_(own_bots)
        own_updates = select(updates.c.id).where(said)
        answered = turns.c.thread_id.in_(own_threads)
        own_turns = select(turns.c.id).where(answered)
        return (
            (outbox, outbox.c.turn_id.in_(own_turns) | outbox.c.update_id.in_(own_updates)),
            (outbox, outbox.c.chat_id.in_(own_chats)),
            (secrets, secrets.c.update_id.in_(own_updates)),
            (updates, said | updates.c.turn_id.in_(own_turns)),
            (turns, answered),
            (threads, threads.c.id.in_(own_threads)),
            (tries, tries.c.chat_id.in_(own_chats)),
            (chats, chats.c.id.in_(own_chats)),
            *((table, table.c.tenant_id == self.tenant) for table in _TABLES),
            (tenants, tenants.c.id == self.tenant),
        )


_TABLES = (bots, drafts, profiles, admins, invites, hands, codes)
