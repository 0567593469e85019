"""A bubble in doubt: the call left, no answer came. Find out, or do as the host decided."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.waits import seconds_until
from bot.ports import CALL_SECONDS, Channel, Clock, Doubt, Outgoing, Search, Telemetry
from bot.turns.backlog import Backlog
from bot.turns.lease import Lease
from db.records import Address, OutboxRow, OutboxState, Settled

BACKLOG_SECONDS = 300.0  # at most, for what waits at the channel: a search without it may miss
SETTLE_SECONDS = 10.0  # after a call's end, the channel may still be working on it
READ_AT_ONCE = 4  # searches: hundreds, after a kill, would keep the database from all else


class InDoubtPolicy(StrEnum):
    """What to do with a bubble in doubt."""

    PROBE = "probe"
    RESEND = "resend"
    SKIP = "skip"


@dataclass(slots=True)
class Doubts:
    """The bubbles in doubt of this process, and how each is settled.

    Ids of messages that nobody has told us of yet would stand between the bounds of a search: so
    each begins once all that waited at the channel when the call was over is accepted.
    """

    policy: InDoubtPolicy
    channels: Mapping[str, Channel]
    clock: Clock
    lease: Lease
    telemetry: Telemetry
    _backlogs: dict[int, Backlog] = field(default_factory=dict)  # of the bots that are polled
    # What each row turned out to be, until the tables hold it. It stands aside for all other rows;
    # the row itself finds it again when recording it failed.
    _found: dict[int, tuple[Address, str]] = field(default_factory=dict)

    _reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))

    # When each may be searched for, by the clock that never jumps.
    _ready_at: dict[int, float] = field(default_factory=dict)

    def left_open(self, row: int) -> None:
        """The call for this row has ended just now, without an answer."""
        self._ready_at[row] = self.clock.boottime() + SETTLE_SECONDS

    def let_go(self, row: int) -> None:
        """This process settles the row no more, or it is settled."""
        self._ready_at.pop(row, None)

    def backlog(self, bot_id: int) -> Backlog:
        """Of a bot that is polled from now on; whoever polls answers its questions."""
        return self._backlogs.setdefault(bot_id, Backlog())

    def leave(self, bot_id: int) -> None:
        """Nobody polls the bot any more."""
        if backlog := self._backlogs.pop(bot_id, None):
            backlog.answer(backlog.questions)

    async def settle(self, row: OutboxRow, message: Outgoing) -> Settled:
        """Decide; raises what the channel raises, and LeaseLost."""
        settled = await self._decide(row, message)
        self.let_go(row.row)
        self.telemetry.record("doubt settled", policy=self.policy, became=settled.state)
        return settled

    def recorded(self, row: int) -> None:
        """The tables hold what became of this row."""
        self._found.pop(row, None)

    async def _decide(self, row: OutboxRow, message: Outgoing) -> Settled:
        search = self.channels[message.address.channel].search
        if search is None:  # it arrives once, however often it is sent
            return Settled(row.row, OutboxState.QUEUED)
        match self.policy:
            case InDoubtPolicy.RESEND:
                return Settled(row.row, OutboxState.QUEUED)
            case InDoubtPolicy.SKIP:
                return Settled(row.row, OutboxState.FAILED, cause="in doubt, skipped")
            case InDoubtPolicy.PROBE:
                return await self._probe(row, message, search)

    async def _probe(self, row: OutboxRow, message: Outgoing, search: Search) -> Settled:
        await self._call_is_over(row)
        await self._backlog_is_accepted(message.address.bot_id)
        channel, tried = self.channels[message.address.channel], set[str]()
        doubt = Doubt(row, message, tried, self._found)
        while True:
            # First, for what is said meanwhile narrows the search.
            await self.clock.sleep(channel.delay(message.address))
            async with self._reading:
                message_id = await search.candidate(doubt)
            if message_id is None:
                return Settled(row.row, OutboxState.QUEUED)
            self.lease.check()  # an edit that succeeds is as good as a bubble
            if await search.is_delivered(message, message_id):
                self._found[row.row] = message.address, message_id
                return Settled(row.row, OutboxState.SENT, message_id=message_id)
            tried.add(message_id)

    async def _backlog_is_accepted(self, bot_id: int) -> None:
        """For so long: what cannot be stored, on a full disk, silences no chat for ever."""
        if not (backlog := self._backlogs.get(bot_id)):
            return
        question = backlog.ask()

        def give_up() -> None:
            self.telemetry.warn("backlog not accepted", bot=bot_id)
            backlog.answer(question)

        timer = self.clock.call_later(BACKLOG_SECONDS, give_up)
        try:
            await backlog.answered(question)
        finally:
            timer.cancel()

    async def _call_is_over(self, row: OutboxRow) -> None:
        """Of a call that another process made only its beginning is known."""
        longest = CALL_SECONDS + SETTLE_SECONDS
        left = seconds_until(
            (row.intent_at or 0.0) + longest, now=self.clock.now(), at_most=longest
        )
        ready_at = self._ready_at.setdefault(row.row, self.clock.boottime() + left)
        await self.clock.sleep(ready_at - self.clock.boottime())
