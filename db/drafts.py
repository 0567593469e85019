"""What will be published: the draft of a tenant's profile, and the versions that were.

Bodies and changes are JSON. A change is a field's new value, or null for the default. Of a draft
that is over its last row stays, without its changes: so no later draft has a revision of it, and
what was made for one never acts on another.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from db.models import drafts, profiles
from db.records import Actor
from db.tenants import NO_CHANGES, hold, named_tenant, profile_body, store_version
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
    """Add changes to a tenant's draft, on what is published now.

    One back to what is published leaves the draft; without any the draft is gone. The result is
    the draft's revision, None when there is none. Raises Gone.
    """

    tenant: int
    changes: Mapping[str, Any]
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> int | None:
        version, published = _published(connection, self.tenant)
        before = draft_of(connection, self.tenant)
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

    def carry_out(self, connection: Connection) -> bool:
        hold(connection, self.tenant)
        drafted = draft_of(connection, self.tenant)
        if drafted is None or drafted.revision != self.revision:
            return False
        _discard(connection, self.tenant)
        return True


@dataclass(frozen=True, slots=True)
class Publish(OneByOne[int]):
    """Make a tenant's draft its next version, on what is published now; the result is the version.

    Nothing drafted: the current version. `canonical` turns the merged body into the one to be
    stored; what it raises for a body that is no profile is raised before anything is written.
    Raises Gone.
    """

    tenant: int
    actor: Actor
    now: float
    canonical: Callable[[str], str]
    note: str | None = None

    def carry_out(self, connection: Connection) -> int:
        version, published = _published(connection, self.tenant)
        drafted = draft_of(connection, self.tenant)
        if drafted is None:
            return version
        merged = {**published, **drafted.changes}
        said = {field: value for field, value in merged.items() if value is not None}
        body = self.canonical(_dump(said))
        _discard(connection, self.tenant)
        return _store(connection, self, version + 1, body)


@dataclass(frozen=True, slots=True)
class RollBack(OneByOne[int]):
    """Make an old version's body the next version; the result is that version.

    The draft stays, on the new version. Raises KeyError for a version that there is not, or
    that is not kept, and Gone.
    """

    tenant: int
    version: int
    actor: Actor
    now: float
    note: str | None = None

    def carry_out(self, connection: Connection) -> int:
        version = hold(connection, self.tenant)
        body = profile_body(connection, tenant=self.tenant, version=self.version)
        if body is None:
            raise KeyError(self.version)
        number = _store(connection, self, version + 1, body)
        if draft_of(connection, self.tenant):
            Change(self.tenant, {}, self.actor, self.now).carry_out(connection)
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
