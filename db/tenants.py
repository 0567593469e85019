"""Tenants, the versions of their profiles, and their bots."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    Row,
    ScalarSelect,
    case,
    literal,
    select,
    update,
)

from db.audit import Deed, Signature, note
from db.errors import Gone, NoTenant
from db.heirs import wished
from db.models import bots, chats, drafts, hands, profiles, tenants, threads
from db.records import Actor, Address, TenantState
from db.rows import EXISTS, IS_HOSTS, IS_TELEGRAMS, NOT_INTRODUCED, insert, insert_or_lock, is_at
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A tenant and its current profile, as stored (JSON)."""

    id: int
    name: str
    version: int
    body: str
    state: TenantState = TenantState.ACTIVE


@dataclass(frozen=True, slots=True)
class Listed:
    """A tenant without its profile, and what that calls the company, else the tenant's name."""

    id: int
    name: str
    company: str
    state: TenantState


NO_CHANGES = "{}"  # of a draft that is over
_TENANTS = (
    select(tenants.c.id, tenants.c.name, tenants.c.version, profiles.c.body, tenants.c.state)
    .join(profiles, profiles.c.tenant_id == tenants.c.id)
    .where(profiles.c.version == tenants.c.version, EXISTS)
)


@dataclass(frozen=True, slots=True)
class SaveProfile(OneByOne[int]):
    """Store a new version of a tenant's profile, unless it says what the current one says.

    The tenant is made when its name is new. The result is the current version.
    """

    name: str
    body: str
    author: str
    now: float

    def carry_out(self, connection: Connection) -> int:
        new = {"name": self.name, "version": 0, "created_at": self.now}
        held = insert_or_lock(connection, tenants, new, by="name")
        row = connection.execute(held.returning(tenants.c.id, tenants.c.version)).one()
        if self._is_current(connection, row.id, row.version):
            return int(row.version)
        version = int(row.version) + 1
        made = {"author": self.author, "created_at": self.now}
        store_version(connection, tenant=row.id, version=version, body=self.body, **made)
        return version

    def _is_current(self, connection: Connection, tenant: int, version: int) -> bool:
        stored = select(profiles.c.body).where(
            profiles.c.tenant_id == tenant, profiles.c.version == version
        )
        return connection.execute(stored).scalar() == self.body


def name_of(connection: Connection, tenant: int) -> str | None:
    """A tenant's name; None when there is no such tenant."""
    stored = select(tenants.c.name).where(tenants.c.id == tenant, EXISTS)
    name: str | None = connection.execute(stored).scalar()
    return name


def store_version(
    connection: Connection, *, tenant: int, version: int, body: str, **made: object
) -> None:
    """Make this the tenant's current version; `made`: the other columns of a profile."""
    row = {"tenant_id": tenant, "version": version, "body": body, **made}
    connection.execute(insert(connection, profiles).values(row))
    said = json.loads(body)
    known = {"company": said.get("company_name"), "retention_days": said.get("retention_days")}
    connection.execute(
        update(tenants).where(tenants.c.id == tenant).values(version=version, **known)
    )


@dataclass(frozen=True, slots=True)
class GiveBot(OneByOne[None]):
    """Tie a bot to the tenant whose clients write to it, unless it has one."""

    bot_id: int
    tenant: str

    def carry_out(self, connection: Connection) -> None:
        owner = select(tenants.c.id).where(tenants.c.name == self.tenant)
        tenant_id = connection.execute(owner).scalar_one()
        connection.execute(
            insert(connection, bots)
            .values(id=self.bot_id, tenant_id=tenant_id)
            .on_conflict_do_nothing()
        )


