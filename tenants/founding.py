"""How a company comes into being: from what people call it. Pure."""

from db.companies import CreateTenant
from db.records import Actor
from db.transaction import Transaction
from tenants.names import short_names
from tenants.profile import Profile


def found(
    transaction: Transaction, company: str, profile: Profile, *, actor: Actor, now: float
) -> tuple[int, str]:
    """Make a company of this name and profile: its number, and the short name that it got."""
    body = profile.changed({"company_name": company}).model_dump_json()
    for name in short_names(company):
        made = transaction.do(CreateTenant(name, body, actor, now))
        if made is not None:
            return made, name
    raise AssertionError("numbers do not end")
