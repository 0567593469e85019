"""A desk's things get old, and what is older than its span goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.telegram.ids import NUMBERING
from db.pruning import Batch, prune
from db.records import TELEGRAM, Turn
from db.retention import Retention
from db.seconds import DAY_SECONDS
from db.transaction import Operation
from tests.db.desk import Desk, bubble, sent


@dataclass(slots=True)
class Aging:
    """Lets time pass, and prunes."""

    desk: Desk
    host: Retention = field(default_factory=Retention)
    batches: list[Batch] = field(default_factory=list)
    told: list[Mapping[str, int]] = field(default_factory=list)

    def days_later(self, days: float) -> None:
        self.desk.now += days * DAY_SECONDS

    async def answered(
        self,
        text: str = "Arriviamo in due",
        *,
        message_id: int = 500,
        keys: str | None = None,
        **who: Any,
    ) -> Turn:
        """A turn from its first message to its end; `message_id` is the answer's."""
        desk = self.desk
        turn = await desk.open_turn(text, **who)
        (row,) = (await desk.post(turn, bubble("Vi aspettiamo."), intend_first=True)).rows
        await desk.post(turn, settled=(sent(row, message_id),))
        await desk.journal.do(replace(desk.completing(turn), keys=keys))
        return turn

    async def prune(self) -> Mapping[str, int]:
        """What went, but for kinds of which nothing did."""
        gone = await prune(
            self.desk.database,
            self.host,
            self.desk.now,
            numberings={TELEGRAM: NUMBERING},
            carry_out=self._carry_out,
            tell=lambda gone, _: self.told.append(dict(gone)),
            tell_seconds=0.0,
        )
        return {kind: number for kind, number in gone.items() if number}

    async def _carry_out(self, batch: Batch) -> int:
        self.batches.append(batch)
        operation: Operation[int] = batch.operation
        return await self.desk.journal.do(operation)
