"""Old words are let go by the process that serves, beside its work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.ports import Clock, Telemetry
from db.engine import Database
from db.journal import Journal
from db.pruning import Batch, prune
from db.retention import Retention
from db.sequence import Numbering

AT_FIRST_SECONDS: Final = 120.0  # a start has better things to do
INTERVAL_SECONDS: Final = 3600.0
REST_SECONDS: Final = 0.1  # before each batch: clients' commits come in between


@dataclass(frozen=True, slots=True)
class Pruning:
    """`retention`: the host's; a company may have a span of its own."""

    journal: Journal
    database: Database
    retention: Retention
    numberings: Mapping[str, Numbering]
    clock: Clock
    telemetry: Telemetry

    async def keep(self) -> None:
        """Let go what is old, every hour, until cancelled."""
        await self.clock.sleep(AT_FIRST_SECONDS)
        while True:
            try:
                await self.once()
            except Exception as error:
                self.telemetry.warn("pruning failed", error=type(error).__name__)
            await self.clock.sleep(INTERVAL_SECONDS)

    async def once(self) -> None:
        """Let go what is old now."""
        gone = await prune(
            self.database,
            self.retention,
            self.clock.now(),
            numberings=self.numberings,
            carry_out=self._carry_out,
            tell=self._tell,
        )
        if any(gone.values()):
            self.telemetry.record("pruned", **gone)

    def _tell(self, gone: Mapping[str, int], seconds: float) -> None:
        self.telemetry.record("pruning", seconds=round(seconds), **gone)

    async def _carry_out(self, batch: Batch) -> int:
        await self.clock.sleep(REST_SECONDS)
        return await self.journal.do(batch.operation)
