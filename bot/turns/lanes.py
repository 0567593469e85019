"""The lanes that have something to do."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.errors import LeaseLost
from bot.turns.delivery import Delivery
from bot.turns.lane import Lane
from bot.turns.tasks import Tasks
from db.records import Address, Draft, OutboxRow

STOP_SECONDS = 8.0


@dataclass(slots=True)
class Lanes:
    """A lane lives as long as a turn speaks in it or something is to be sent."""

    delivery: Delivery
    tasks: Tasks
    broken: Callable[[int, Exception], object]  # told which chat to begin anew, and what happened
    _lanes: dict[int, Lane] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)  # bots that this process speaks for no more
    _stopping: bool = False

    def open(self, chat: int, address: Address) -> Lane:
        """The chat's lane."""
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = Lane(chat, address, self.delivery)
        return lane

    def find(self, chat: int) -> Lane | None:
        """The chat's lane, if there is something to do in it."""
        return self._lanes.get(chat)

    def add(
        self, rows: Sequence[OutboxRow], addresses: Mapping[int, Address] = MappingProxyType({})
    ) -> None:
        """Send stored rows; each chat's address is in the row or in `addresses`.

        Those of a bot that left stay in the tables until it is back.
        """
        for row in rows:
            address = row.address or addresses[row.chat]
            if address.bot_id not in self._left:
                lane = self.open(row.chat, address)
                lane.add([row])
                self.wake(lane)

    def say(self, lane: Lane, drafts: Sequence[Draft]) -> None:
        """More of the turn that speaks in this lane."""
        lane.say(drafts)
        self.wake(lane)

    def expect(self, lane: Lane) -> None:
        """More of the turn is to come, though it seemed that all was said."""
        if not lane.stopped:
            lane.expecting = True
            if not (lane.busy or lane.has_words):  # else whoever types is shown behind these
                self.delivery.typing.start(lane.chat, lane.address)

    async def record(self, lane: Lane) -> None:
        """Write down what the turn has said; raises as the journal does."""
        await lane.record()
        self.wake(lane)  # it may have ended while the rows were on their way

    def release(self, lane: Lane) -> None:
        """The turn is over."""
        lane.end()
        self._forget(lane)

    def wake(self, lane: Lane) -> None:
        """See to it that the lane is running."""
        if lane.pump is None and not lane.stopping and not self._stopping:
            lane.pump = self.tasks.start(self._run(lane))

    async def stop(self) -> None:
        """Let what is being sent arrive and be recorded; leave all else to the next start."""
        self._stopping = True
        await self._finish(tuple(self._lanes.values()))

    async def leave(self, bot_id: int, *, patience: float) -> None:
        """The same for one bot, after what its lanes can send within `patience` seconds."""
        its = self._of(bot_id)
        if pumps := [lane.pump for lane in its if lane.pump]:
            await asyncio.wait(pumps, timeout=patience)
        await self._finish(its)

    def join(self, *bots: int) -> None:
        """Send for these from now on."""
        self._left -= set(bots)

    def forget(self, bot_id: int) -> None:
        """Let go of what a bot that left has in its lanes, and of what comes late."""
        self._left.add(bot_id)
        for lane in self._of(bot_id):
            lane.abandon(LeaseLost(f"bot {bot_id} left"))
            del self._lanes[lane.chat]

    async def silence(self, chats: Iterable[int]) -> None:
        """Say nothing more of turns that were ended; what is in flight is finished and recorded."""
        its = [lane for chat in chats if (lane := self.find(chat))]
        await self._finish(its)
        for lane in its:
            lane.silence()
            lane.stopping = False
            self._forget(lane)
            if lane.has_work:
                self.wake(lane)

    def _of(self, bot_id: int) -> tuple[Lane, ...]:
        return tuple(lane for lane in self._lanes.values() if lane.address.bot_id == bot_id)

    async def _finish(self, lanes: Sequence[Lane]) -> None:
        for lane in lanes:
            lane.stopping = True
            if lane.pump and not lane.busy:
                lane.pump.cancel()
        pumps = [lane.pump for lane in lanes if lane.pump]
        if pumps:
            await asyncio.wait(pumps, timeout=STOP_SECONDS)

    async def _run(self, lane: Lane) -> None:
        try:
            await lane.run()
            if lane.has_unrecorded:
                await lane.record()
        except Exception as error:
            self.broken(lane.chat, error)
            raise
        finally:
            lane.pump = None
            self._forget(lane)
        if lane.has_work:  # came in while the last step ended
            self.wake(lane)

    def _forget(self, lane: Lane) -> None:
        over = lane.fence is None and lane.pump is None and not lane.has_work
        if over and self._lanes.get(lane.chat) is lane:
            del self._lanes[lane.chat]
