"""What will be published: the draft of a tenant's profile, and the versions that were.

Bodies and changes are JSON. A change is a field's new value, or null for the default. Of a draft
that is over its last row stays, without its changes: so no later draft has a revision of it, and
what was made for one never acts on another.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from db.audit import Deed, Trail, note, note_each
from db.errors import Gone
from db.models import drafts, profiles
from db.records import Actor
from db.tenants import (
    NO_CHANGES,
    SaveProfile,
    TenantRow,
    hold,
    named_tenant,
    profile_body,
    store_version,
    tenant_by_id,
)
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class Touch:
    """Who changed a field last, and when."""

    author: str
    author_id: int | None
    at: float


@dataclass(frozen=True, slots=True)
class Drafted:
    """A tenant's draft: what differs from the version it began from."""

    revision: int
    base_version: int
    changes: Mapping[str, Any]
    touched: Mapping[str, Touch]  # by field, for each of the changes


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a tenant's profile, without its body."""

    number: int
    author: str
    note: str | None
    created_at: float
    kept: bool = True  # what it says; else it went with age, and nobody goes back to it


@dataclass(frozen=True, slots=True)
class Change(OneByOne[int | None]):
    """Add changes to a tenant's draft, on what is published now; `trail`: what they change of it.

    One back to what is published leaves the draft; without any the draft is gone. The result is
    the draft's revision, None when there is none. Raises Gone.
    """

    tenant: int
    changes: Mapping[str, Any]
    actor: Actor
    now: float
    trail: Trail

    def carry_out(self, connection: Connection) -> int | None:
        version, published = _published(connection, self.tenant)
        before = draft_of(connection, self.tenant)
        note_each(connection, self, Deed.DRAFT_CHANGED, self.trail)
        merged = {**(before.changes if before else {}), **self.changes}
        left = {field: new for field, new in merged.items() if new != published.get(field)}
        if not left:
            _discard(connection, self.tenant)
            return None
        revision = _last_revision(connection, self.tenant) + 1
        connection.execute(
            drafts.insert().values(
                tenant_id=self.tenant,
                revision=revision,
                base_version=version,
                changes=_dump(left),
                fields=_dump(sorted(self.changes)),
                author=self.actor.name,
                author_id=self.actor.id,
                created_at=self.now,
            )
        )
        return revision


@dataclass(frozen=True, slots=True)
class Discard(OneByOne[bool]):
    """Throw a tenant's draft away; False when it has none, or another one. Raises Gone."""

    tenant: int
    revision: int  # the one that was looked at
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        hold(connection, self.tenant)
        drafted = draft_of(connection, self.tenant)
        if drafted is None or drafted.revision != self.revision:
            return False
        _discard(connection, self.tenant)
        note(connection, self, Deed.DRAFT_DISCARDED, old=", ".join(sorted(drafted.changes)))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(OneByOne[int | None]):
    """Make a tenant's draft its next version; the result is that version.

    `body` (JSON) is the profile as it then is, `trail` what that changes. Both were made of a
    version and a revision of the draft: where one is another by now, nothing is done, and the
    result is None. Raises Gone.
    """

    tenant: int
    version: int
    revision: int
    body: str
    trail: Trail
    actor: Actor
    now: float
    note: str | None = None

    def carry_out(self, connection: Connection) -> int | None:
        version, drafted = hold(connection, self.tenant), draft_of(connection, self.tenant)
        if drafted is None or (version, drafted.revision) != (self.version, self.revision):
            return None
        _discard(connection, self.tenant)
        note_each(connection, self, Deed.PUBLISHED, self.trail)
        return _store(connection, self, version + 1, self.body)


