"""Changes from the command line, and the trail that they leave in the same transaction."""

import time
from typing import Any, Final, TypeVar

from db.audit import note
from db.journal import Operation, apply
from db.records import Actor
from db.tenants import TenantRow
from tenants.difference import differences
from tenants.profile import Profile

R = TypeVar("R")
Connection = Any  # only db knows what it is
HOST: Final = Actor(None, "command line")


def do(connection: Connection, operation: Operation[R]) -> R:
    """Carry an operation out. Raises what it raises."""
    (result,) = apply(connection, [operation])
    if isinstance(result, Exception):
        raise result
    return result  # type: ignore[no-any-return]  # the journal's results are as their operations


def write_down(
    connection: Connection,
    tenant: int | None,
    action: str,
    *,
    subject: str | None = None,
    old: str | None = None,
    new: str | None = None,
) -> None:
    """Note who changed what; without a tenant it is a matter of the process."""
    note(
        connection,
        tenant=tenant,
        actor=HOST,
        action=action,
        subject=subject,
        old=old,
        new=new,
        now=time.time(),
    )


def write_trail(connection: Connection, action: str, before: TenantRow, after: TenantRow) -> None:
    """Note each field in which two versions of a tenant's profile differ."""
    old, new = (Profile.model_validate_json(tenant.body) for tenant in (before, after))
    for one in differences(old, new):
        was, is_now = one.excerpts()
        write_down(connection, after.id, action, subject=one.subject, old=was, new=is_now)
