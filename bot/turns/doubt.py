"""A bubble in doubt: the call left, no answer came. Find out, or do as the host decided."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.probe import candidates
from bot.core.waits import seconds_until
from bot.ports import Channel, Clock, Outgoing, Telemetry
from bot.turns.backlog import Backlog
from bot.turns.lease import Lease
from db.engine import Database
from db.records import OutboxRow, OutboxState, Settled
from db.sequence import clues, sequence

CALL_SECONDS = 15.0  # no call that sends a message lasts longer (bot/telegram/request.py)
SETTLE_SECONDS = 10.0  # after its end, Telegram may still be working on it
# What was written so long after the intent has a higher id than the bubble: twice as long as a call
# may last.
LATER_SECONDS = 30.0


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
    database: Database
    channel: Channel
    clock: Clock
    lease: Lease
    telemetry: Telemetry
    _backlogs: dict[int, Backlog] = field(default_factory=dict)  # of the bots that are polled
    # What each row turned out to be, until the tables hold it: sequence and message id. It stands
    # aside for all other rows; the row itself finds it again when recording it failed.
    _found: dict[int, tuple[tuple[int, int], int]] = field(default_factory=dict)

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
        match self.policy:
            case InDoubtPolicy.RESEND:
                return Settled(row.row, OutboxState.QUEUED)
            case InDoubtPolicy.SKIP:
                return Settled(row.row, OutboxState.FAILED, cause="in doubt, skipped")
            case InDoubtPolicy.PROBE:
                return await self._probe(row, message)

    async def _probe(self, row: OutboxRow, message: Outgoing) -> Settled:
        await self._call_is_over(row)
        if backlog := self._backlogs.get(message.address.bot_id):
            await backlog.accepted()
        key, tried = sequence(message.address), set[int]()
        while message_id := await self._likeliest(row, message, tried):
            tried.add(message_id)
            await self.clock.sleep(self.channel.delay(message.address))
            if message_id in self._of_others(row, key):  # found by another search, meanwhile
                continue
            self.lease.check()  # an edit that succeeds is as good as a bubble
            if await self.channel.is_delivered(message, message_id):
                self._found[row.row] = key, message_id
                return Settled(row.row, OutboxState.SENT, message_id=message_id)
        return Settled(row.row, OutboxState.QUEUED)

    async def _call_is_over(self, row: OutboxRow) -> None:
        """Of a call that another process made only its beginning is known."""
        longest = CALL_SECONDS + SETTLE_SECONDS
        left = seconds_until(
            (row.intent_at or 0.0) + longest, now=self.clock.now(), at_most=longest
        )
        ready_at = self._ready_at.setdefault(row.row, self.clock.boottime() + left)
        await self.clock.sleep(ready_at - self.clock.boottime())

    async def _likeliest(
        self, row: OutboxRow, message: Outgoing, tried: Collection[int]
    ) -> int | None:
        """Where to look next: each time anew, for what is said meanwhile narrows the search."""
        lower = row.lower_id
        if lower is None:
            return None
        address, moment = message.address, (row.intent_at or 0.0) + LATER_SECONDS
        settled = tuple(self._found)
        seen = await self.database.read(
            clues, address, row, above=lower, moment=moment, within=CALL_SECONDS, found=settled
        )
        known = {*seen.known, *self._of_others(row, sequence(address))}
        found = candidates(
            lower=lower,
            upper=seen.upper,
            known=known,
            in_doubt=max(seen.in_doubt, 1),
            before=seen.before,
        )
        return next((one for one in found if one not in tried), None)

    def _of_others(self, row: OutboxRow, key: tuple[int, int]) -> set[int]:
        """The ids in this sequence that other rows turned out to be."""
        found = self._found.items()
        return {one for other, (its, one) in found if its == key and other != row.row}
