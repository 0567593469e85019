"""Those who run the process or a tenant: the roles they hold, and the tenant they have in hand."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select, update

from db.audit import Deed, note
from db.languages import SPOKEN
from db.models import admins, chats, hands, invites
from db.records import TELEGRAM, Actor
from db.rows import insert
from db.tenants import Listed, list_companies
from db.transaction import OneByOne

HOST: Final = "host"  # the role of one who belongs to no tenant
OWNER: Final = "owner"  # the role that a tenant never runs out of
GIVERS: Final = frozenset({HOST, OWNER})  # the roles that give roles to others


class Refusal(StrEnum):
    """Why somebody's role was left as it is."""

    UNKNOWN = "unknown"  # holds none
    LAST_OWNER = "last_owner"
    NOT_GIVEN = "not_given"  # who would give it may give none


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role; `until` is its end, None for a role without one."""

    user_id: int
    name: str
    role: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class PrivateChat:
    """The private chat of somebody with a bot, and the language that they speak there."""

    bot_id: int
    user_id: int
    language: str | None
    chosen: bool = False  # by /language


def roles_of(
    connection: Connection, *, user_id: int, now: float, keep: bool = False
) -> dict[int | None, str]:
    """The roles of a person, by the tenant's row; under None what they are in the process.

    With `keep` nobody changes or takes them before the commit.
    """
    found = select(admins.c.tenant_id, admins.c.role).where(
        admins.c.user_id == user_id, counts(now)
    )
    found = found.order_by(admins.c.id).with_for_update(read=True) if keep else found
    return {row.tenant_id: row.role for row in connection.execute(found)}


def held(connection: Connection, now: float) -> frozenset[tuple[int, int | None, str]]:
    """All roles that there are: whose, in which tenant (None: in the process), and which."""
    found = select(admins.c.user_id, admins.c.tenant_id, admins.c.role).where(counts(now))
    return frozenset((row.user_id, row.tenant_id, row.role) for row in connection.execute(found))


def people_of(connection: Connection, tenant: int | None, now: float) -> tuple[Person, ...]:
    """Those who hold a role in a tenant (None: in the process), who came first goes first."""
    found = select(admins).where(belongs(tenant), counts(now)).order_by(admins.c.id)
    return tuple(map(_person, connection.execute(found)))


def companies_of(connection: Connection, user_id: int, now: float) -> tuple[Listed, ...]:
    """The tenants in which somebody holds a role of their own, by name."""
    roles = roles_of(connection, user_id=user_id, now=now)
    return tuple(one for one in list_companies(connection) if one.id in roles)


def hosts(connection: Connection, now: float) -> tuple[int, ...]:
    """Those who were made host from inside Telegram, by Telegram's id."""
    return tuple(person.user_id for person in people_of(connection, None, now))


def rooms_of(connection: Connection, user_id: int) -> tuple[PrivateChat, ...]:
    """The bots that somebody talks to."""
    return _rooms(connection, chats.c.chat_id == user_id)


def rooms_with(
    connection: Connection, bots: Collection[int], *, besides: Collection[int]
) -> tuple[PrivateChat, ...]:
    """Those who talk to one of them and hold a role, or did until it ended, and some besides."""
    known = chats.c.chat_id.in_(select(admins.c.user_id)) | chats.c.chat_id.in_(besides)
    return _rooms(connection, chats.c.bot_id.in_(bots) & known)


def _rooms(connection: Connection, wanted: ColumnElement[bool]) -> tuple[PrivateChat, ...]:
    chosen = chats.c.chosen_language.is_not(None).label("chosen")
    found = select(chats.c.bot_id, chats.c.chat_id, SPOKEN, chosen).where(wanted)
    found = found.where(chats.c.topic_id == 0, chats.c.channel == TELEGRAM)
    rows = connection.execute(found.order_by(chats.c.id))
    return tuple(PrivateChat(row.bot_id, row.chat_id, row.language, row.chosen) for row in rows)


@dataclass(frozen=True, slots=True)
class TakeInHand(OneByOne[None]):
    """An admin chooses the tenant that commands are about from now on."""

    user_id: int
    tenant: int

    def carry_out(self, connection: Connection) -> None:
        held = {"tenant_id": self.tenant}
        connection.execute(
            insert(connection, hands)
            .values(user_id=self.user_id, **held)
            .on_conflict_do_update(index_elements=["user_id"], set_=held)
        )


@dataclass(frozen=True, slots=True)
class Appoint(OneByOne[None]):
    """Give somebody a role in a tenant (None: in the process), in the place of any other there.

    Links of one who gives no more are void.
    """

    tenant: int | None
    person: Person
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> None:
        person = self.person
        _settle_links(connection, self.tenant, person, self.now)
        before = _held(connection, self.tenant, person.user_id, self.now)
        values: dict[str, Any] = {
            "role": person.role,
            "name": person.name,
            "expires_at": person.until,
        }
        if before is None:  # one whose role has ended begins anew
            values |= {"added_by": self.actor.id, "added_at": self.now}
        theirs = belongs(self.tenant) & (admins.c.user_id == person.user_id)
        if not connection.execute(update(admins).where(theirs).values(**values)).rowcount:
            values |= {"tenant_id": self.tenant, "user_id": person.user_id}
            connection.execute(insert(connection, admins).values(**values))
        deed = Deed.ADMIN_CHANGED if before else Deed.ADMIN_ADDED
        was = before.role if before else None
        note(connection, self, deed, subject=person.name, old=was, new=person.role)


