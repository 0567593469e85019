"""Changes from the command line, and the trail that they leave in the same transaction."""

import time
from typing import Final

from pydantic import ValidationError

from db.audit import Deed, note
from db.records import Actor
from db.tenants import TenantRow
from db.transaction import Transaction
from tenants.difference import differences
from tenants.profile import Profile

HOST: Final = Actor(None, "command line")


def write_down(
    transaction: Transaction,
    tenant: int | None,
    deed: Deed,
    *,
    subject: str | None = None,
    old: str | None = None,
    new: str | None = None,
) -> None:
    """Note who changed what; without a tenant it is a matter of the process."""
    transaction.read(
        note,
        tenant=tenant,
        actor=HOST,
        deed=deed,
        subject=subject,
        old=old,
        new=new,
        now=time.time(),
    )


def write_trail(transaction: Transaction, deed: Deed, before: TenantRow, after: TenantRow) -> None:
    """Note each field in which two versions of a tenant's profile differ."""
    try:
        old, new = (Profile.model_validate_json(tenant.body) for tenant in (before, after))
    except ValidationError:  # one is of another version of the program's: nothing can be compared
        return write_down(transaction, after.id, deed)
    for one in differences(old, new):
        was, is_now = one.excerpts()
        write_down(transaction, after.id, deed, subject=one.subject, old=was, new=is_now)
