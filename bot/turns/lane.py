"""One lane per chat: its messages go out one by one, in order, each written down first."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.core.waits import pause_seconds
from bot.errors import ChatGone
from bot.ports import Channel
from bot.turns.delivery import SHORTEST_REST_SECONDS, Delivery
from bot.turns.keys import Offered
from bot.turns.late_keys import LateKeys
from db.errors import Stale
from db.operations import Post, Posted
from db.records import (
    KEYS_PLACE,
    Address,
    Draft,
    Fence,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Settled,
)
from tenants.profile import Pace

TYPING_AGAIN_SECONDS = 1.0  # behind a bubble that may have been the last
BUSY_SECONDS = 1.0  # until the process that sends here now is done, or dead and adopted


@dataclass(slots=True)
class Lane:
    """The messages of one chat: rows that are stored, and drafts of the turn that are not yet."""

    chat: int
    address: Address
    delivery: Delivery
    fence: Fence | None = None  # of the turn that speaks here now
    pace: Pace = Pace.OFF
    expecting: bool = False  # the turn may have more to say
    stopped: bool = False  # the client wants no more of it: nothing of its reply is said
    stopping: bool = False
    busy: bool = False  # between T4 and T5: not to be interrupted
    pump: asyncio.Task[None] | None = None
    _stored: list[OutboxRow] = field(default_factory=list)
    _fresh: list[Draft] = field(default_factory=list)
    _late: LateKeys = field(init=False)
    _offered: Offered | None = None
    _unrecorded: tuple[Settled, ...] = ()
    _writing: int = 0  # commits under way: what they hold is neither fresh nor stored
    _under_way: set[int] = field(default_factory=set)  # sent, or about to be, and not recorded yet
    _last_bubble_at: float | None = None  # of the turn
    _blocked_until: float = 0.0  # these three by the clock that never jumps
    _rest_until: dict[int, float] = field(default_factory=dict)  # rows that are not to go yet
    _waiters: list[asyncio.Future[None]] = field(default_factory=list)
    _error: Exception | None = None  # why the turn can say nothing more

    def __post_init__(self) -> None:
        self._late = LateKeys(self.delivery)

    # ---------------------------------------------------------------- what others ask for

    def begin(self, fence: Fence, *, pace: Pace) -> None:
        """A turn speaks here from now on."""
        self.fence, self.pace, self.expecting, self.stopped = fence, pace, True, False
        self._last_bubble_at = self._error = self._offered = None

    def end(self) -> None:
        """The turn is over."""
        self.fence, self.expecting = None, False
        self._fresh.clear()

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """Rows that are stored, in any order; one already here is left alone.

        So is one that is under way: the tables, where it may be in doubt, do not know it better.
        """
        known = {row.row for row in self._stored} | self._under_way
        unknown = [row for row in rows if row.row not in known]
        new = [row for row in unknown if row.position != KEYS_PLACE]
        self._late.add([row for row in unknown if row.position == KEYS_PLACE])
        self._stored += new
        self._rest_until |= {row.row: self.delivery.rests_until(row) for row in new}
        self._stored.sort(key=lambda row: row.row)
        if new:
            self._late.rouse()

    def say(self, drafts: Sequence[Draft]) -> None:
        """Drafts of the turn, to be written down with the next commit; raises as `settled`."""
        if self._error:
            raise self._error
        self._fresh += drafts
        self._late.rouse()

    def offer(self, offered: Offered) -> None:
        """Keys for a bubble of the turn: it leaves with them, unless it has left."""
        self._offered = offered
        self._fresh = [offered.put_under(draft) for draft in self._fresh]

    def all_said(self) -> None:
        """No bubble is to come: nobody types but before what waits here."""
        self.expecting = False
        if not self._stored and not self._fresh:
            self.delivery.typing.stop(self.chat)

    def hush(self) -> None:
        """Nothing more of the turn's reply is said: of what waits here the tables refuse it."""
        self.stopped, self.expecting, self.pace, self._offered = True, False, Pace.OFF, None
        self.delivery.typing.stop(self.chat)

    async def settled(self) -> None:
        """Wait until nothing of the turn is left; raises ChatGone, Stale, or what broke it."""
        if self._error:
            raise self._error
        if self._of_turn():
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    @property
    def has_work(self) -> bool:
        """Whether something is to be done."""
        return bool(self.has_words or self._late.rows)

    @property
    def has_words(self) -> bool:
        """Whether something is to be sent or recorded."""
        return bool(self._stored or self._fresh or self._unrecorded)

    @property
    def has_unrecorded(self) -> bool:
        """Whether something was sent that is not written down yet."""
        return bool(self._unrecorded)

    # ---------------------------------------------------------------- the pump

    async def run(self) -> None:
        """Send what there is; ends when nothing is left. Raises what broke the lane."""
        while self.has_work and not self.stopping:
            try:
                if not self.has_words:
                    if shown := await self._late.show_next(self.address):
                        self._note(*shown)
                elif not self._stored and not self._fresh:
                    await self.record()
                elif doubt := next((r for r in self._stored if r.state is OutboxState.DOUBT), None):
                    # Before a row that is older: it may wait for this one.
                    await self._settle_doubt(doubt)
                elif (wait := self._wait()) > SHORTEST_REST_SECONDS:
                    await self._rest(wait)
                else:
                    await self._send_next()
            except Stale as error:
                self._drop_turn(error)
            except ChatGone as error:
                self.abandon(error)
            except Exception as error:
                self.abandon(error)
                raise
            if not self._of_turn():
                self._tell_waiters()

    @property
    def _channel(self) -> Channel:
        return self.delivery.channels[self.address.channel]

    def _wait(self) -> float:
        """Seconds until the next message may go: the chat's budget, a penalty, a typing pause."""
        now, head = self.delivery.clock.boottime(), self._stored[0] if self._stored else None
        rests = self._rest_until[head.row] if head else now
        penalty = max(rests, self._blocked_until) - now
        return max(penalty, self._pause(now), self._channel.delay(self.address))

    def _pause(self, now: float) -> float:
        head = self._stored[0] if self._stored else self._fresh[0]
        if head.kind is not OutboxKind.REPLY or self._last_bubble_at is None:
            return 0.0
        spent = now - self._last_bubble_at
        return pause_seconds(head.text, pace=self.pace, already_spent=spent)

    async def _rest(self, seconds: float) -> None:
        await self.record()
        if self.expecting or (self._stored and self._stored[0].kind is OutboxKind.REPLY):
            self.delivery.typing.start(self.chat, self.address)
        await self.delivery.clock.sleep(seconds)

    async def _send_next(self) -> None:
        self.busy = True
        try:
            if (row := await self._intend()) is None:
                return
            self.delivery.typing.stop(self.chat)
            if self._channel.logged:  # the commit has sent it
                return self._sent(row)
            settled = await self.delivery.send(row, self.address)
            self._note(row, settled)
            if not self._stored and not self._fresh:
                await self.record()
        finally:
            self.busy = False

    async def _intend(self) -> OutboxRow | None:
        """One commit: what was sent before, what was said since, and what goes out now."""
        head = self._stored[0] if self._stored else None
        leaving = self._offered.put_under(head) if self._offered and head else head
        lower_id = search.last_id(self.address) if (search := self._channel.search) else None
        posted = await self._post(intend=leaving, lower_id=lower_id)
        if posted is None:
            return None
        if posted.busy:
            self._blocked_until = self.delivery.clock.boottime() + BUSY_SECONDS
            return None
        if head and leaving:
            self._stored.remove(head)
            now = self.delivery.clock.now()
            going = replace(leaving, intent_at=now, lower_id=lower_id) if posted.sending else None
        else:
            going = posted.rows[0] if posted.sending else None
            self._stored = [row for row in self._stored if row is not going]
        if going and not self._channel.logged:
            self._under_way.add(going.row)
        return going

    async def record(self) -> None:
        """Write down what was sent and said, without sending more."""
        if self._unrecorded or self._fresh:
            await self._post(intend=None, intend_first=False)

    async def _post(
        self, *, intend: OutboxRow | None, intend_first: bool = True, lower_id: int | None = None
    ) -> Posted | None:
        """None when the turn whose words they were is over, and another speaks here by now."""
        drafts, settled = tuple(self._fresh), self._unrecorded
        now = self.delivery.clock.now()
        post = Post(
            chat=self.chat,
            owner=self.delivery.owner,
            now=now,
            fence=self.fence if drafts or (intend and intend.turn) else None,
            settled=settled,
            drafts=drafts,
            intend=intend.row if intend else None,
            keys=intend.markup if intend else None,
            intend_first=intend_first and intend is None,
            lower_id=lower_id,
            logged=self._channel.logged,
        )
        self._fresh, self._unrecorded = [], ()
        self._writing += 1
        try:
            posted = await self.delivery.journal.do(post)
        except Stale:
            if post.fence == self.fence:
                raise
            posted = None
        finally:
            self._writing -= 1
        self._under_way.difference_update(one.row for one in settled)
        if posted:
            self.add(posted.rows)
            if posted.stopped and not self.stopped:
                self.hush()
        else:
            mine = self.fence.turn if self.fence else None
            self._stored = [row for row in self._stored if row.turn in (None, mine)]
        return posted

    def _note(self, row: OutboxRow, settled: Settled) -> None:
        """Keep what became of a row for the next commit; put it back when it is not over."""
        self._unrecorded += (settled,)
        self._under_way.add(row.row)
        if settled.moved_to is not None:
            self.address = replace(self.address, chat_id=settled.moved_to)
        match settled.state:
            case OutboxState.SENT if row.position != KEYS_PLACE:
                self._sent(row)
            case OutboxState.QUEUED | OutboxState.DOUBT:
                again = replace(
                    row,
                    state=settled.state,
                    attempts=row.attempts + 1,
                    not_before=settled.not_before,
                    entities=None if settled.plain else row.entities,
                )
                self._under_way.discard(row.row)
                self.add([again])

    def _sent(self, row: OutboxRow) -> None:
        self._rest_until.pop(row.row, None)
        after = 0.0  # behind a notice there is an answer
        if row.kind is OutboxKind.REPLY:
            self._last_bubble_at = self.delivery.clock.boottime()
            after = TYPING_AGAIN_SECONDS
        if self.expecting:
            self.delivery.typing.start(self.chat, self.address, after=after)

    async def _settle_doubt(self, row: OutboxRow) -> None:
        await self.record()
        now = self.delivery.clock.boottime()
        await self.delivery.clock.sleep(self._rest_until[row.row] - now)
        try:
            settled = await self.delivery.settle_doubt(row, self.address)
        finally:
            self._stored.remove(row)
        self._note(row, settled)
        await self.record()
        self.delivery.doubts.recorded(row.row)

    # ---------------------------------------------------------------- ends

    def _of_turn(self) -> bool:
        turn = self.fence.turn if self.fence else None
        return bool(
            self._fresh
            or self._unrecorded
            or self.busy
            or self._writing
            or any(row.turn == turn for row in self._stored)
        )

    def _tell_waiters(self, error: Exception | None = None) -> None:
        waiting = [one for one in self._waiters if not one.done()]
        self._waiters.clear()
        for waiter in waiting:
            waiter.set_exception(error) if error else waiter.set_result(None)

    def _drop_turn(self, error: Stale) -> None:
        """It is closed, or another's: ours is what events say, and the keys of earlier turns."""
        others = [row for row in self._stored if row.turn is None] + self._late.rows
        self._stored = [row for row in self._stored if row.turn is not None]
        self.abandon(error)
        self.add(others)

    def silence(self) -> None:
        """The turn was ended: nothing more of it is said."""
        self._drop_turn(Stale(f"the turn in chat {self.chat} was ended"))

    def abandon(self, error: Exception) -> None:
        """The chat is gone, or the lane is broken: nothing here is ours to send."""
        self._error = error
        for row in self._stored:
            if row.state is OutboxState.DOUBT:
                self.delivery.doubts.let_go(row.row)
        self._stored.clear()
        self._late.rows.clear()
        self._fresh.clear()
        self._unrecorded = ()
        self._under_way.clear()
        self._tell_waiters(error)