@dataclass(frozen=True, slots=True)
class PublishAnew(OneByOne[int | None]):
    """Publish a whole profile (JSON) in the place of what a tenant has, past its draft.

    `trail` is what that changes. One that says what the current one says is no new version. The
    result is the current version. `made_of`: the version that it was made of; where another was
    published by now, nothing is done, and the result is None. Raises Gone, if that is given.
    """

    tenant: int
    name: str
    body: str
    trail: Trail
    actor: Actor
    now: float
    made_of: int | None = None

    def carry_out(self, connection: Connection) -> int | None:
        if self.made_of is not None and hold(connection, self.tenant) != self.made_of:
            return None
        note_each(connection, self, Deed.PUBLISHED, self.trail)
        return SaveProfile(self.name, self.body, self.actor.name, self.now).carry_out(connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBack(OneByOne[int | None]):
    """Make an old version's body the next version; the result is that version.

    The draft stays, on the new version. `trail` is what changes of `current`: where another version
    was published by now, nothing is done, and the result is None. Raises KeyError for a version
    that there is not, or that is not kept, and Gone.
    """

    tenant: int
    version: int
    current: int
    trail: Trail
    actor: Actor
    now: float
    note: str | None = None

    def carry_out(self, connection: Connection) -> int | None:
        version = hold(connection, self.tenant)
        if version != self.current:
            return None
        body = profile_body(connection, tenant=self.tenant, version=self.version)
        if body is None:
            raise KeyError(self.version)
        number = _store(connection, self, version + 1, body)
        note_each(connection, self, Deed.ROLLED_BACK, self.trail)
        if draft_of(connection, self.tenant):
            Change(self.tenant, {}, self.actor, self.now, ()).carry_out(connection)
        return number


def draft_of(connection: Connection, tenant: int) -> Drafted | None:
    """A tenant's draft, as its last revision left it."""
    mine = drafts.c.tenant_id == tenant
    last = connection.execute(
        select(drafts.c.revision, drafts.c.base_version, drafts.c.changes)
        .where(mine)
        .order_by(drafts.c.revision.desc())
        .limit(1)
    ).first()
    if last is None or last.changes == NO_CHANGES:
        return None
    columns = (drafts.c.fields, drafts.c.author, drafts.c.author_id, drafts.c.created_at)
    touched: dict[str, Touch] = {}
    for row in connection.execute(select(*columns).where(mine).order_by(drafts.c.revision)):
        touch = Touch(row.author, row.author_id, row.created_at)
        touched |= dict.fromkeys(json.loads(row.fields), touch)
    changes = json.loads(last.changes)
    of_changes = {field: touched[field] for field in changes}
    return Drafted(last.revision, last.base_version, changes, of_changes)


def held_draft(connection: Connection, tenant: int) -> tuple[TenantRow, Drafted | None]:
    """A tenant and its draft; nobody else changes them before the commit. Raises Gone."""
    hold(connection, tenant)
    there = tenant_by_id(connection, tenant)
    if there is None:
        raise Gone(tenant)
    return there, draft_of(connection, tenant)


def versions_of(connection: Connection, tenant: int, *, limit: int = 100) -> tuple[Version, ...]:
    """The versions of a tenant's profile, the newest first."""
    columns = (profiles.c.version, profiles.c.author, profiles.c.note, profiles.c.created_at)
    kept = (profiles.c.body != "").label("kept")
    newest = select(*columns, kept).where(profiles.c.tenant_id == tenant)
    found = connection.execute(newest.order_by(profiles.c.version.desc()).limit(limit))
    return tuple(
        Version(row.version, row.author, row.note, row.created_at, row.kept) for row in found
    )


def versions_by_name(connection: Connection, name: str) -> tuple[Version, ...]:
    """All of the tenant of a name. Raises NoTenant."""
    tenant = named_tenant(connection, name)
    return versions_of(connection, tenant.id, limit=tenant.version)


def _published(connection: Connection, tenant: int) -> tuple[int, dict[str, Any]]:
    """The tenant's version and what it says; see `hold`."""
    version = hold(connection, tenant)
    body = profile_body(connection, tenant=tenant, version=version)
    return version, json.loads(body or "{}")


def _store(connection: Connection, why: Publish | RollBack, version: int, body: str) -> int:
    made = {"author": why.actor.name, "note": why.note, "created_at": why.now}
    store_version(connection, tenant=why.tenant, version=version, body=body, **made)
    return version


def _last_revision(connection: Connection, tenant: int) -> int:
    """That of the tenant's latest draft, also of one that is over; 0 before the first."""
    last = select(func.max(drafts.c.revision)).where(drafts.c.tenant_id == tenant)
    return connection.execute(last).scalar() or 0


def _discard(connection: Connection, tenant: int) -> None:
    mine, last = drafts.c.tenant_id == tenant, _last_revision(connection, tenant)
    connection.execute(delete(drafts).where(mine, drafts.c.revision < last))
    nothing = {"changes": NO_CHANGES, "fields": _dump([]), "author": "", "author_id": None}
    connection.execute(update(drafts).where(mine).values(nothing))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