@dataclass(frozen=True, slots=True)
class SetRole(OneByOne[Refusal | None]):
    """Change what somebody is in a tenant; None when it was done.

    The role ends when the old one did, `until` at the latest, and never after that of whoever gives
    it. `named`: the hosts by the settings.
    """

    tenant: int | None
    user_id: int
    role: str
    actor: Actor
    now: float
    until: float | None = None
    named: frozenset[int] = frozenset()

    def carry_out(self, connection: Connection) -> Refusal | None:
        person = _held(connection, self.tenant, self.user_id, self.now)
        if person is None:
            return Refusal.UNKNOWN
        span = span_of(connection, self.tenant, self.actor.id, named=self.named, now=self.now)
        if span is None:
            return Refusal.NOT_GIVEN
        until = earliest(person.until, self.until, span)
        after = Person(person.user_id, person.name, self.role, until)
        lasts = self.role == OWNER and until == person.until
        if not lasts and _is_last_owner(connection, self.tenant, person, self.now):
            return Refusal.LAST_OWNER
        Appoint(self.tenant, after, self.actor, self.now).carry_out(connection)
        return None


@dataclass(frozen=True, slots=True)
class Revoke(OneByOne[Refusal | None]):
    """Take somebody's role, and void the links that they made; None when it was done."""

    tenant: int | None
    user_id: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> Refusal | None:
        person = _held(connection, self.tenant, self.user_id, self.now)
        if person is None:
            return Refusal.UNKNOWN
        if _is_last_owner(connection, self.tenant, person, self.now):
            return Refusal.LAST_OWNER
        theirs = belongs(self.tenant) & (admins.c.user_id == self.user_id)
        connection.execute(delete(admins).where(theirs))
        _void_links(connection, self.tenant, self.user_id, self.now)
        note(connection, self, Deed.ADMIN_REMOVED, subject=person.name, old=person.role)
        return None


def span_of(
    connection: Connection,
    tenant: int | None,
    giver: int | None,
    *,
    named: frozenset[int],
    now: float,
) -> float | None:
    """Until when the roles may last that somebody gives: `inf` for good, None gives none.

    The command line (no giver) and the hosts that the settings name give for good.
    """
    if giver is None or giver in named:
        return inf
    return span_to_give(connection, tenant, giver, now)


def earliest(*ends: float | None) -> float | None:
    """The first of several ends of a role; None, like `inf`, is no end."""
    first = min((end for end in ends if end is not None), default=inf)
    return None if first == inf else first


def span_to_give(
    connection: Connection, tenant: int | None, user_id: int, now: float
) -> float | None:
    """Until when somebody may give roles in a tenant: `inf` for good, None not at all."""
    theirs = (admins.c.tenant_id.is_(None) | belongs(tenant)) & (admins.c.user_id == user_id)
    found = select(admins.c.expires_at).where(theirs, admins.c.role.in_(GIVERS), counts(now))
    ends = connection.execute(found).scalars()
    return max((inf if end is None else end for end in ends), default=None)


def _settle_links(connection: Connection, tenant: int | None, person: Person, now: float) -> None:
    """Links are void for good once their maker's right has ended: no later role revives them."""
    theirs = belongs(tenant) & (admins.c.user_id == person.user_id)
    before = connection.execute(select(admins.c.role, admins.c.expires_at).where(theirs)).first()
    if before is None or before.role not in GIVERS:
        return
    ended = before.expires_at is not None and before.expires_at <= now
    if ended or person.role not in GIVERS:
        _void_links(connection, tenant, person.user_id, now)


def _void_links(connection: Connection, tenant: int | None, user_id: int, now: float) -> None:
    mine = invites.c.created_by == user_id
    if tenant is not None:  # a host's links may be of any tenant
        mine &= invites.c.tenant_id == tenant
    is_open = invites.c.used_at.is_(None) & invites.c.revoked_at.is_(None)
    connection.execute(update(invites).where(mine, is_open).values(revoked_at=now))


def belongs(tenant: int | None) -> ColumnElement[bool]:
    """Rows of a tenant's people; without one, of the hosts."""
    return admins.c.tenant_id.is_(None) if tenant is None else admins.c.tenant_id == tenant


def counts(now: float | ColumnElement[float]) -> ColumnElement[bool]:
    """Rows whose role has not ended."""
    return or_(admins.c.expires_at.is_(None), admins.c.expires_at > now)


def _held(connection: Connection, tenant: int | None, user_id: int, now: float) -> Person | None:
    row = connection.execute(
        select(admins).where(belongs(tenant), admins.c.user_id == user_id, counts(now))
    ).first()
    return _person(row) if row else None


def _is_last_owner(connection: Connection, tenant: int | None, person: Person, now: float) -> bool:
    """Whether nobody else owns the tenant for good, or for a time when this one does so too.

    The rows are locked: of two owners who remove each other at once, one stays.
    """
    if person.role != OWNER:
        return False
    owners = select(admins).where(belongs(tenant), admins.c.role == OWNER, counts(now))
    locked = connection.execute(owners.order_by(admins.c.id).with_for_update())
    others = [one for one in map(_person, locked) if one.user_id != person.user_id]
    return not any(other.until is None or person.until is not None for other in others)


def _person(row: Row[*tuple[Any, ...]]) -> Person:
    return Person(row.user_id, row.name, row.role, row.expires_at)
