"""For whom and when a turn's calls are made, as their tools are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from bot.ports import Clock, PhoneCall, ToolContext
from bot.turns.tool_desk import TurnDesk
from bot.turns.zones import clock_of
from db.engine import Database
from db.facts import facts_of
from db.records import Turn
from db.tenants import tenant_by_id
from tenants.profile import Profile


@dataclass(slots=True)
class Contexts:
    """Makes those of one turn."""

    turn: Turn
    profile: Profile
    database: Database
    clock: Clock
    desk: TurnDesk
    phone: PhoneCall | None
    _tenant: str = ""  # its short name
    _facts: Mapping[str, str] = field(default_factory=dict)

    async def learn(self) -> None:
        """For whom it is: read once."""
        if self._tenant:
            return
        turn = self.turn
        tenant = await self.database.read(tenant_by_id, turn.tenant)
        facts = await self.database.read(facts_of, chat=turn.chat, tenant=turn.tenant)
        self._tenant = tenant.name if tenant else ""
        self._facts = {fact.name: fact.value for fact in facts}

    def make(self, digest: str, seconds: float) -> ToolContext:
        """For a call with this digest, once it is learnt for whom."""
        turn, address = self.turn, self.turn.address
        whose = f"{address.channel} {address.bot_id} {address.chat_id} {turn.received_at}"
        key = f"{whose} {turn.fence.turn} {digest}"
        return ToolContext(
            tenant=self._tenant,
            chat=turn.chat,
            language=turn.language or self.profile.language,
            key=sha256(key.encode()).hexdigest(),
            now=datetime.fromtimestamp(self.clock.now(), clock_of(self.profile.time_zone)),
            seconds=seconds,
            facts=self._facts,
            hours=self.profile.hours,
            desk=self.desk,
            phone=self.phone,
        )
