"""Who changed what: one row per change, in the transaction that makes it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection, insert, select

from db.models import audit, tenants
from db.records import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A change that was made. `tenant` is the tenant's name at that time, None for the process."""

    row: int
    at: float
    tenant: str | None
    actor: Actor
    action: str
    subject: str | None = None  # a field, a person, a bot, an assistant
    old: str | None = None
    new: str | None = None


class Deed(StrEnum):
    """What a person can change, as the trail has it."""

    ADMIN_ADDED = "admin added"
    ADMIN_CHANGED = "admin changed"
    ADMIN_REMOVED = "admin removed"
    INVITED = "invited"
    INVITE_REVOKED = "invite revoked"
    BOT_ADDED = "bot added"
    BOT_TOKEN_CHANGED = "bot token changed"  # noqa: S105 - a name, not a password
    BOT_REMOVED = "bot removed"
    SITE_ADDED = "site added"
    SITE_ADDRESSES_CHANGED = "site addresses changed"
    SITE_LOOK_CHANGED = "site look changed"
    SITE_LIMITS_CHANGED = "site limits changed"
    SITE_SWITCHED_ON = "site switched on"
    SITE_SWITCHED_OFF = "site switched off"
    SITE_REMOVED = "site removed"
    KEY_ADDED = "key added"
    KEY_REVOKED = "key revoked"
    SERVER_ADDED = "server added"
    SERVER_REMOVED = "server removed"
    CODE_ADDED = "code added"
    CODE_CHANGED = "code changed"
    CODE_REVOKED = "code revoked"
    CODE_REFUSED = "code refused"
    CODE_USED = "code used"
    FACT_SET = "client fact set"
    FACT_REMOVED = "client fact removed"
    TENANT_CREATED = "tenants.create"
    TENANT_RENAMED = "tenants.rename"
    TENANT_PAUSED = "tenants.pause"
    TENANT_RESUMED = "tenants.resume"
    TENANT_ARCHIVED = "tenants.archive"
    TENANT_SPEAKS = "tenants.speak"
    TENANT_DELETED = "tenants.delete"
    TOOL_ADDED = "tool added"
    TOOL_CHANGED = "tool changed"
    TOOL_SECRET_SET = "tool secret set"  # noqa: S105 - a name, not a password
    TOOL_REMOVED = "tool removed"
    DRAFT_CHANGED = "draft changed"
    DRAFT_DISCARDED = "draft discarded"
    PUBLISHED = "published"
    ROLLED_BACK = "rolled back"
    CHAT_READ = "chat read"
    CHATS_EXPORTED = "chats exported"


class Signed(Protocol):
    """An operation that is a deed: it knows in which tenant (None: in the process), whose, when."""

    @property
    def tenant(self) -> int | None: ...
    @property
    def actor(self) -> Actor: ...
    @property
    def now(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Signature:
    """The same for what is a deed in part, or in a tenant that it makes."""

    tenant: int | None
    actor: Actor
    now: float


# What a deed changed of a profile: of each field its name, what it was, and what it is now. A line
# without a name: that it was changed, where nobody can tell how.
Trail = tuple[tuple[str | None, str | None, str | None], ...]


def note(
    connection: Connection,
    by: Signed,
    deed: Deed,
    *,
    subject: str | None = None,
    old: str | None = None,
    new: str | None = None,
) -> None:
    """Write a deed down, with the tenant's name at that time."""
    name = select(tenants.c.name).where(tenants.c.id == by.tenant)
    connection.execute(
        insert(audit).values(
            tenant_id=by.tenant,
            tenant=name.scalar_subquery(),
            actor=by.actor.name,
            actor_id=by.actor.id,
            action=deed,
            subject=subject,
            old=old,
            new=new,
            at=by.now,
        )
    )


def note_each(connection: Connection, by: Signed, deed: Deed, fields: Trail) -> None:
    """Write down a deed that changed a profile, field by field."""
    for subject, old, new in fields:
        note(connection, by, deed, subject=subject, old=old, new=new)


def trail(
    connection: Connection, *, tenant: int | None, limit: int, before: int | None = None
) -> tuple[Entry, ...]:
    """What was changed in a tenant (None: in the process), newest first, older than a row."""
    mine = audit.c.tenant_id.is_(None) if tenant is None else audit.c.tenant_id == tenant
    found = select(audit).where(mine).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(audit.c.id < before)
    return tuple(
        Entry(
            row=row.id,
            at=row.at,
            tenant=row.tenant,
            actor=Actor(row.actor_id, row.actor),
            action=row.action,
            subject=row.subject,
            old=row.old,
            new=row.new,
        )
        for row in connection.execute(found)
    )
