"""One-time links that give a role: all that is known here of one is a digest."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select, update

from db.audit import Deed, note
from db.models import invites
from db.people import HOST, Appoint, Person, earliest, hosts, people_of, roles_of, span_of
from db.records import Actor
from db.rows import insert
from db.tenants import named_tenant
from db.transaction import OneByOne

# Who made the link that is printed while there is no host. (The command line has no number.)
PROCESS: Final = 0


class Spoilt(StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ALREADY = "already"  # whoever opened it has a role there; the link is still good for another


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """A link that nobody used yet, and what it still gives."""

    row: int
    role: str
    expires_at: float
    member_until: float | None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a link gave: a role in a tenant (None: in the process), and until when."""

    tenant: int | None
    role: str
    until: float | None


def open_invites(
    connection: Connection,
    *,
    tenant: int | None,
    now: float,
    named: frozenset[int] = frozenset(),
) -> tuple[OpenInvite, ...]:
    """The links to a tenant (None: to the process) that `Redeem` would open now, oldest first."""
    wanted = select(invites).where(_belongs(tenant), _is_open(), invites.c.expires_at > now)
    found = connection.execute(wanted.order_by(invites.c.id)).all()
    makers = {row.created_by for row in found}
    spans = {one: _span(connection, tenant, one, named=named, now=now) for one in makers}
    return tuple(
        _open_invite(row, span) for row in found if (span := spans[row.created_by]) is not None
    )


def staff(
    connection: Connection, name: str | None, *, now: float, named: frozenset[int]
) -> tuple[tuple[Person, ...], tuple[OpenInvite, ...]]:
    """The people of a tenant by its name, or the hosts; and the links to it. Raises NoTenant."""
    tenant = named_tenant(connection, name).id if name else None
    links = open_invites(connection, tenant=tenant, now=now, named=named)
    return people_of(connection, tenant, now), links


def _open_invite(row: Row[*tuple[Any, ...]], span: float) -> OpenInvite:
    until = earliest(row.member_until, span)
    ends = row.expires_at if until is None else min(row.expires_at, until)
    return OpenInvite(row.id, row.role, ends, until)


@dataclass(frozen=True, slots=True)
class Invite(OneByOne[int]):
    """Make a link known; the result is its row."""

    digest: str
    tenant: int | None
    role: str
    expires_at: float
    actor: Actor
    now: float
    member_until: float | None = None  # the end of the role itself

    def carry_out(self, connection: Connection) -> int:
        stored = insert(connection, invites).values(
            digest=self.digest,
            tenant_id=self.tenant,
            role=self.role,
            created_by=self.actor.id,
            created_at=self.now,
            expires_at=self.expires_at,
            member_until=self.member_until,
        )
        row: int = connection.execute(stored.returning(invites.c.id)).scalar_one()
        note(connection, self, Deed.INVITED, new=self.role)
        return row


@dataclass(frozen=True, slots=True)
class InviteFirstHost(OneByOne[bool]):
    """Void the links of earlier starts; with a digest, make a new one known unless there is a host.

    Whoever opens it first becomes a host. The result is whether there is a new one.
    """

    digest: str | None
    expires_at: float
    now: float

    def carry_out(self, connection: Connection) -> bool:
        mine = invites.c.digest == self.digest  # where it was offered, and nobody heard of it
        earlier = _is_open() & (invites.c.created_by == PROCESS) & ~mine
        connection.execute(update(invites).where(earlier).values(revoked_at=self.now))
        if self.digest is None or hosts(connection, self.now):
            return False
        if connection.execute(select(invites.c.id).where(mine)).first():
            return True
        offered = {"created_by": PROCESS, "created_at": self.now, "expires_at": self.expires_at}
        link = insert(connection, invites).values(digest=self.digest, role=HOST, **offered)
        connection.execute(link)
        return True


@dataclass(frozen=True, slots=True)
class RevokeInvite(OneByOne[bool]):
    """Void a link of a tenant's; whether it was still open."""

    row: int
    tenant: int | None
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        mine = (invites.c.id == self.row) & _belongs(self.tenant)
        role = connection.execute(
            update(invites)
            .where(mine, _is_open())
            .values(revoked_at=self.now)
            .returning(invites.c.role)
        ).scalar()
        if role is not None:
            note(connection, self, Deed.INVITE_REVOKED, old=role)
        return role is not None


@dataclass(frozen=True, slots=True)
class Redeem(OneByOne[Redeemed | Spoilt]):
    """Open a link: mark it as used and give its role to who opened it, or say why not.

    A link is worth what its maker may still give now, and gives nothing that outlasts the maker's
    own role. `named` are the hosts by the settings: what they make holds while they are named.
    """

    digest: str
    user_id: int
    name: str
    now: float
    named: frozenset[int] = frozenset()

    def carry_out(self, connection: Connection) -> Redeemed | Spoilt:
        stored = select(invites).where(invites.c.digest == self.digest)
        row = connection.execute(stored.with_for_update()).first()
        if row is None:
            return Spoilt.UNKNOWN
        if spoilt := self._spoilt(connection, row):
            return spoilt
        maker = row.created_by
        span = _span(connection, row.tenant_id, maker, named=self.named, now=self.now)
        if span is None:
            return Spoilt.REVOKED
        until = earliest(row.member_until, span)
        mine = {"used_by": self.user_id, "used_at": self.now}
        connection.execute(update(invites).where(invites.c.id == row.id).values(**mine))
        person = Person(self.user_id, self.name, row.role, until)
        actor = Actor(self.user_id, self.name)
        Appoint(row.tenant_id, person, actor, self.now).carry_out(connection)
        return Redeemed(row.tenant_id, row.role, until)

    def _spoilt(self, connection: Connection, row: Row[*tuple[Any, ...]]) -> Spoilt | None:
        roles = roles_of(connection, user_id=self.user_id, now=self.now)
        if row.tenant_id in roles and row.used_by in (None, self.user_id):
            return Spoilt.ALREADY
        end, revoked_at = min(row.expires_at, row.member_until or row.expires_at), row.revoked_at
        if revoked_at is not None:
            return Spoilt.REVOKED if revoked_at < end else Spoilt.EXPIRED
        if row.used_at is not None:
            return Spoilt.USED
        return Spoilt.EXPIRED if end <= self.now else None


def _span(
    connection: Connection,
    tenant: int | None,
    maker: int | None,
    *,
    named: frozenset[int],
    now: float,
) -> float | None:
    """Until when the maker of a link may give roles; None: not any more."""
    if maker == PROCESS:  # the process offers itself, but to the first host alone
        return None if named or hosts(connection, now) else inf
    return span_of(connection, tenant, maker, named=named, now=now)


def _belongs(tenant: int | None) -> ColumnElement[bool]:
    return invites.c.tenant_id.is_(None) if tenant is None else invites.c.tenant_id == tenant


def _is_open() -> ColumnElement[bool]:
    return invites.c.used_at.is_(None) & invites.c.revoked_at.is_(None)
