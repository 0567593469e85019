"""Changes from the command line, and the trail that they leave in the same transaction."""

import time
from typing import Any, Final, TypeVar

from db.audit import note
from db.journal import Operation, apply
from db.records import Actor

R = TypeVar("R")
Connection = Any  # only db knows what it is
HOST: Final = Actor(None, "command line")


def do(connection: Connection, operation: Operation[R]) -> R:
    """Carry an operation out. Raises what it raises."""
    (result,) = apply(connection, [operation])
    if isinstance(result, Exception):
        raise result
    return result  # type: ignore[no-any-return]  # the journal's results are as their operations


def write_trail(
    connection: Connection,
    tenant: int | None,
    action: str,
    *,
    old: str | None = None,
    new: str | None = None,
) -> None:
    """Note who changed what; without a tenant it is a matter of the process."""
    note(connection, tenant=tenant, actor=HOST, action=action, old=old, new=new, now=time.time())
