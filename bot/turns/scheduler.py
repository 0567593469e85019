"""When a chat is due, its turn is claimed and run; what dead processes left is taken over."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from bot.core.waits import Retry, seconds_until
from bot.ports import Clock, Telemetry, Timer
from bot.turns.events import Events
from bot.turns.lanes import Lanes
from bot.turns.lease import Lease
from bot.turns.runner import Runner
from bot.turns.tasks import Tasks
from db.engine import is_unusable
from db.journal import Journal
from db.operations import Adopt, Claim, Orphans, Own
from db.portions import Portion
from db.records import Turn
from db.window import Window

OVERLOOKED_SECONDS = 5.0  # past its time by so much, a chat is taken for overlooked
GRACE_SECONDS = 20.0  # after a lease: no message that left under it is on its way for so long
BEGIN_ANEW = Retry(first_seconds=1.0, ceiling_seconds=30.0)
HOPELESS = 5  # times that a turn broke by itself: then it is only closed


@dataclass(slots=True)
class _Alarm:
    """A wait by the clock that never jumps, for the moment that stands in a chat's row."""

    due_at: float
    timer: Timer
    rung: bool = False


@dataclass(slots=True)
class Scheduler:
    """Timers in this process; the truth is in the tables.

    `window`: when a chat is due, and how long that may be after it was last written to.
    """

    journal: Journal
    clock: Clock
    lease: Lease
    lanes: Lanes
    events: Events
    runner: Runner
    tasks: Tasks
    telemetry: Telemetry
    portion: Portion
    window: Window
    _bots: set[int] = field(default_factory=set)  # those that this process speaks for
    _alarms: dict[int, _Alarm] = field(default_factory=dict)
    _anew: dict[int, Timer] = field(default_factory=dict)  # chats that are to be begun anew
    _running: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _speaking: dict[int, Turn] = field(default_factory=dict)  # the running turns, by chat
    _closed: dict[int, set[int]] = field(default_factory=dict)  # tenants; their chats left alone
    _broken: Counter[int] = field(default_factory=Counter)  # times in a row, by chat
    _hopeless: Counter[int] = field(default_factory=Counter)  # of these not the database's fault
    _idle: set[Own] = field(default_factory=set)  # in the tables, and nobody is at it here
    _stopped: bool = False

    def arm(self, chat: int, due_at: float) -> None:
        """Claim the chat's turn at that time; a later call moves it.

        What was waited for is not waited for again, though the clock was put back meanwhile.
        """
        known = self._alarms.get(chat)
        if known and known.due_at == due_at and not known.rung:
            return
        self._disarm(chat)
        wait = seconds_until(due_at, now=self.clock.now(), at_most=self.window.longest_wait)
        if known and known.due_at == due_at:
            wait = 0.0
        if not self._stopped:
            timer = self.clock.call_later(wait, lambda: self.tasks.start(self._claim(chat, due_at)))
            self._alarms[chat] = _Alarm(due_at, timer)

    def stop(self) -> None:
        """No new turns."""
        self._stopped = True
        for chat in tuple(self._alarms):
            self._disarm(chat)
        for timer in self._anew.values():
            timer.cancel()

    async def join(self, *bots: int) -> None:
        """Speak for these from now on: go on with what was left of them, also by this process."""
        self._bots |= set(bots)
        adoption = replace(self._adoption(), bots=bots, returned=bots)
        orphans = await self.journal.do(adoption)
        self._resume(orphans)
        for chat, due_at in orphans.due.items():
            self.arm(chat, due_at)

    def leave(self, bot_id: int, chats: Iterable[int]) -> None:
        """Speak for a bot no more; `chats` are its. No new turns, and none is adopted."""
        self._bots.discard(bot_id)
        for chat in chats:
            self._disarm(chat)

    async def interrupt(self, bot_id: int) -> None:
        """End a bot's turns here; what rows they have stay as they are."""
        its = {chat for chat, turn in self._speaking.items() if turn.address.bot_id == bot_id}
        await self._end(its)

    async def close(self, tenant: int) -> None:
        """End a tenant's turns here, and begin none before `reopen`; their rows stay."""
        chats = {chat for chat, turn in self._speaking.items() if turn.tenant == tenant}
        self._closed.setdefault(tenant, set()).update(chats)
        await self._end(chats)
        await self.lanes.silence(chats)

    def reopen(self, tenant: int) -> None:
        """What is left of its turns goes on: nothing, if it was deleted meanwhile."""
        for chat in self._closed.pop(tenant, ()):
            self._begin_anew_soon(chat)

    async def _end(self, chats: Iterable[int]) -> None:
        running = [self._running[chat] for chat in chats]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def adopt(self) -> None:
        """Take over what processes that are dead left behind, and what was overlooked here.

        A commit may have happened although its answer was lost: then the tables know of something
        to do in a chat, and this process does not.
        """
        orphans = await self.journal.do(self._adoption())
        self._resume(orphans)
        for turn in orphans.stopped:
            self.runner.stops.stop(turn)
        idle = {one for one in orphans.own if not self._is_at_work(one.chat)}
        # The same seen twice: what was committed a moment ago begins yet, and more may follow it.
        for chat in {one.chat for one in idle & self._idle}:
            self.telemetry.warn("chat overlooked", chat=chat)
            self._begin_anew_soon(chat, 0.0)
        self._idle = idle
        past = self.clock.now() - OVERLOOKED_SECONDS
        for chat, due_at in orphans.due.items():
            if due_at < past and not self._is_armed(chat):
                self.arm(chat, due_at)

    async def sweep(self) -> None:
        """Adopt again and again until cancelled."""
        while True:
            await self.clock.sleep(self.lease.seconds / 3)
            try:
                await self.adopt()
            except Exception as error:
                self.telemetry.warn("sweep failed", error=type(error).__name__)

    def broken(self, chat: int, error: Exception) -> None:
        """Something unforeseen happened in a chat: begin it anew from the tables, in a while.

        Without end: what fails may be the database, and that may be well again tomorrow.
        """
        self._interrupt(chat)
        delay = BEGIN_ANEW.delay(self._broken[chat])
        self._broken[chat] += 1
        self._hopeless[chat] += not is_unusable(error)
        self._begin_anew_soon(chat, delay or 0.0)

    def _is_well(self, chat: int) -> None:
        self._broken.pop(chat, None)
        self._hopeless.pop(chat, None)

    def _disarm(self, chat: int) -> None:
        if alarm := self._alarms.pop(chat, None):
            alarm.timer.cancel()

    def _is_armed(self, chat: int) -> bool:
        alarm = self._alarms.get(chat)
        return alarm is not None and not alarm.rung

    async def _claim(self, chat: int, due_at: float) -> None:
        if alarm := self._alarms.get(chat):
            alarm.rung = True
        claim = Claim(
            chat,
            self.lease.owner,
            self.clock.now(),
            self.portion,
            self.window,
            waited_for=due_at,
        )
        try:
            claimed = await self.journal.do(claim)
        except Exception as error:
            self.telemetry.warn("claim failed", error=type(error).__name__)
            self._begin_anew_soon(chat)  # it may have been committed all the same
            return
        match claimed:
            case Turn() as turn:
                self._forget(chat)
                self._is_well(chat)
                self._start(turn)
            case float(due_at):
                self.arm(chat, due_at)
            case _ if chat not in self._running:
                self._forget(chat)
                self.runner.typing.stop(chat)  # what waited for an answer was deleted

    def _forget(self, chat: int) -> None:
        """What was waited for is over, unless it is being waited for anew."""
        if not self._is_armed(chat):
            self._alarms.pop(chat, None)

    def _start(self, turn: Turn) -> None:
        if turn.address.bot_id not in self._bots:
            return  # the bot left meanwhile: the turn goes on when it is back
        if turn.tenant in self._closed:
            self._closed[turn.tenant].add(turn.chat)
            self.runner.typing.stop(turn.chat)
            return
        earlier = self._running.get(turn.chat)
        self._interrupt(turn.chat)
        running = self.tasks.start(self._run(turn, after=earlier))
        running.add_done_callback(partial(self._ended, turn.chat))
        self._running[turn.chat] = running
        self._speaking[turn.chat] = turn

    def _ended(self, chat: int, task: asyncio.Task[None]) -> None:
        """Also of one that was cancelled before it began."""
        if self._running.get(chat) is task:
            del self._running[chat], self._speaking[chat]

    def _is_at_work(self, chat: int) -> bool:
        """Whether something in this process will see to the chat."""
        return chat in self._running or chat in self._anew or self.lanes.find(chat) is not None

    def _interrupt(self, chat: int) -> None:
        """Two that run a chat's turn would speak under one name, and say everything twice."""
        running = self._running.get(chat)
        if running and running is not asyncio.current_task():
            running.cancel()

    async def _run(self, turn: Turn, *, after: asyncio.Task[None] | None) -> None:
        if after and not after.done():
            await asyncio.wait((after,))
        try:
            due = await self.runner.run(turn, hopeless=self._hopeless[turn.chat] >= HOPELESS)
        except Exception as error:
            self.telemetry.warn("turn broken", turn=turn.fence.turn, exc_info=error)
            self.broken(turn.chat, error)
            return
        self._is_well(turn.chat)
        if due is None:
            self._forget(turn.chat)
        else:
            self.arm(turn.chat, due)

    def _adoption(self, *chats: int) -> Adopt:
        return Adopt(
            owner=self.lease.owner,
            now=self.clock.now(),
            grace=0.0 if self.lease.alone else GRACE_SECONDS,
            bots=tuple(sorted(self._bots)),
            chats=chats,
            portion=self.portion,
        )

    def _begin_anew_soon(self, chat: int, seconds: float = 1.0) -> None:
        """Once, however often it is asked for."""
        if timer := self._anew.pop(chat, None):
            timer.cancel()
        if not self._stopped:
            self._anew[chat] = self.clock.call_later(
                seconds, lambda: self.tasks.start(self._begin_anew(chat))
            )

    async def _begin_anew(self, chat: int) -> None:
        self._anew.pop(chat, None)
        if running := self._running.get(chat):
            running.cancel()
            await asyncio.wait((running,))
        try:
            orphans = await self.journal.do(self._adoption(chat))
        except Exception as error:
            self.telemetry.warn("chat not begun anew", error=type(error).__name__)
            self._begin_anew_soon(chat)
            return
        self._resume(orphans)
        if chat in orphans.due:
            self.arm(chat, orphans.due[chat])

    def _resume(self, orphans: Orphans) -> None:
        for event in orphans.events:
            if event.bot_id in self._bots:
                self.events.put(event)
        for turn in orphans.turns:
            self.telemetry.record("turn adopted", turn=turn.fence.turn, epoch=turn.fence.epoch)
        ours = [row for row in orphans.rows if row.address and row.address.bot_id in self._bots]
        self.lanes.add(ours)
        for turn in orphans.turns:
            self._start(turn)
