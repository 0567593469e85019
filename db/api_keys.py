"""The keys with which a company's own programs talk to its assistant; known by keyed hashes alone.

Two of one name are good at the same time, so that a new one is in use before the old one goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select, update

from db.audit import Deed, note
from db.models import api_keys
from db.records import Actor
from db.rows import insert
from db.seconds import MINUTE_SECONDS
from db.sites import add_bot, programs_bot, shown
from db.tenants import hold, list_companies, named_tenant
from db.transaction import OneByOne

MOST_OF_A_NAME: Final = 2
MOST: Final = 20  # of a company


class Scope(StrEnum):
    """What a key is good for."""

    CHAT = "chat"  # to write as clients, and to get the answers
    READ = "read"  # what was said in its own chats
    PROFILE_WRITE = "profile:write"  # to publish what the company says of itself


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, without what is secret of it. `last_used`: the minute in which it was.

    `daily_tokens`: so many a day (None: as the process allows). `messages_per_minute`: of all its
    clients together (None: as the API allows).
    """

    id: int
    tenant: int
    name: str
    digest: str = field(repr=False)
    scopes: frozenset[Scope]
    created_at: float
    last_used: float | None = None
    revoked_at: float | None = None
    daily_tokens: int | None = None
    messages_per_minute: int | None = None

    @property
    def bot_id(self) -> int:
        """The number under which the engine knows all of the company's programs."""
        return programs_bot(self.tenant)

    def is_noted(self, now: float) -> bool:
        """Whether it is kept already that it was used in this minute."""
        return self.last_used is not None and self.last_used >= _minute(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueKey(OneByOne[int | None]):
    """Make a key; the result is its row, None where there are as many as there may be.

    Raises Gone.
    """

    tenant: int
    name: str
    digest: str = field(repr=False)
    scopes: frozenset[Scope]
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> int | None:
        hold(connection, self.tenant)
        active = [key.name for key in keys_of(connection, self.tenant)]
        if len(active) >= MOST or active.count(self.name) >= MOST_OF_A_NAME:
            return None
        add_bot(connection, programs_bot(self.tenant), self.tenant)
        scopes = " ".join(sorted(self.scopes))
        added = insert(connection, api_keys).values(
            tenant_id=self.tenant,
            name=self.name,
            digest=self.digest,
            scopes=scopes,
            created_by=self.actor.id,
            created_at=self.now,
        )
        note(connection, self, Deed.KEY_ADDED, subject=self.name, new=scopes)
        return int(connection.execute(added.returning(api_keys.c.id)).scalar_one())


@dataclass(frozen=True, slots=True)
class RevokeKey(OneByOne[bool]):
    """Let a key open nothing any more; False when the company has no such key."""

    key: int
    tenant: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        its = (api_keys.c.id == self.key) & (api_keys.c.tenant_id == self.tenant)
        revoked = connection.execute(
            update(api_keys)
            .where(its, ACTIVE)
            .values(revoked_at=self.now)
            .returning(api_keys.c.name)
        ).scalar()
        if revoked is None:
            return False
        note(connection, self, Deed.KEY_REVOKED, subject=revoked)
        return True


@dataclass(frozen=True, slots=True)
class LimitKey(OneByOne[bool]):
    """Set limits of a key, by their columns; False when the company has no such key.

    As it was, it is no deed.
    """

    key: int
    tenant: int
    limits: Mapping[str, int | None]
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        its = (api_keys.c.id == self.key) & (api_keys.c.tenant_id == self.tenant)
        found = connection.execute(select(api_keys).where(its, ACTIVE).with_for_update()).first()
        if found is None:
            return False
        for column, value in self.limits.items():
            before = getattr(found, column)
            if before != value:
                connection.execute(update(api_keys).where(its).values({column: value}))
                old, new = shown(before), shown(value)
                note(
                    connection, self, Deed.KEY_LIMITS_CHANGED, subject=found.name, old=old, new=new
                )
        return True


@dataclass(frozen=True, slots=True)
class NoteKeyUsed(OneByOne[None]):
    """A key was used; only the minute is kept, so that it is written once in a minute."""

    key: int
    now: float

    def carry_out(self, connection: Connection) -> None:
        minute = _minute(self.now)
        unknown = or_(api_keys.c.last_used.is_(None), api_keys.c.last_used < minute)
        its = update(api_keys).where(api_keys.c.id == self.key, unknown)
        connection.execute(its.values(last_used=minute))


def _minute(now: float) -> float:
    return now // MINUTE_SECONDS * MINUTE_SECONDS


def of_key(key: int) -> str:
    """Under what a key's tokens are counted by themselves."""
    return f"key {key}"


# ------------------------------------------------------------------ reads

ACTIVE: Final = api_keys.c.revoked_at.is_(None)


def api_key(connection: Connection, key: int) -> ApiKey | None:
    """A key by its row, also one that was revoked."""
    return next(iter(_rows(connection, select(api_keys).where(api_keys.c.id == key))), None)


def keys_of(connection: Connection, tenant: int) -> tuple[ApiKey, ...]:
    """A company's keys that open something, the oldest first."""
    return _rows(connection, select(api_keys).where(api_keys.c.tenant_id == tenant, ACTIVE))


def keys_by_name(connection: Connection, name: str | None) -> tuple[tuple[str, ApiKey], ...]:
    """Those of the tenant of a name, or (None) of all, with the tenant's. Raises NoTenant."""
    wanted = [named_tenant(connection, name)] if name else list_companies(connection)
    return tuple((one.name, key) for one in wanted for key in keys_of(connection, one.id))


def _rows(connection: Connection, query: Select[Any]) -> tuple[ApiKey, ...]:
    return tuple(
        ApiKey(
            id=row.id,
            tenant=row.tenant_id,
            name=row.name,
            digest=row.digest,
            scopes=frozenset(map(Scope, row.scopes.split())),
            created_at=row.created_at,
            last_used=row.last_used,
            revoked_at=row.revoked_at,
            daily_tokens=row.daily_tokens,
            messages_per_minute=row.messages_per_minute,
        )
        for row in connection.execute(query.order_by(api_keys.c.id))
    )
