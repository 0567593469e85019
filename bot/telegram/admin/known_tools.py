"""What a company's assistants may have: the host's tools and its own servers; what failed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.texts import Key, say
from bot.core.texts.tools import Tools as Say
from bot.ports import Tool, Toolbox
from bot.telegram.admin.moments import moment
from bot.telegram.admin.visit import Visit
from bot.turns.proposals import BROKE, INTERRUPTED, MAY_CHANGE, NO_TIME, TOO_MANY, TOO_SLOW
from db.calls import CallState
from db.company_tools import tools_of
from db.engine import Database
from db.mcp import FailedCall, ServerFailure, ServerRow, failed_calls, servers_of
from db.seconds import DAY_SECONDS
from tenants.names import server_name

LOOKED_BACK_SECONDS: Final = 30 * DAY_SECONDS  # for failures
_NOT_CALLED: Final = frozenset({INTERRUPTED, MAY_CHANGE, TOO_MANY})
_WHYS: Final[Mapping[str | None, Key]] = {
    None: Say.FAILED_SOMEHOW,  # what was said of it is erased
    BROKE: Say.FAILED_BROKE,
    NO_TIME: Say.FAILED_SLOW,
    TOO_SLOW: Say.FAILED_SLOW,
    **dict.fromkeys(_NOT_CALLED, Say.FAILED_NOT_CALLED),
}
_OF_SERVERS: Final = {
    ServerFailure.AWAY: Say.FAILED_AWAY,
    ServerFailure.BROKE: Say.FAILED_BROKE,
    ServerFailure.LOCKED: Say.FAILED_LOCKED,
}


@dataclass(frozen=True, slots=True)
class KnownTools:
    """By the names that a profile has for them. `failed`: when each failed last, and why."""

    tools: Mapping[str, Tool]
    servers: Mapping[str, ServerRow] = field(default_factory=dict)
    failed: Mapping[str, tuple[float, Key]] = field(default_factory=dict)
    own: Mapping[str, int] | None = None  # the company's, by their rows; None: it may have none

    @property
    def names(self) -> Sequence[str]:
        """Of all of them."""
        return (*self.tools, *self.servers)

    def failure(self, visit: Visit, name: str) -> str:
        """A line on the last one; empty without any."""
        if name not in self.failed:
            return ""
        at, why = self.failed[name]
        when = moment(at, visit.language, zone=visit.zone)
        return say(Say.FAILED, visit.language, at=when, why=say(why, visit.language))


@dataclass(frozen=True, slots=True)
class TenantTools:
    """Knows them for every company."""

    database: Database
    toolbox: Toolbox

    async def of(self, visit: Visit) -> KnownTools:
        """Of the company at hand."""
        tenant = visit.here.id
        tools, own = (await self.toolbox.at(tenant)).load(), None
        servers: Sequence[ServerRow] = ()
        if self.toolbox.declares:
            own = {one.name: one.row for one in await self.database.read(tools_of, tenant)}
            servers = await self.database.read(servers_of, tenant)
        since = visit.now - LOOKED_BACK_SECONDS
        found = await self.database.read(failed_calls, tenant, [*tools], since=since)
        failed = {one.tool: (one.at, _why(one)) for one in found}
        for one in servers:
            if one.failed_at is not None and one.failure is not None:
                failed[server_name(one.label)] = one.failed_at, _OF_SERVERS[one.failure]
        by_name = {server_name(one.label): one for one in servers}
        return KnownTools(tools, by_name, failed, own)


def _why(call: FailedCall) -> Key:
    if call.state == CallState.DOUBT:
        return Say.FAILED_UNKNOWN
    return _WHYS.get(call.output, Say.FAILED_REFUSED)
