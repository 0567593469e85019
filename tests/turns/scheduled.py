"""A scheduler by itself: the tables and the answers are given."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

from bot.turns.events import Events
from bot.turns.lanes import Lanes
from bot.turns.lease import Lease
from bot.turns.runner import Runner
from bot.turns.scheduler import Scheduler
from bot.turns.tasks import Tasks
from db.journal import Journal
from db.operations import Adopt, Claim, Orphans
from db.records import Event, OutboxRow, Turn
from db.window import Window
from tests.addresses import chat_at
from tests.fakes.channel import BOT
from tests.fakes.clock import FakeClock
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.records import TURN
from tests.usual import PORTION

CHAT, OTHER = 1, 2
NOTHING = Orphans((), (), (), {}, frozenset())


def turn(number: int, chat: int = CHAT, **fields: Any) -> Turn:
    fence = replace(TURN.fence, turn=number)
    return replace(TURN, fence=fence, chat=chat, address=chat_at(BOT, chat), **fields)


@dataclass(slots=True)
class Place:
    """A scheduler of one bot. `claims` and `adoptions` come of the next ones; nothing, without."""

    claims: list[Any] = field(default_factory=list)
    adoptions: list[Any] = field(default_factory=list)
    done: list[Any] = field(default_factory=list)
    begun: list[tuple[int, bool]] = field(default_factory=list)  # turns, and whether hopeless
    ended: list[int] = field(default_factory=list)
    log: list[str] = field(default_factory=list)  # beginnings, ends and adoptions, in order
    ends: dict[int, Any] = field(default_factory=dict)  # how a turn ends; else it goes on
    waits: dict[int, asyncio.Event] = field(default_factory=dict)  # for which one waits before
    quiet: list[int] = field(default_factory=list)  # chats where nobody types any more
    stopped: list[int] = field(default_factory=list)
    silenced: list[Collection[int]] = field(default_factory=list)
    resumed: list[int] = field(default_factory=list)  # rows, of events and of the outbox
    at_work: set[int] = field(default_factory=set)  # chats with something in their lane
    clock: FakeClock = field(default_factory=FakeClock)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    lease: Any = field(
        default_factory=lambda: SimpleNamespace(owner="me", seconds=30.0, alone=True)
    )
    stops: Any = field(init=False)
    typing: Any = field(init=False)
    scheduler: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        self.stops = SimpleNamespace(stop=self.stopped.append)
        self.typing = SimpleNamespace(stop=self.quiet.append)
        self.scheduler = Scheduler(
            cast(Journal, self),
            self.clock,
            cast(Lease, self.lease),
            cast(Lanes, self),
            cast(Events, self),
            cast(Runner, self),
            Tasks(self.telemetry),
            self.telemetry,
            PORTION,
            Window(quiet=1.0, cap=5.0),
            {BOT},
        )

    async def do(self, operation: Any) -> Any:
        self.done.append(operation)
        if isinstance(operation, Adopt):
            self.log.append("adopts")
        left = self.claims if isinstance(operation, Claim) else self.adoptions
        found = left.pop(0) if left else None
        if isinstance(found, Exception):
            raise found
        return NOTHING if found is None and isinstance(operation, Adopt) else found

    async def run(self, one: Turn, *, hopeless: bool) -> float | None:
        number = one.fence.turn
        self.begun.append((number, hopeless))
        self.log.append(f"begins {number}")
        try:
            if number in self.waits:
                await self.waits[number].wait()
            if number not in self.ends:
                await asyncio.Event().wait()
            if isinstance(end := self.ends[number], Exception):
                raise end
            return cast(float | None, end)
        finally:
            for _ in range(3):
                await asyncio.sleep(0)
            self.ended.append(number)
            self.log.append(f"ends {number}")

    def find(self, chat: int) -> object:
        return chat if chat in self.at_work else None

    def add(self, rows: Sequence[OutboxRow]) -> None:
        self.resumed += [one.row for one in rows]

    def put(self, one: Event) -> None:
        self.resumed.append(one.row)

    async def silence(self, chats: Collection[int]) -> None:
        self.silenced.append(chats)

    def anew(self) -> list[int]:
        """Chats that were begun anew by now."""
        return [chat for one in self.done if isinstance(one, Adopt) for chat in one.chats]

    async def runs(self, seconds: float = 0.0) -> None:
        await self.clock.runs(seconds)

    async def begins(self, *turns: Turn) -> None:
        """They are claimed, each at once."""
        for one in turns:
            self.claims.append(one)
            self.scheduler.arm(one.chat, self.clock.now())
            await self.runs()
