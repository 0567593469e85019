"""The right of this process to act: checked before each word that leaves it."""

import asyncio
from dataclasses import dataclass, field

from bot.errors import LeaseLost
from bot.ports import Clock, Telemetry
from db.journal import Journal
from db.operations import Beat, HoldBot, Retire
from db.seconds import DAY_SECONDS

RENEWALS_PER_LEASE = 3
REGAIN_SECONDS = 1.0


@dataclass(slots=True)
class Lease:
    """A heartbeat row in the database, and its deadline on a clock that counts suspension.

    `alone`: an exclusive lock proves that no other process runs on this database; the lease
    then never ends, and the first beat strikes all others off.
    """

    owner: str
    seconds: float
    alone: bool
    clock: Clock
    journal: Journal
    telemetry: Telemetry
    _deadline: float = field(default=0.0)

    @property
    def alive(self) -> bool:
        """Whether another process cannot have taken over yet."""
        return self.alone or self.clock.boottime() < self._deadline

    def check(self) -> None:
        """Raises LeaseLost when another process may own the work now."""
        if not self.alive:
            raise LeaseLost(self.owner)

    async def regain(self) -> bool:
        """Wait while it is lost; True if it was, and another process may own the work by now."""
        lost = not self.alive
        while not self.alive:
            await self.clock.sleep(REGAIN_SECONDS)
        return lost

    async def beat(self) -> None:
        """Renew once. The deadline counts from before the write: never later than the row's."""
        asked_at = self.clock.boottime()
        lasts = 10.0 * 365 * DAY_SECONDS if self.alone else self.seconds
        await self.journal.do(Beat(self.owner, lasts, alone=self.alone))
        self._deadline = asked_at + self.seconds

    def lapse(self) -> None:
        """Act no more until the next beat."""
        self._deadline = 0.0

    async def retire(self) -> None:
        """Give it up: what is left may be adopted at once, or when it has ended by itself."""
        self.lapse()
        try:
            await self.journal.do(Retire(self.owner))
        except Exception as error:
            self.telemetry.warn("lease not given up", error=type(error).__name__)

    async def keep(self) -> None:
        """Renew until cancelled; a database that does not answer is asked again."""
        while not self.alone:
            await self.clock.sleep(self.seconds / RENEWALS_PER_LEASE)
            try:
                await self.beat()
            except Exception as error:
                self.telemetry.warn("lease not renewed", error=type(error).__name__)
        await asyncio.Event().wait()


@dataclass(slots=True)
class Holding:
    """Asks for the right again and again; it passes on when its holder's lease has ended."""

    bot_id: int
    lease: Lease
    journal: Journal
    clock: Clock
    telemetry: Telemetry
    _held: bool | None = None  # None: it is not known

    @property
    def held(self) -> bool:
        """Whether this process may poll now."""
        return self._held is True and self.lease.alive

    @property
    def elsewhere(self) -> bool:
        """Whether another process that lives had it when it was asked for last."""
        return self._held is False

    async def ask(self) -> None:
        """Become the holder if nobody alive is."""
        hold = HoldBot(self.bot_id, self.lease.owner, grace=0.0)
        held = await self.journal.do(hold)
        if held != bool(self._held):
            self.telemetry.record("polling right", bot=self.bot_id, held=held)
        self._held = held

    async def keep(self) -> None:
        """Ask until cancelled; who is alone has asked once and for all."""
        while not self.lease.alone:
            await self.clock.sleep(self.lease.seconds / RENEWALS_PER_LEASE)
            try:
                await self.ask()
            except Exception as error:
                self._held = None
                self.telemetry.warn("polling right unknown", error=type(error).__name__)
