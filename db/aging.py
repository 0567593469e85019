"""What is no row of words by itself: conversations, profiles' old versions, drafts' revisions."""

from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from db.models import chats, constant, drafts, erasures, profiles, tenants, threads, turns
from db.records import TurnState
from db.retention import Spans
from db.rows import insert
from db.tenants import NO_CHANGES
from db.transaction import OneByOne
from db.words import BATCH, BATCH_SECONDS, START, Place

NEWEST_VERSIONS: Final = 50  # of a profile that are kept whatever their age
VERSIONS_AT_ONCE: Final = 5  # a body may have more than a million bytes

_new_draft = drafts.alias()
_NEWEST_REVISION = (
    select(func.max(_new_draft.c.revision))
    .where(_new_draft.c.tenant_id == drafts.c.tenant_id)
    .scalar_subquery()
)


def _in_use(tenant: ColumnElement[int], version: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether an open turn speaks from it; below zero it is a revision of the draft."""
    its_turns = turns.join(threads, threads.c.id == turns.c.thread_id)
    open_turn = turns.c.state == constant(TurnState.OPEN)
    spoken = (threads.c.tenant_id == tenant) & (turns.c.profile_version == version)
    return exists(select(turns.c.id).select_from(its_turns).where(open_turn, spoken))


# ------------------------------------------------------------ conversations


def old_conversations(
    connection: Connection, spans: Spans, after: Place = START
) -> tuple[tuple[int, ...], Place | None]:
    """The threads, of the next with a conversation, that hold words older than their span."""
    at = threads.c.conversation_at
    found = connection.execute(
        select(threads.c.id, at, threads.c.tenant_id)
        .where(threads.c.conversation_id.is_not(None), at < spans.newest_words)
        .where(tuple_(at, threads.c.id) > after)
        .order_by(at, threads.c.id)
        .limit(BATCH)
    ).all()
    old = tuple(one.id for one in found if one.conversation_at < spans.words(one.tenant_id))
    return old, (found[-1].conversation_at, found[-1].id) if len(found) == BATCH else None


@dataclass(frozen=True, slots=True)
class LeaveConversations(OneByOne[int]):
    """Queue these threads' conversations for erasure; the next message begins others.

    Those in which a turn is open stay for another time.
    """

    limit_seconds: ClassVar[float | None] = BATCH_SECONDS
    rows: tuple[int, ...]
    now: float

    def carry_out(self, connection: Connection) -> int:
        here = select(threads.c.chat_id).where(threads.c.id.in_(self.rows))
        locked = select(chats.c.id).where(chats.c.id.in_(here)).order_by(chats.c.id)
        connection.execute(locked.with_for_update(key_share=True))
        busy = exists().where(
            turns.c.chat_id == threads.c.chat_id, turns.c.state == constant(TurnState.OPEN)
        )
        left = threads.c.id.in_(self.rows) & threads.c.conversation_id.is_not(None)
        known = select(threads.c.id, threads.c.conversation_id).where(left, ~busy)
        conversations = {row.id: row.conversation_id for row in connection.execute(known)}
        if not conversations:
            return 0
        queued = [{"conversation_id": c, "not_before": self.now} for c in conversations.values()]
        connection.execute(insert(connection, erasures).on_conflict_do_nothing(), queued)
        connection.execute(
            update(threads)
            .where(threads.c.id.in_(conversations))
            .values(conversation_id=None, last_item_id=None)
        )
        return len(conversations)


# ------------------------------------------------------- profiles and drafts


def old_versions(connection: Connection, tenant: int, spans: Spans) -> tuple[int, ...]:
    """The versions of a profile that may go."""
    found = connection.execute(select(profiles.c.version).where(_old_bodies(tenant, spans)))
    return tuple(found.scalars())


def old_revisions(connection: Connection, tenant: int, spans: Spans) -> tuple[int, ...]:
    """The revisions of a draft, but its last one, whose words may go."""
    found = connection.execute(select(drafts.c.revision).where(_old_changes(tenant, spans)))
    return tuple(found.scalars())


@dataclass(frozen=True, slots=True)
class EraseVersions(OneByOne[int]):
    """Of these versions only author and date stay."""

    limit_seconds: ClassVar[float | None] = BATCH_SECONDS
    tenant: int
    rows: tuple[int, ...]
    spans: Spans

    def carry_out(self, connection: Connection) -> int:
        mine = _old_bodies(self.tenant, self.spans) & profiles.c.version.in_(self.rows)
        erased = connection.execute(update(profiles).where(mine).values(body="", note=None))
        return erased.rowcount


@dataclass(frozen=True, slots=True)
class EraseRevisions(OneByOne[int]):
    """Of these revisions only what they touched, author and date stay."""

    limit_seconds: ClassVar[float | None] = BATCH_SECONDS
    tenant: int
    rows: tuple[int, ...]
    spans: Spans

    def carry_out(self, connection: Connection) -> int:
        mine = _old_changes(self.tenant, self.spans) & drafts.c.revision.in_(self.rows)
        return connection.execute(update(drafts).where(mine).values(changes=NO_CHANGES)).rowcount


def _old_bodies(tenant: int, spans: Spans) -> ColumnElement[bool]:
    current = select(tenants.c.version).where(tenants.c.id == tenant).scalar_subquery()
    begun_from = exists().where(
        drafts.c.tenant_id == tenant, drafts.c.base_version == profiles.c.version
    )
    return (
        (profiles.c.tenant_id == tenant)
        & (profiles.c.version <= current - NEWEST_VERSIONS)
        & (profiles.c.created_at < spans.words(tenant))
        & (profiles.c.body != literal_column("''"))
        & ~begun_from
        & ~_in_use(profiles.c.tenant_id, profiles.c.version)
    )


def _old_changes(tenant: int, spans: Spans) -> ColumnElement[bool]:
    return (
        (drafts.c.tenant_id == tenant)
        & (drafts.c.revision < _NEWEST_REVISION)
        & (drafts.c.created_at < spans.words(tenant))
        & (drafts.c.changes != NO_CHANGES)
        & ~_in_use(drafts.c.tenant_id, -drafts.c.revision)
    )
