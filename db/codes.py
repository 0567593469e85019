"""Access codes: what opens a tenant's private assistants, as an admin gives them out.

A code is known by its keyed hash alone. Who asks gives the hash under every key that is in use.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select, update

from db.audit import Deed, note
from db.models import codes
from db.records import Actor
from db.rows import insert
from db.transaction import OneByOne

ACTIVE: Final = codes.c.revoked_at.is_(None)


@dataclass(frozen=True, slots=True)
class Code:
    """An access code that is not revoked; itself it is not known."""

    row: int
    assistant: str
    generated: bool
    single_use: bool
    per_person: bool
    person: int | None
    created_at: float
    expires_at: float | None
    used_at: float | None


def codes_of(
    connection: Connection, *, tenant: int, assistant: str | None = None
) -> tuple[Code, ...]:
    """The codes of a tenant, or of one of its assistants, that are not revoked, oldest first."""
    mine = (codes.c.tenant_id == tenant) & ACTIVE
    if assistant is not None:
        mine &= codes.c.assistant == assistant
    found = connection.execute(select(codes).where(mine).order_by(codes.c.id))
    return tuple(map(_code, found))


def _code(row: Row[*tuple[Any, ...]]) -> Code:
    return Code(
        row=row.id,
        assistant=row.assistant,
        generated=row.generated,
        single_use=row.single_use,
        per_person=row.per_person,
        person=row.person_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCode(OneByOne[int | None]):
    """Let a code open an assistant; the result is its row, None when the tenant has it already."""

    tenant: int
    assistant: str
    digests: tuple[str, ...] = field(repr=False)  # the first is stored
    generated: bool
    actor: Actor
    now: float
    single_use: bool = False
    per_person: bool = False
    expires_at: float | None = None

    def carry_out(self, connection: Connection) -> int | None:
        if matching(connection, self.tenant, self.digests):
            return None
        stored = insert(connection, codes).values(
            tenant_id=self.tenant,
            assistant=self.assistant,
            digest=self.digests[0],
            generated=self.generated,
            single_use=self.single_use,
            per_person=self.per_person,
            created_by=self.actor.id,
            created_at=self.now,
            expires_at=self.expires_at,
        )
        note(connection, self, Deed.CODE_ADDED, subject=self.assistant)
        return int(connection.execute(stored.returning(codes.c.id)).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCode(OneByOne[bool]):
    """Set rules of a code, by their columns; False when the tenant has no such code."""

    tenant: int
    code: int
    actor: Actor
    now: float
    rules: dict[str, bool | float | None]  # single_use, per_person, expires_at

    def carry_out(self, connection: Connection) -> bool:
        changed = connection.execute(
            update(codes)
            .where(_is(self.tenant, self.code))
            .values(**self.rules)
            .returning(codes.c.assistant)
        ).scalar()
        if changed is None:
            return False
        told = ", ".join(f"{rule}: {value}" for rule, value in self.rules.items())
        note(connection, self, Deed.CODE_CHANGED, subject=changed, new=told)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCodes(OneByOne[int]):
    """Let a code, or all of an assistant's, open nothing any more; the result is how many."""

    tenant: int
    actor: Actor
    now: float
    code: int | None = None
    assistant: str | None = None

    def carry_out(self, connection: Connection) -> int:
        which = codes.c.id == self.code if self.code else codes.c.assistant == self.assistant
        revoked = connection.execute(
            update(codes)
            .where(codes.c.tenant_id == self.tenant, ACTIVE, which)
            .values(revoked_at=self.now)
            .returning(codes.c.assistant)
        ).scalars()
        names = list(revoked)
        for name in names:
            note(connection, self, Deed.CODE_REVOKED, subject=name)
        return len(names)


def _is(tenant: int, code: int) -> ColumnElement[bool]:
    return (codes.c.id == code) & (codes.c.tenant_id == tenant) & ACTIVE


def matching(connection: Connection, tenant: int, digests: Collection[str]) -> list[int]:
    """The codes with one of these hashes: all are compared, and to the end."""
    mine = select(codes.c.id, codes.c.digest).where(codes.c.tenant_id == tenant, ACTIVE)
    return [
        row.id
        for row in connection.execute(mine)
        if sum(hmac.compare_digest(row.digest, digest) for digest in digests)
    ]


def gives_codes(connection: Connection, tenants: Collection[int]) -> frozenset[int]:
    """Those of the tenants that give generated codes out."""
    giving = select(codes.c.tenant_id).where(
        codes.c.tenant_id.in_(tenants), ACTIVE, codes.c.generated
    )
    return frozenset(connection.execute(giving.distinct()).scalars())


def are_there_codes(connection: Connection) -> bool:
    """Whether any tenant gives generated codes out."""
    some = select(codes.c.id).where(ACTIVE, codes.c.generated).limit(1)
    return connection.execute(some).first() is not None
