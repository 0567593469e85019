"""Tenants as a whole: created, renamed, paused, archived, deleted."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Connection,
    Select,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from db.audit import Deed, Signature, note
from db.erasing import RIGHTS
from db.models import (
    bots,
    chats,
    constant,
    outbox,
    tenants,
    threads,
    turns,
    updates,
)
from db.records import PUBLIC, Actor, OutboxState, Purpose, TenantState, TurnState, UpdateState
from db.rows import EXISTS, IS_HOSTS, NOT_INTRODUCED, UNSETTLED, insert
from db.tenants import SaveProfile, name_of
from db.transaction import OneByOne

DELETED: Final = "its company was deleted"
_STATED: Final = {
    TenantState.PAUSED: Deed.TENANT_PAUSED,
    TenantState.ARCHIVED: Deed.TENANT_ARCHIVED,
    TenantState.ACTIVE: Deed.TENANT_RESUMED,
}


@dataclass(frozen=True, slots=True)
class CreateTenant(OneByOne[int | None]):
    """Make a tenant, whose first profile is `body` (JSON); None when the name is taken."""

    name: str
    body: str
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> int | None:
        mine = select(tenants.c.id).where(tenants.c.name == self.name)
        if connection.execute(mine).first():
            return None
        SaveProfile(self.name, self.body, self.actor.name, self.now).carry_out(connection)
        made = int(connection.execute(mine).scalar_one())
        note(connection, Signature(made, self.actor, self.now), Deed.TENANT_CREATED, new=self.name)
        return made


@dataclass(frozen=True, slots=True)
class Rename(OneByOne[bool]):
    """Give a tenant another name; False when it is taken, or there is no such tenant."""

    tenant: int
    name: str
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        taken = exists().where(tenants.c.name == self.name, tenants.c.id != self.tenant)
        old = name_of(connection, self.tenant)
        if old is None or connection.execute(select(taken)).scalar():
            return False
        mine = tenants.c.id == self.tenant
        connection.execute(update(tenants).where(mine).values(name=self.name))
        note(connection, self, Deed.TENANT_RENAMED, old=old, new=self.name)
        return True


@dataclass(frozen=True, slots=True)
class SetState(OneByOne[None]):
    """Pause or archive a tenant, or let it answer again."""

    tenant: int
    state: TenantState
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> None:
        mine = (tenants.c.id == self.tenant) & EXISTS
        connection.execute(update(tenants).where(mine).values(state=self.state))
        if name := name_of(connection, self.tenant):
            note(connection, self, _STATED[self.state], new=name)


@dataclass(frozen=True, slots=True)
class DeleteTenant(OneByOne[tuple[str, ...]]):
    """Erase a tenant: here at once, its conversations at OpenAI by the queue of erasures.

    It vanishes at once, for everybody, with all that waits to be answered or sent; what it left
    is then erased by `EraseTenant`. Of the trail of changes stay who did what, and when. A bot of
    the host's goes to another tenant first: where it is the only tenant that such a bot can speak
    for, nothing is done. The result is the usernames of those bots (empty: it was deleted).
    """

    tenant: int
    actor: Actor
    now: float
    asked_by: int | None = None  # the update at work: it stays, though not in its thread

    def carry_out(self, connection: Connection) -> tuple[str, ...]:
        self._lock(connection)
        called = self._called(connection)
        if held := self._host_bots(connection):
            return held
        self._leave_chats(connection)
        if self.asked_by is not None:
            asked = updates.c.id == self.asked_by
            connection.execute(update(updates).where(asked).values(thread_id=None))
        self._silence(connection)
        self._vanish(connection)
        if called is not None:
            by = Signature(None, self.actor, self.now)
            note(connection, by, Deed.TENANT_DELETED, old=called)
        return ()

    def _called(self, connection: Connection) -> str | None:
        """What people call it; None when there is no such tenant."""
        stored = select(tenants.c.company, tenants.c.name)
        row = connection.execute(stored.where(tenants.c.id == self.tenant, EXISTS)).first()
        return (row.company or row.name) if row else None

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
        mine = (bots.c.tenant_id == self.tenant) & IS_HOSTS
        here = select(bots.c.id, bots.c.username).where(mine, bots.c.removed_at.is_(None))
        found = connection.execute(here)
        return tuple(row.username or str(row.id) for row in found)

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
            .values(thread_id=there.scalar_subquery(), due_at=None, first_at=None, **NOT_INTRODUCED)
        )

    def _silence(self, connection: Connection) -> None:
        """Answers under way are void, and what waits for one, or to be sent, waits no more."""
        own_threads, own_bots = self._threads(), self._bots()
        over = {"cause": DELETED}
        connection.execute(
            update(turns)
            .where(turns.c.state == constant(TurnState.OPEN), turns.c.thread_id.in_(own_threads))
            .values(state=TurnState.FAILED, done_at=self.now, **over)
        )
        # Of the few that wait each is looked up; to list all that was ever said takes long.
        its_turn = exists().where(
            turns.c.id == outbox.c.turn_id, turns.c.thread_id.in_(own_threads)
        )
        its_update = exists().where(
            updates.c.id == outbox.c.update_id, updates.c.thread_id.in_(own_threads)
        )
        its_chat = exists().where(chats.c.id == outbox.c.chat_id, chats.c.bot_id.in_(own_bots))
        connection.execute(
            update(outbox)
            .where(UNSETTLED, its_turn | its_update | its_chat)
            .values(state=OutboxState.FAILED, text="", entities=None, markup=None, **over)
        )
        waits = updates.c.state == constant(UpdateState.ACCEPTED)
        said = updates.c.thread_id.in_(own_threads) | updates.c.bot_id.in_(own_bots)
        connection.execute(
            update(updates).where(waits, said).values(state=UpdateState.DONE, **over)
        )

    def _vanish(self, connection: Connection) -> None:
        """Its rights end, its bots are its own no more, and its name is free."""
        for table in RIGHTS:
            connection.execute(delete(table).where(table.c.tenant_id == self.tenant))
        due = chats.c.due_at.is_not(None) & chats.c.bot_id.in_(self._bots())
        connection.execute(update(chats).where(due).values(due_at=None, first_at=None))
        connection.execute(
            update(bots)
            .where(bots.c.tenant_id == self.tenant)
            .values(token=None, poller=None, removed_at=func.coalesce(bots.c.removed_at, self.now))
        )
        nameless = {"name": f"#{self.tenant}", "company": None, "retention_days": None}
        connection.execute(
            update(tenants)
            .where(tenants.c.id == self.tenant)
            .values(state=TenantState.DELETED, **nameless)
        )
