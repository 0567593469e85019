"""`sportello tenants list | show`: the tenants there are."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from bot.cli.card import describe
from bot.cli.columns import align
from bot.cli.database import look
from bot.cli.outcome import Wrong
from bot.cli.tell import tell
from db.tenants import TenantRow, tenant_with_bots, tenants_with_bots
from tenants.names import is_name
from tenants.profile import Profile

HEADINGS = ("NAME", "VERSION", "COMPANY", "LANGUAGE", "BOTS")


async def list_all(*, as_json: bool) -> None:
    """Print a line for each tenant."""
    known = await look(tenants_with_bots)
    rows = [_row(tenant, bots) for tenant, bots in known]
    data = [_data(tenant, bots) for tenant, bots in known]
    tell(align([HEADINGS, *rows]) if rows else "No tenants yet.", data, as_json=as_json)


async def show(name: str, *, as_json: bool) -> None:
    """Print a tenant's card. Raises Wrong."""
    tenant, bots = await look(tenant_with_bots, name)
    spoken = f"bots: {listed(bots)}" if bots else "no bots"
    profile = profile_of(tenant)
    card = f"{tenant.name}, version {tenant.version}, {spoken}\n{describe(profile)}"
    tell(card, _data(tenant, bots) | {"profile": profile.model_dump(mode="json")}, as_json=as_json)


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
