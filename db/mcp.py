"""MCP servers that a tenant's assistants may look things up at: OpenAI calls them, not we.

What opens one, its address and its token, is kept encrypted; of the address only the host's name
is ever told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select, update

from db.audit import Deed, note
from db.models import calls, mcp_servers, threads, turns
from db.records import Actor
from db.rows import insert
from db.tenants import hold, list_companies, named_tenant
from db.transaction import OneByOne

MOST: Final = 5  # of a tenant
FIRST_SECONDS: Final = 60.0  # that one is left out for, after its first failure
LONGEST_SECONDS: Final = 3600.0


class ServerFailure(StrEnum):
    """Why a server was of no use."""

    AWAY = "away"  # it did not tell what it can do
    BROKE = "broke"  # a call of it came to nothing
    LOCKED = "locked"  # no key of SECRET_KEY opens what is kept of it


class ServerAdded(StrEnum):
    """What came of adding one."""

    NEW = "new"
    CHANGED = "changed"  # there was one of this label
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class ServerRow:
    """A server, as stored; it is left out until `retry_at`."""

    id: int
    tenant: int
    label: str
    host: str
    sealed: str = field(repr=False)
    failures: int = 0  # in a row
    failure: ServerFailure | None = None  # the last one
    failed_at: float | None = None
    retry_at: float | None = None


@dataclass(frozen=True, slots=True)
class AddServer(OneByOne[ServerAdded]):
    """Give a tenant a server; one of the same label is replaced. Raises Gone."""

    tenant: int
    label: str
    host: str
    sealed: str = field(repr=False)
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> ServerAdded:
        hold(connection, self.tenant)
        held = {one.label for one in servers_of(connection, self.tenant)}
        if self.label not in held and len(held) >= MOST:
            return ServerAdded.TOO_MANY
        fresh = {"failures": 0, "failure": None, "failed_at": None, "retry_at": None}
        values = {"host": self.host, "sealed": self.sealed, "added_at": self.now, **fresh}
        add = insert(connection, mcp_servers).values(
            tenant_id=self.tenant, label=self.label, **values
        )
        both = [mcp_servers.c.tenant_id, mcp_servers.c.label]
        connection.execute(add.on_conflict_do_update(index_elements=both, set_=values))
        note(connection, self, Deed.SERVER_ADDED, subject=self.label, new=self.host)
        return ServerAdded.CHANGED if self.label in held else ServerAdded.NEW


@dataclass(frozen=True, slots=True)
class RemoveServer(OneByOne[bool]):
    """Take a server from a tenant and forget its token. False: it has none of this label."""

    tenant: int
    label: str
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        mine = (mcp_servers.c.tenant_id == self.tenant) & (mcp_servers.c.label == self.label)
        gone = connection.execute(delete(mcp_servers).where(mine).returning(mcp_servers.c.host))
        host: str | None = gone.scalar()
        if host is None:
            return False
        note(connection, self, Deed.SERVER_REMOVED, subject=self.label, old=host)
        return True


@dataclass(frozen=True, slots=True)
class NoteServers(OneByOne[None]):
    """Servers failed, and are left out for a while that grows; or (no `failure`) they are well.

    What many turns meet at once is one failure.
    """

    servers: tuple[int, ...]
    failure: ServerFailure | None
    now: float

    def carry_out(self, connection: Connection) -> None:
        rows = select(mcp_servers).where(mcp_servers.c.id.in_(self.servers))
        for row in connection.execute(rows.order_by(mcp_servers.c.id).with_for_update()):
            if values := self._values(row):
                its = mcp_servers.c.id == row.id
                connection.execute(update(mcp_servers).where(its).values(values))

    def _values(self, row: Row[Any]) -> dict[str, Any]:
        if self.failure is None:
            return {"failures": 0, "retry_at": None}
        if row.retry_at is not None and row.retry_at > self.now:
            return {}
        seconds = min(FIRST_SECONDS * 2 ** min(row.failures, 10), LONGEST_SECONDS)
        return {
            "failures": row.failures + 1,
            "failure": self.failure,
            "failed_at": self.now,
            "retry_at": self.now + seconds,
        }


def servers_of(connection: Connection, tenant: int | None) -> tuple[ServerRow, ...]:
    """A tenant's servers, or (None) everybody's, by their labels."""
    found = select(mcp_servers).order_by(mcp_servers.c.tenant_id, mcp_servers.c.label)
    if tenant is not None:
        found = found.where(mcp_servers.c.tenant_id == tenant)
    return tuple(map(_read, connection.execute(found)))


def servers_by_name(connection: Connection, name: str | None) -> tuple[tuple[str, ServerRow], ...]:
    """Those of the tenant of a name, or (None) of all, with the tenant's. Raises NoTenant."""
    wanted = [named_tenant(connection, name)] if name else list_companies(connection)
    return tuple((one.name, row) for one in wanted for row in servers_of(connection, one.id))


def _read(row: Row[Any]) -> ServerRow:
    failure = row.failure and ServerFailure(row.failure)
    how = (row.failures, failure, row.failed_at, row.retry_at)
    return ServerRow(row.id, row.tenant_id, row.label, row.host, row.sealed, *how)


# ---------------------------------------------------------------- what failed lately


@dataclass(frozen=True, slots=True)
class FailedCall:
    """The last call of a tool that came to nothing, or perhaps did; `output` until it is erased."""

    tool: str
    state: str
    output: str | None
    at: float


def failed_calls(
    connection: Connection, tenant: int, tools: Collection[str], *, since: float
) -> Sequence[FailedCall]:
    """Of each of these tools the last one since then, clients' and those of people who try."""
    last = (
        select(func.max(calls.c.id))
        .join(turns, turns.c.id == calls.c.turn_id)
        .join(threads, threads.c.id == turns.c.thread_id)
        .where(calls.c.state.in_(("failed", "doubt")), calls.c.proposed_at >= since)
        .where(threads.c.tenant_id == tenant, calls.c.tool.in_(tools))
        .group_by(calls.c.tool)
    )
    found = connection.execute(select(calls).where(calls.c.id.in_(last)))
    return [FailedCall(row.tool, row.state, row.output, row.proposed_at) for row in found]
