"""What is kept encrypted for long: under which key, the host may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from sqlalchemy import Column, Connection, update

from db.models import bots, company_tools, identity_secrets, mcp_servers
from db.transaction import OneByOne


class Sealed(Enum):
    """What it opens."""

    BOT = auto()  # its token
    TOOL = auto()  # a company's own: its secret
    SERVER = auto()  # an MCP server: its address and token
    IDENTITY = auto()  # a secret with which a company signs who a visitor is


_WHERE: Final[Mapping[Sealed, Column[str]]] = {
    Sealed.BOT: bots.c.token,
    Sealed.TOOL: company_tools.c.secret,
    Sealed.SERVER: mcp_servers.c.sealed,
    Sealed.IDENTITY: identity_secrets.c.sealed,
}


@dataclass(frozen=True, slots=True)
class Reencrypt(OneByOne[None]):
    """The same under another key; nothing is done if it was changed meanwhile."""

    what: Sealed
    row: int
    before: str = field(repr=False)
    after: str = field(repr=False)

    def carry_out(self, connection: Connection) -> None:
        kept = _WHERE[self.what]
        same = (kept.table.c.id == self.row) & (kept == self.before)
        connection.execute(update(kept.table).where(same).values({kept: self.after}))