@dataclass(frozen=True, slots=True)
class TakeBots(OneByOne[tuple[int, ...]]):
    """Let a tenant speak through every bot of the host's; the result is those it did not have.

    Each of their chats goes on in a new thread of the tenant's, whose notice that an AI answers
    is still to be given. A turn under way ends as it began, and messages that wait for one are
    answered in the old thread, at once: as after /new.
    """

    tenant: str
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> tuple[int, ...]:
        named = select(tenants.c.id).where(tenants.c.name == self.tenant)
        owner = connection.execute(named).scalar_one()
        taken = connection.execute(
            update(bots)
            .where(bots.c.tenant_id != owner)
            .where(IS_HOSTS, bots.c.removed_at.is_(None))
            .values(tenant_id=owner)
            .returning(bots.c.id)
        ).scalars()
        ids = tuple(sorted(taken))
        begin_anew(connection, owner, ids, now=self.now)
        if ids or wished(connection) != self.tenant:  # what is noted counts for bots to come
            by = Signature(owner, self.actor, self.now)
            note(connection, by, Deed.TENANT_SPEAKS, new=self.tenant)
        return ids


def begin_anew(connection: Connection, owner: int, taken: Sequence[int], *, now: float) -> None:
    """All chats of these bots go on in new threads of their new owner's."""
    theirs = chats.c.bot_id.in_(taken)
    locked = select(chats.c.id).where(theirs).order_by(chats.c.id)
    connection.execute(locked.with_for_update(key_share=True))
    current = threads.c.id.in_(select(chats.c.thread_id).where(theirs))
    owners = (threads.c.tenant_id == owner) & threads.c.closed_at.is_(None)
    owners &= threads.c.chat_id.in_(select(chats.c.id).where(theirs))
    connection.execute(update(threads).where(current | owners).values(closed_at=now))
    names = ["chat_id", "tenant_id", "created_at"]
    opened = select(chats.c.id, literal(owner), literal(now)).where(theirs)
    connection.execute(insert(connection, threads).from_select(names, opened))
    connection.execute(
        update(chats)
        .where(theirs)
        .values(
            thread_id=_open_thread(owner),
            due_at=case((chats.c.due_at.is_not(None), now)),
            **NOT_INTRODUCED,
        )
    )


def _open_thread(tenant: int) -> ScalarSelect[int]:
    return (
        select(threads.c.id)
        .where(threads.c.chat_id == chats.c.id, threads.c.tenant_id == tenant)
        .where(threads.c.closed_at.is_(None))
        .scalar_subquery()
    )


def bots_by_tenant(connection: Connection) -> dict[int, tuple[int, ...]]:
    """The bots that speak for each tenant (by its row's id) that has any."""
    found: dict[int, tuple[int, ...]] = {}
    active = select(bots.c.tenant_id, bots.c.id).where(IS_TELEGRAMS, bots.c.removed_at.is_(None))
    for row in connection.execute(active.order_by(bots.c.id)):
        found[row.tenant_id] = (*found.get(row.tenant_id, ()), row.id)
    return found


def list_tenants(connection: Connection) -> tuple[TenantRow, ...]:
    """All tenants, by name."""
    found = connection.execute(_TENANTS.order_by(tenants.c.name))
    return tuple(map(_row, found))


def list_companies(connection: Connection) -> tuple[Listed, ...]:
    """All tenants, by name; profiles, which may be long, are not read."""
    found = select(tenants.c.id, tenants.c.name, tenants.c.state, tenants.c.company).where(EXISTS)
    return tuple(
        Listed(row.id, row.name, row.company or row.name, TenantState(row.state))
        for row in connection.execute(found.order_by(tenants.c.name))
    )


def find_tenant(connection: Connection, name: str) -> TenantRow | None:
    """A tenant by its name."""
    row = connection.execute(_TENANTS.where(tenants.c.name == name)).first()
    return _row(row) if row else None


def named_tenant(connection: Connection, name: str) -> TenantRow:
    """A tenant by its name. Raises NoTenant."""
    # What no terminal can print is no name, and not every database takes it as a text.
    tenant = find_tenant(connection, name) if name.isprintable() else None
    if tenant is None:
        raise NoTenant(name, tuple(one.name for one in list_companies(connection)))
    return tenant


