"""What a deleted company leaves: erased in batches, so that nobody waits for the one writer.

`DeleteTenant` makes it vanish for everybody; then `EraseTenant` takes away a few rows at a time,
until there is nothing of it, and it goes itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, exists, or_, select, update

from db.forgetting import queue_responses
from db.models import (
    admins,
    api_keys,
    audit,
    bots,
    chats,
    codes,
    company_tools,
    drafts,
    erasures,
    hands,
    invites,
    mcp_servers,
    outbox,
    profiles,
    secrets,
    sites,
    talks,
    tenants,
    threads,
    tries,
    turns,
    updates,
)
from db.records import TenantState
from db.rows import insert
from db.transaction import OneByOne
from db.words import BATCH_SECONDS

# Few, and gone at once.
RIGHTS: Final = (
    *(admins, invites, hands, codes),
    *(company_tools, mcp_servers, sites, api_keys),
)
BATCH: Final = 100  # rows, more or less: deleted ones are written over with zeros
LARGE_BATCH: Final = 3  # profiles, each of which may have more than a million bytes

Step = Callable[[Connection, int, float], int]  # of a tenant, at a time; how many rows it erased


@dataclass(frozen=True, slots=True)
class EraseTenant(OneByOne[bool]):
    """Erase some rows of a deleted tenant; whether there may be more to erase."""

    limit_seconds: ClassVar[float | None] = BATCH_SECONDS
    now: float

    def carry_out(self, connection: Connection) -> bool:
        gone = select(tenants.c.id).where(tenants.c.state == TenantState.DELETED)
        free = gone.order_by(tenants.c.id).limit(1).with_for_update(skip_locked=True)
        tenant: int | None = connection.execute(free).scalar()
        if tenant is None:
            return False
        left = BATCH
        for step in _STEPS:
            while left > 0 and (erased := step(connection, tenant, self.now)):
                left -= erased
        if left > 0:
            for table in (bots, *RIGHTS):
                connection.execute(delete(table).where(table.c.tenant_id == tenant))
            connection.execute(delete(tenants).where(tenants.c.id == tenant))
        return True


def are_deleted(connection: Connection) -> bool:
    """Whether there is a deleted tenant that is not yet erased."""
    gone = exists().where(tenants.c.state == TenantState.DELETED)
    return bool(connection.execute(select(gone)).scalar())


def _threads(connection: Connection, tenant: int, now: float) -> int:
    """One thread of the tenant's: what was said in it first."""
    first = select(threads.c.id, threads.c.conversation_id).where(threads.c.tenant_id == tenant)
    thread = connection.execute(first.order_by(threads.c.id).limit(1)).first()
    return _erase_thread(connection, thread, now) if thread else 0


def _chats(connection: Connection, tenant: int, now: float) -> int:
    """One chat with a bot of the tenant's own, and what it had with the bot's former tenants."""
    own = select(bots.c.id).where(bots.c.tenant_id == tenant)
    first = select(chats.c.id).where(chats.c.bot_id.in_(own)).limit(1)
    chat: int | None = connection.execute(first).scalar()
    if chat is None:
        return 0
    other = select(threads.c.id, threads.c.conversation_id).where(threads.c.chat_id == chat)
    if thread := connection.execute(other.limit(1)).first():
        return _erase_thread(connection, thread, now)
    if erased := _erase_updates(connection, updates.c.chat_id, chat):
        return erased
    if erased := _erase(connection, outbox, outbox.c.chat_id == chat):
        return erased
    connection.execute(delete(tries).where(tries.c.chat_id == chat))
    connection.execute(delete(chats).where(chats.c.id == chat))
    return 1


def _talks(connection: Connection, tenant: int, _: float) -> int:
    return _erase(connection, talks, talks.c.tenant_id == tenant)


def _updates_of_no_chat(connection: Connection, tenant: int, _: float) -> int:
    for bot in connection.execute(select(bots.c.id).where(bots.c.tenant_id == tenant)).scalars():
        if erased := _erase_updates(connection, updates.c.bot_id, bot):
            return erased
    return 0


def _words(connection: Connection, tenant: int, _: float) -> int:
    """Of the trail stay who did what, and when."""
    held = or_(audit.c.subject.is_not(None), audit.c.old.is_not(None), audit.c.new.is_not(None))
    mine = select(audit.c.id).where(audit.c.tenant_id == tenant, held).limit(BATCH)
    rows = list(connection.execute(mine).scalars())
    blank = update(audit).where(audit.c.id.in_(rows)).values(subject=None, old=None, new=None)
    connection.execute(blank)
    return len(rows)


def _large(number: Column[Any]) -> Step:
    """A few rows that may be large: versions of a profile, revisions of a draft."""
    table = number.table

    def erase(connection: Connection, tenant: int, _: float) -> int:
        mine = table.c.tenant_id == tenant
        some = list(connection.execute(select(number).where(mine).limit(LARGE_BATCH)).scalars())
        connection.execute(delete(table).where(mine, number.in_(some)))
        return len(some) * (BATCH // LARGE_BATCH)

    return erase


_STEPS: Final[Sequence[Step]] = (
    *(_threads, _talks, _chats, _updates_of_no_chat),
    *(_words, _large(profiles.c.version), _large(drafts.c.revision)),
)


def _erase_thread(connection: Connection, thread: Any, now: float) -> int:
    """Some of what was said in it; when there is nothing more, itself."""
    if erased := _erase_updates(connection, updates.c.thread_id, thread.id):
        return erased
    if erased := _erase_turns(connection, thread.id, now):
        return erased
    if thread.conversation_id is not None:
        queued = {"conversation_id": thread.conversation_id, "not_before": now}
        connection.execute(insert(connection, erasures).values(queued).on_conflict_do_nothing())
    current = chats.c.thread_id == thread.id
    connection.execute(update(chats).where(current).values(thread_id=None))
    connection.execute(delete(threads).where(threads.c.id == thread.id))
    return 1


def _erase_updates(connection: Connection, by: Column[Any], value: int) -> int:
    """The first updates with this value, what answers them, and what was taken out of them."""
    some = select(updates.c.id).where(by == value).limit(BATCH)
    rows = list(connection.execute(some).scalars())
    connection.execute(delete(outbox).where(outbox.c.update_id.in_(rows)))
    connection.execute(delete(secrets).where(secrets.c.update_id.in_(rows)))
    connection.execute(delete(updates).where(updates.c.id.in_(rows)))
    return len(rows)


def _erase_turns(connection: Connection, thread: int, now: float) -> int:
    """A turn has a few messages, of ours and of the client's."""
    some = select(turns.c.id).where(turns.c.thread_id == thread).limit(BATCH // 4)
    rows = list(connection.execute(some).scalars())
    connection.execute(delete(outbox).where(outbox.c.turn_id.in_(rows)))
    connection.execute(update(updates).where(updates.c.turn_id.in_(rows)).values(turn_id=None))
    queue_responses(connection, turns.c.id.in_(rows), now)
    connection.execute(delete(turns).where(turns.c.id.in_(rows)))
    return len(rows) * 4


def _erase(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    rows = list(connection.execute(select(table.c.id).where(condition).limit(BATCH)).scalars())
    connection.execute(delete(table).where(table.c.id.in_(rows)))
    return len(rows)
