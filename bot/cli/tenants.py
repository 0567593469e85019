"""`sportello tenants list | show`: the tenants there are."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from bot.cli.card import describe
from bot.cli.columns import align
from bot.cli.database import look
from bot.cli.outcome import Wrong
from bot.cli.tell import tell
from bot.cli.trail import Connection
from db.errors import Gone
from db.tenants import (
    TenantRow,
    bots_by_tenant,
    find_tenant,
    hold,
    list_companies,
    list_tenants,
)
from tenants.names import is_name
from tenants.profile import Profile

HEADINGS = ("NAME", "VERSION", "COMPANY", "LANGUAGE", "BOTS")


async def list_all(*, as_json: bool) -> None:
    """Print a line for each tenant."""
    known, bots = await look(
        lambda connection: (list_tenants(connection), bots_by_tenant(connection))
    )
    rows = [_row(tenant, bots.get(tenant.id, ())) for tenant in known]
    data = [_data(tenant, bots.get(tenant.id, ())) for tenant in known]
    tell(align([HEADINGS, *rows]) if rows else "No tenants yet.", data, as_json=as_json)


async def show(name: str, *, as_json: bool) -> None:
    """Print a tenant's card. Raises Wrong."""
    tenant, of_all = await look(
        lambda connection: (find(connection, name), bots_by_tenant(connection))
    )
    bots = of_all.get(tenant.id, ())
    spoken = f"bots: {listed(bots)}" if bots else "no bots"
    profile = profile_of(tenant)
    card = f"{tenant.name}, version {tenant.version}, {spoken}\n{describe(profile)}"
    tell(card, _data(tenant, bots) | {"profile": profile.model_dump(mode="json")}, as_json=as_json)


def find(connection: Connection, name: str) -> TenantRow:
    """A tenant by its name, in the transaction that needs it. Raises Wrong with those there are."""
    # What no terminal can print is no name, and not every database takes it as a text.
    tenant = find_tenant(connection, name) if name.isprintable() else None
    if tenant is None:
        known = ", ".join(one.name for one in list_companies(connection))
        raise Wrong(f"there is no tenant “{name}”; the tenants are: {known or 'none yet'}")
    return tenant


def find_to_change(connection: Connection, name: str) -> TenantRow:
    """The same for a change: until the commit nobody else changes or deletes it. Raises Wrong."""
    tenant = find(connection, name)
    try:
        hold(connection, tenant.id)
    except Gone:
        raise Wrong(f"{name} was deleted at this moment") from None
    return tenant


def check_name(name: str, hint: str = "") -> str:
    """The name, if it can be one. Raises Wrong."""
    if not is_name(name):
        raise Wrong(
            f"“{name}” is no tenant's name; use 2 to 40 small letters (a-z), digits and hyphens"
            f"{hint}"
        )
    return name


def profile_of(tenant: TenantRow) -> Profile:
    """What it says of itself in its current version. Raises Wrong."""
    try:
        return Profile.model_validate_json(tenant.body)
    except ValidationError:
        raise Wrong(
            f"what {tenant.name} says of itself does not fit this version of Sportello;"
            " `sportello tenants apply` or `rollback` replaces it"
        ) from None


def listed(bots: Sequence[int]) -> str:
    """The bots in a row, by number."""
    return ", ".join(map(str, bots))


def _data(tenant: TenantRow, bots: Sequence[int]) -> dict[str, Any]:
    profile = profile_of(tenant)
    return {
        "name": tenant.name,
        "version": tenant.version,
        "state": tenant.state,
        "company": profile.company_name,
        "language": profile.language,
        "bots": list(bots),
    }


def _row(tenant: TenantRow, bots: Sequence[int]) -> tuple[str, ...]:
    profile = profile_of(tenant)
    version, company = str(tenant.version), profile.company_name or "-"
    return tenant.name, version, company, profile.language, listed(bots) or "-"
