"""What is done now and then: companies and conversations erased, numbers cleared, ends final."""

import asyncio
from dataclasses import dataclass

from bot.core.waits import ERASURE
from bot.errors import SportelloError, Trouble, Unserved, cause_of
from bot.ports import Clock, Model, Telemetry
from bot.turns.patience import Patience, PatientModel
from db.chores import ClearUpdateNumbers, Erased, Erasure, QueueErasure, due_erasures
from db.ends import CloseEnded
from db.engine import Database
from db.erasing import EraseTenant, are_deleted
from db.journal import Journal
from db.uploads import DropUploads, are_uploads_over

INTERVAL_SECONDS = 30.0
ERASURE_SECONDS = 300.0  # for a conversation: item by item, and others wait meanwhile
TRIES = 5  # of what a server does not know: for a quarter of an hour it may be a fault
LONGEST_SECONDS = 24 * 3600.0  # no erasure is put off for longer but by a clock that was wrong
REST_SECONDS = 0.05  # before each batch of rows: clients' commits come in between


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Durable duties that no client waits for."""

    journal: Journal
    database: Database
    model: Model
    clock: Clock
    telemetry: Telemetry

    async def keep(self) -> None:
        """Do the duties every half minute until cancelled."""
        while True:
            try:
                await self.once()
            except Exception as error:
                self.telemetry.warn("housekeeping failed", error=type(error).__name__)
            await self.clock.sleep(INTERVAL_SECONDS)

    async def once(self) -> None:
        """Do what is due now."""
        now = self.clock.now()
        await asyncio.gather(
            self.journal.do(ClearUpdateNumbers(now)), self.journal.do(CloseEnded(now))
        )
        erasures = await self.database.read(due_erasures, now=now, longest_wait=LONGEST_SECONDS)
        for due in erasures:
            await self._erase(due)
        while await self.database.read(are_uploads_over, now=now):
            await self.journal.do(DropUploads(now))
            await self.clock.sleep(REST_SECONDS)
        while await self.database.read(are_deleted):
            await self.journal.do(EraseTenant(now))
            await self.clock.sleep(REST_SECONDS)

    async def _erase(self, due: Erasure) -> None:
        model = PatientModel(self.model, Patience(self.clock, ERASURE_SECONDS))
        try:
            await (model.erase_response if due.of_response else model.erase)(due.id)
        except SportelloError as error:
            if _is_never_deleted(due, error):
                await self.journal.do(Erased(due.id))
                self.telemetry.warn("response not erased", cause=cause_of(error))
                return
            later = self.clock.now() + (ERASURE.delay(due.attempts) or 0.0)
            self.telemetry.record("erasure delayed", cause=cause_of(error))
            again = QueueErasure(due.id, later, due.attempts + 1, of_response=due.of_response)
            await self.journal.do(again)
        else:
            await self.journal.do(Erased(due.id))
            self.telemetry.record("response erased" if due.of_response else "conversation erased")


def _is_never_deleted(due: Erasure, error: SportelloError) -> bool:
    """Whether it is an answer on a server that has no such call."""
    unknown = isinstance(error, Unserved) and error.trouble is Trouble.NO_API
    return due.of_response and unknown and due.attempts + 1 >= TRIES
