"""What companies let their assistants call, as they declare it in /configure."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from db.audit import Deed, note
from db.models import company_tools
from db.records import Actor
from db.rows import insert
from db.tenants import hold
from db.transaction import OneByOne

MOST: Final = 20  # of one company


@dataclass(frozen=True, slots=True)
class CompanyTool:
    """`declaration`: JSON, of which the database knows no more. `secret` is encrypted."""

    row: int
    tenant: int
    name: str
    declaration: str
    secret: str | None = field(default=None, repr=False)


def tools_of(connection: Connection, tenant: int | None) -> tuple[CompanyTool, ...]:
    """Those of a company, or (None) of all, by company and name."""
    its = company_tools.c
    found = select(its.id, its.tenant_id, its.name, its.declaration, its.secret)
    if tenant is not None:
        found = found.where(its.tenant_id == tenant)
    return tuple(
        CompanyTool(*row) for row in connection.execute(found.order_by(its.tenant_id, its.name))
    )


def _one(tenant: int, row: int) -> ColumnElement[bool]:
    return (company_tools.c.tenant_id == tenant) & (company_tools.c.id == row)


@dataclass(frozen=True, slots=True)
class AddTool(OneByOne[int | None]):
    """Let a company's assistants call something; its number.

    None: the company has one of that name, or as many as it may have. Raises Gone.
    """

    tenant: int
    name: str
    declaration: str
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> int | None:
        hold(connection, self.tenant)
        its = company_tools.c
        theirs = select(func.count(), func.count().filter(its.name == self.name))
        held, same = connection.execute(theirs.where(its.tenant_id == self.tenant)).one()
        if same or held >= MOST:
            return None
        values: dict[str, Any] = {
            "tenant_id": self.tenant,
            "name": self.name,
            "declaration": self.declaration,
            "changed_at": self.now,
        }
        add = insert(connection, company_tools).values(**values).returning(its.id)
        row = int(connection.execute(add).scalar_one())
        note(connection, self, Deed.TOOL_ADDED, subject=self.name)
        return row


@dataclass(frozen=True, slots=True)
class ChangeTool(OneByOne[bool]):
    """Declare it anew; False where it is gone, or was changed since `before` was read.

    `keeps_secret`: what was declared before is still what the secret was given for.
    """

    tenant: int
    row: int
    before: str
    declaration: str
    keeps_secret: bool
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        values: dict[str, Any] = {"declaration": self.declaration, "changed_at": self.now}
        if not self.keeps_secret:
            values["secret"] = None
        same = _one(self.tenant, self.row) & (company_tools.c.declaration == self.before)
        changed = update(company_tools).where(same).values(**values)
        name = connection.execute(changed.returning(company_tools.c.name)).scalar()
        if name is None:
            return False
        note(connection, self, Deed.TOOL_CHANGED, subject=name)
        return True


@dataclass(frozen=True, slots=True)
class SetToolSecret(OneByOne[bool]):
    """Keep what it is called with, encrypted.

    False where it is gone, or was changed since `before` was read: it may lead elsewhere now.
    """

    tenant: int
    row: int
    before: str
    secret: str = field(repr=False)
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        same = _one(self.tenant, self.row) & (company_tools.c.declaration == self.before)
        changed = update(company_tools).where(same)
        kept = changed.values(secret=self.secret, changed_at=self.now)
        name = connection.execute(kept.returning(company_tools.c.name)).scalar()
        if name is None:
            return False
        note(connection, self, Deed.TOOL_SECRET_SET, subject=name)
        return True


@dataclass(frozen=True, slots=True)
class RemoveTool(OneByOne[bool]):
    """Let it be called no more, and forget its secret; False where it is gone."""

    tenant: int
    row: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        gone = delete(company_tools).where(_one(self.tenant, self.row))
        name = connection.execute(gone.returning(company_tools.c.name)).scalar()
        if name is None:
            return False
        note(connection, self, Deed.TOOL_REMOVED, subject=name)
        return True
