"""MCP servers of companies: which a turn's answers may ask, and what they asked."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.core.calls import McpServer
from bot.errors import SecretLost
from bot.ports import Answer, Clock, Telemetry, Vault
from bot.turns.proposals import read_remote
from db.calls import CallRow, ProposeCalls
from db.engine import Database
from db.journal import Journal
from db.mcp import NoteServers, ServerFailure, ServerRow, servers_of
from db.records import Turn
from tenants.names import servers_in
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Servers:
    """Knows those of every company; `allowed`: by the host."""

    database: Database
    journal: Journal
    clock: Clock
    vault: Vault
    telemetry: Telemetry
    allowed: bool

    async def of(self, turn: Turn, profile: Profile, rows: Sequence[CallRow]) -> "TurnServers":
        """A turn's; `rows`: its calls, as far as a dead process left some."""
        asked = {row.call_id: row for row in rows if row.server is not None}
        its = TurnServers(self, turn, asked)
        if self.allowed and (labels := servers_in(profile.tools)):
            found = await self.database.read(servers_of, turn.tenant)
            await its.open([one for one in found if one.label in labels])
        return its


@dataclass(slots=True)
class TurnServers:
    """What a turn's answers may ask, and what they asked (`rows`, by the call's id)."""

    servers: Servers
    turn: Turn
    rows: dict[str, CallRow]
    _open: dict[str, tuple[ServerRow, McpServer]] = field(default_factory=dict)  # by label

    @property
    def offered(self) -> tuple[McpServer, ...]:
        """Those that the next answer may ask."""
        return tuple(server for _, server in self._open.values())

    async def open(self, rows: Sequence[ServerRow]) -> None:
        """Offer those that are not left out for a while."""
        for row in rows:
            if row.retry_at is not None and row.retry_at > self.servers.clock.now():
                continue
            try:
                opened = json.loads(self.servers.vault.decrypt(row.sealed))
            except SecretLost:
                await self._failed([row], ServerFailure.LOCKED)
                continue
            self._open[row.label] = row, McpServer(row.label, opened["url"], opened["token"])

    async def leave_out(self, labels: Collection[str]) -> bool:
        """Offer these no more; none, where it is not known which failed. False: there are none."""
        failed = [self._open[label][0] for label in labels if label in self._open]
        failed = failed or [row for row, _ in self._open.values()]
        await self._failed(failed, ServerFailure.AWAY)
        return bool(failed)

    async def note(self, answer: Answer) -> None:
        """Write down what an answer asked them, and how they are."""
        fresh = [one for one in answer.remote if one.call.call_id not in self.rows]
        if not fresh:
            return
        servers, response = self.servers, answer.response_id or answer.last_item_id
        rows = tuple(read_remote(one, response) for one in fresh)
        await servers.journal.do(ProposeCalls(self.turn.fence, rows, servers.clock.now()))
        self.rows |= {row.call_id: row for row in rows}
        down = {one.call.server for one in fresh if one.is_down}
        broken = [row for label, (row, _) in self._open.items() if label in down]
        await self._failed(broken, ServerFailure.BROKE)
        asked = {one.call.server for one in fresh}
        well = [r.id for label, (r, _) in self._open.items() if label in asked and r.failures]
        if well:
            await servers.journal.do(NoteServers(tuple(well), None, servers.clock.now()))

    async def _failed(self, rows: Sequence[ServerRow], why: ServerFailure) -> None:
        """They are not asked again in this turn, nor for a while."""
        servers = self.servers
        for row in rows:
            self._open.pop(row.label, None)
            servers.telemetry.warn("MCP server failed", tenant=row.tenant, server=row.id, why=why)
        if rows:
            failed = tuple(row.id for row in rows)
            await servers.journal.do(NoteServers(failed, why, servers.clock.now()))
