"""The tools of this process, and those that companies declare for themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pydantic import ValidationError

from bot.core.declared import DeclaredTool
from bot.errors import SecretLost
from bot.net.outside import Outbound
from bot.ports import Telemetry, Tool, Toolbox, Vault
from db.company_tools import CompanyTool, tools_of
from db.engine import Database
from tenants.profile import Profile

if TYPE_CHECKING:
    from bot.tools.company.http import HttpTool


@dataclass(frozen=True, slots=True)
class CompanyToolbox:
    """A `bot.ports.Toolbox` that knows what each company has declared."""

    base: Toolbox
    database: Database
    vault: Vault
    outside: Outbound
    telemetry: Telemetry
    declares: ClassVar[bool] = True

    def load(self) -> Mapping[str, Tool]:
        """Those of this process, each by name."""
        return self.base.load()

    async def at(self, tenant: int) -> Toolbox:
        """The same with what a company has declared; a tool of this process goes before it."""
        rows = await self.database.read(tools_of, tenant)
        known, own = self.base.load(), dict[str, Tool]()
        for row in rows:
            tool = declared_tool(row, self.vault, self.outside)
            if tool is None or tool.lost:
                self.telemetry.warn("tool not usable", tenant=tenant, tool=row.name)
            if tool and row.name not in known:
                own[row.name] = tool
        return _With(self.base, own) if own else self.base

    def of(self, profile: Profile) -> Sequence[Tool]:
        """Those of this process that an assistant may use."""
        return self.base.of(profile)

    def find(self, name: str) -> Tool | None:
        """The one of this name, of this process."""
        return self.base.find(name)


def declared_tool(row: CompanyTool, vault: Vault, outside: Outbound) -> "HttpTool | None":
    """The tool of a declaration; None where a later program wrote what this one cannot read."""
    # With the SDK, which takes a second: who has no such tool does not wait.
    from bot.tools.company.http import http_tool  # noqa: PLC0415 - as above

    try:
        declared = DeclaredTool.model_validate_json(row.declaration)
    except ValidationError:
        return None
    try:
        secret, lost = vault.decrypt(row.secret) if row.secret else None, False
    except SecretLost:
        secret, lost = None, True
    return http_tool(row.name, declared, outside, secret=secret, lost=lost)


@dataclass(frozen=True, slots=True)
class _With:
    """A `bot.ports.Toolbox`: a company's own beside those of this process."""

    base: Toolbox
    own: Mapping[str, Tool]
    declares: ClassVar[bool] = True

    def load(self) -> Mapping[str, Tool]:
        return dict(sorted({**self.own, **self.base.load()}.items()))

    async def at(self, tenant: int) -> Toolbox:
        return self

    def of(self, profile: Profile) -> Sequence[Tool]:
        mine = [tool for name, tool in self.own.items() if name in profile.tools]
        return sorted((*self.base.of(profile), *mine), key=lambda tool: tool.definition.name)

    def find(self, name: str) -> Tool | None:
        return self.base.find(name) or self.own.get(name)
