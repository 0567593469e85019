"""How companies stand: what is published, what is drafted, which bots speak for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from db.bots import BotRow, bots_of
from db.drafts import Drafted, draft_of
from db.tenants import TenantRow, tenant_by_id


@dataclass(frozen=True, slots=True)
class CompanyNow:
    """A tenant with its draft, None without one, and its bots."""

    tenant: TenantRow
    draft: Drafted | None
    bots: tuple[BotRow, ...]


def companies_now(connection: Connection, tenants: Iterable[int]) -> tuple[CompanyNow, ...]:
    """Those of these rows that are there."""
    known = (tenant_by_id(connection, tenant) for tenant in tenants)
    return tuple(
        CompanyNow(one, draft_of(connection, one.id), bots_of(connection, one.id))
        for one in known
        if one
    )
