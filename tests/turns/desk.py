"""The engine with a real database and fakes around it, as the tests of turns talk to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.ops.vault import KeyVault
from bot.ports import Switchboard
from bot.telegram.ids import NUMBERING
from bot.turns.engine import Engine, Outside, Rules, build_engine
from bot.turns.events import Work
from bot.turns.lease import Lease
from bot.turns.speech import Limits
from db.connection import Unreachable
from db.engine import Database
from db.journal import Journal, Observer
from db.records import TELEGRAM, Event, Incoming
from db.sequence import last_ids
from db.tenants import GiveBot, SaveProfile
from db.transaction import Read
from db.transcript import Transcript, find_chats, load_transcript
from tenants.profile import Profile
from tests.fakes.channel import BOT, Client, FakeChannel
from tests.fakes.clock import QUIET_ROUNDS, FakeClock
from tests.fakes.model import FakeModel, reply
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tools import FakeToolbox
from tests.usual import PORTION

P = ParamSpec("P")
T = TypeVar("T")
LIMITS = Limits(bubbles=8, characters=12_000)
RULES = Rules(model="gpt-6-luna", limits=LIMITS, portion=PORTION, waiting_seconds=0)
PROFILE = Profile(company_name="Hotel Aurora", ai_notice="Sono una IA.", pace="off")
LEASE_SECONDS = 150.0  # longer than in life: each sweep takes a test some milliseconds


@dataclass(slots=True)
class CountingDatabase:
    """A database that knows whether it is at work: so a test knows when nothing happens."""

    inner: Database
    sqlite: bool
    at_work: int = 0
    answers_lost: int = 0  # so many of the next commits happen, and nobody is told
    refusals: int = 0  # so many of the next reads and commits do not happen
    rounds: int = 0  # of the loop, before the next commit happens
    done: asyncio.Event = field(default_factory=asyncio.Event)  # what was at work

    async def write(
        self, work: Callable[[Connection], T], *, limit_seconds: float | None = None
    ) -> T:
        self._refuse()
        written = await self._count(self._write(work, limit_seconds))
        if self.answers_lost:
            self.answers_lost -= 1
            raise Unreachable
        return written

    async def _write(self, work: Callable[[Connection], T], limit_seconds: float | None) -> T:
        rounds, self.rounds = self.rounds, 0
        for _ in range(rounds):
            await asyncio.sleep(0)
        return await self.inner.write(work, limit_seconds=limit_seconds)

    async def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.read_within(None, work, *args, **kwargs)

    async def read_within(
        self,
        seconds: float | None,
        work: Read[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        self._refuse()
        return await self._count(self.inner.read_within(seconds, work, *args, **kwargs))

    async def is_there(self) -> bool:
        return await self.inner.is_there()

    async def free_bytes(self) -> int | None:
        return await self.inner.free_bytes()

    async def close(self) -> None:
        await self.inner.close()

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unreachable

    async def _count(self, work: Awaitable[T]) -> T:
        self.at_work += 1
        self.done.clear()
        try:
            return await work
        finally:
            self.at_work -= 1
            if not self.at_work:
                self.done.set()


@dataclass(slots=True)
class Desk:
    """One process of Sportello."""

    engine: Engine
    database: CountingDatabase
    clock: FakeClock
    channel: FakeChannel
    model: FakeModel
    telemetry: FakeTelemetry
    handled: list[Event] = field(default_factory=list)
    works: dict[str, Work] = field(default_factory=dict)  # what events do, by what they say
    dead: bool = False

    async def dies(self) -> None:
        """As by kill -9: nothing is finished, nothing is written any more."""
        self.dead = True
        await self.engine.tasks.cancel()
        await self.engine.loops.cancel()

    async def hears(self, *incoming: Incoming) -> None:
        await self.engine.intake.accept(BOT, incoming)
        for one in incoming:
            if self.channel.search and one.address:
                self.channel.search.ids.saw(one.address, one.message_id)

    async def rests(self) -> None:
        """Until nothing happens any more without the clock moving."""
        quiet = 0
        while quiet < QUIET_ROUNDS:
            if self.database.at_work:
                await self.database.done.wait()
                quiet = 0
            await asyncio.sleep(0)
            quiet += 1

    async def runs(self, seconds: float) -> None:
        """Let time pass, stopping wherever something is due."""
        until = self.clock.boottime() + seconds
        await self.rests()
        while (due := self.clock.next_due()) is not None and due <= until:
            self.clock.jump(due)
            await self.rests()
        self.clock.jump(until)
        await self.rests()

    async def wakes_after(self, seconds: float) -> None:
        """The machine slept for so long: what fell due meanwhile happens now, and once.

        For hours of which only the end matters: `runs` would go through every sweep in them.
        """
        await self.rests()
        self.clock.jump(self.clock.boottime() + seconds)
        await self.runs(60)

    async def answers(self, *incoming: Incoming, seconds: float = 30.0) -> None:
        """Hear, and let the turn come to its end."""
        await self.hears(*incoming)
        await self.runs(seconds)

    async def transcript(self, chat_id: int = 1) -> Transcript:
        found = await self.database.read(lambda connection: find_chats(connection, str(chat_id)))
        chat, address = found[0]
        return await self.database.read(load_transcript, chat=chat, address=address)


@dataclass(slots=True)
class House:
    """What outlives a process: the database, Telegram, OpenAI and time."""

    database: Database
    clock: FakeClock = field(default_factory=FakeClock)
    channel: FakeChannel = field(default_factory=FakeChannel)
    model: FakeModel = field(default_factory=FakeModel)
    profile: Profile = PROFILE
    names: int = 0
    room: bool = True  # on the disk
    toolbox: FakeToolbox = field(default_factory=FakeToolbox)
    vault: KeyVault = field(default_factory=KeyVault)
    switchboard: Switchboard | None = None

    async def hangs(self) -> None:
        """In a model's script: the stream stands still from here on."""
        await self.clock.sleep(10_000)

    @asynccontextmanager
    async def process(
        self, rules: Rules = RULES, *, alone: bool = True, observe: Observer = lambda *_: None
    ) -> AsyncIterator[Desk]:
        """A process from its start to its clean stop."""
        self.names += 1
        desk = self._desk(rules, owner=f"worker-{self.names}", alone=alone, observe=observe)
        await desk.engine.open()
        await self._prepare(desk)
        await self._learn_ids()
        await desk.engine.start([BOT])
        try:
            yield desk
        finally:
            if not desk.dead:
                await self._stop(desk)

    @staticmethod
    async def _stop(desk: Desk) -> None:
        stopping = asyncio.ensure_future(desk.engine.stop())
        while not stopping.done():
            await desk.runs(1.0)
        await stopping

    async def _learn_ids(self) -> None:
        last = await self.database.read(lambda c: last_ids(c, BOT, NUMBERING))
        assert self.channel.search
        self.channel.search.ids.begin(last)

    async def _prepare(self, desk: Desk) -> None:
        journal = desk.engine.outside.journal
        body = self.profile.model_dump_json()
        await journal.do(SaveProfile("hotel", body, "test", self.clock.now()))
        await journal.do(GiveBot(BOT, "hotel"))

    def _desk(self, rules: Rules, *, owner: str, alone: bool, observe: Observer) -> Desk:
        counting, telemetry = CountingDatabase(self.database, self.database.sqlite), FakeTelemetry()
        self.channel.begins(counting)
        journal = Journal(counting, observe)
        outside = Outside(
            counting,
            journal,
            {TELEGRAM: self.channel},
            self.model,
            self.clock,
            telemetry,
            self.vault,
            lambda: self.room,
            self.toolbox,
            self.switchboard,
        )
        lease = Lease(owner, LEASE_SECONDS, alone, self.clock, journal, telemetry)
        handled: list[Event] = []
        works: dict[str, Work] = {}

        async def handle(event: Event) -> None:
            handled.append(event)
            said = json.loads(event.payload)["text"]
            await engine.events.handle(event, works.get(said, lambda _: ()))

        engine = build_engine(outside, rules, lease=lease, handler=handle)
        return Desk(
            engine, counting, self.clock, self.channel, self.model, telemetry, handled, works
        )


def rules(**changes: object) -> Rules:
    return replace(RULES, **changes)  # type: ignore[arg-type]  # a test's shorthand


async def met(desk: Desk, house: House, client: Client) -> None:
    """The client has written before: what follows is about bubbles alone."""
    house.model.will(reply("Salve.", response_id="resp_0"))
    await desk.answers(client.writes("salve"))
    house.channel.sent.clear()
