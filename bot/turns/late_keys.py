"""Keys for messages that are there: an edit each, once nothing is to be sent in their chat."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.turns.delivery import SHORTEST_REST_SECONDS, Delivery
from db.records import Address, OutboxRow, Settled


@dataclass(slots=True)
class LateKeys:
    """Those of one chat. To edit is harmless to repeat, so no row of theirs is ever in doubt."""

    delivery: Delivery
    rows: list[OutboxRow] = field(default_factory=list)
    _rest_until: dict[int, float] = field(default_factory=dict)  # by the clock that never jumps
    _roused: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """Rows that are stored; one already here is left alone."""
        known = {row.row for row in self.rows}
        for row in rows:
            if row.row not in known:
                self.rows.append(row)
                self._rest_until[row.row] = self.delivery.rests_until(row)

    def rouse(self) -> None:
        """Something is to be sent: it does not wait until an edit may go."""
        self._roused.set()

    async def show_next(self, address: Address) -> tuple[OutboxRow, Settled] | None:
        """What became of the first row; None: it was waited for, until it may go or was roused.

        Raises ChatGone once the chat is closed in the tables.
        """
        row = self.rows[0]
        wait = self._rest_until[row.row] - self.delivery.clock.boottime()
        if wait > SHORTEST_REST_SECONDS:
            await self._rest(wait)
            return None
        settled = await self.delivery.show_keys(row, address)
        self.rows.remove(row)
        return row, settled

    async def _rest(self, seconds: float) -> None:
        self._roused.clear()
        timer = self.delivery.clock.call_later(seconds, self._roused.set)
        try:
            await self._roused.wait()
        finally:
            timer.cancel()
