"""The right to poll a bot: one process has it at a time."""

from dataclasses import dataclass, field

from bot.ports import Clock, Telemetry
from bot.turns.lease import RENEWALS_PER_LEASE, Lease
from db.journal import Journal
from db.operations import HoldBot


@dataclass(slots=True)
class Holding:
    """Asks for the right again and again; it passes on when its holder's lease has ended."""

    bot_id: int
    lease: Lease
    journal: Journal
    clock: Clock
    telemetry: Telemetry
    _held: bool = field(default=False)

    @property
    def held(self) -> bool:
        """Whether this process may poll now."""
        return self._held and self.lease.alive

    async def ask(self) -> None:
        """Become the holder if nobody alive is."""
        hold = HoldBot(self.bot_id, self.lease.owner, grace=0.0)
        held = await self.journal.do(hold)
        if held != self._held:
            self.telemetry.record("polling right", bot=self.bot_id, held=held)
        self._held = held

    async def keep(self) -> None:
        """Ask until cancelled; who is alone has asked once and for all."""
        while not self.lease.alone:
            await self.clock.sleep(self.lease.seconds / RENEWALS_PER_LEASE)
            try:
                await self.ask()
            except Exception as error:
                self._held = False
                self.telemetry.warn("polling right unknown", error=type(error).__name__)