def tenant_to_change(connection: Connection, name: str) -> TenantRow:
    """The same: nobody else changes or deletes it before the commit. Raises NoTenant, Gone."""
    hold(connection, named_tenant(connection, name).id)
    return named_tenant(connection, name)  # as it is now that nobody else changes it


Spoken = tuple[int, ...]  # the bots that speak for a tenant


def tenants_with_bots(connection: Connection) -> tuple[tuple[TenantRow, Spoken], ...]:
    """All tenants, by name, and the bots of each."""
    bots = bots_by_tenant(connection)
    return tuple((one, bots.get(one.id, ())) for one in list_tenants(connection))


def tenant_with_bots(connection: Connection, name: str) -> tuple[TenantRow, Spoken]:
    """A tenant by its name, and its bots. Raises NoTenant."""
    tenant = named_tenant(connection, name)
    return tenant, bots_by_tenant(connection).get(tenant.id, ())


def tenant_of(connection: Connection, bot_id: int) -> TenantRow | None:
    """The tenant that a bot speaks for."""
    own = _TENANTS.join(bots, bots.c.tenant_id == tenants.c.id).where(bots.c.id == bot_id)
    row = connection.execute(own).first()
    return _row(row) if row else None


def tenants_of(connection: Connection, bots: Sequence[int]) -> dict[int, TenantRow | None]:
    """The tenant that each of these bots speaks for."""
    return {bot: tenant_of(connection, bot) for bot in bots}


def tenant_here(connection: Connection, address: Address) -> TenantRow | None:
    """The tenant that a chat talks to: that of its thread, else that of its bot."""
    talks = _TENANTS.join(threads, threads.c.tenant_id == tenants.c.id).join(
        chats, chats.c.thread_id == threads.c.id
    )
    row = connection.execute(talks.where(is_at(address))).first()
    return _row(row) if row else tenant_of(connection, address.bot_id)


def assistant_here(connection: Connection, address: Address) -> str | None:
    """The assistant that a chat talks to, by its name; None where nobody has talked yet."""
    talks = select(threads.c.assistant).join(chats, chats.c.thread_id == threads.c.id)
    return connection.execute(talks.where(is_at(address))).scalar()


def tenant_by_id(connection: Connection, tenant: int) -> TenantRow | None:
    """A tenant by its row."""
    row = connection.execute(_TENANTS.where(tenants.c.id == tenant)).first()
    return _row(row) if row else None


def tenant_in_hand(connection: Connection, user_id: int) -> TenantRow | None:
    """The tenant that an admin has in hand."""
    taken = _TENANTS.join(hands, hands.c.tenant_id == tenants.c.id)
    row = connection.execute(taken.where(hands.c.user_id == user_id)).first()
    return _row(row) if row else None


def _row(row: Row[int, str, int, str, str]) -> TenantRow:
    return TenantRow(row.id, row.name, row.version, row.body, TenantState(row.state))


def hold(connection: Connection, tenant: int) -> int:
    """The tenant's version: nobody changes it, or the draft, before the commit. Raises Gone."""
    stored = select(tenants.c.version).where(tenants.c.id == tenant, EXISTS)
    version: int | None = connection.execute(stored.with_for_update(key_share=True)).scalar()
    if version is None:
        raise Gone(tenant)
    return version


def profile_body(connection: Connection, *, tenant: int, version: int) -> str | None:
    """One version of a profile, as stored (JSON); None when there is none, or it went with age."""
    stored = select(profiles.c.body).where(
        profiles.c.tenant_id == tenant, profiles.c.version == version
    )
    return connection.execute(stored).scalar() or None


def draft_body(connection: Connection, *, tenant: int, revision: int) -> tuple[str, str] | None:
    """What is published now, and what a revision of the draft changes of it (JSON both).

    Nothing, when the draft is over. None for a tenant that is not there.
    """
    published = tenant_by_id(connection, tenant)
    if published is None:
        return None
    mine = (drafts.c.tenant_id == tenant) & (drafts.c.revision == revision)
    changes = connection.execute(select(drafts.c.changes).where(mine)).scalar()
    return published.body, changes or NO_CHANGES
