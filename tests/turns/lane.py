"""A lane by itself, over tables that refuse nothing."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import pytest

from bot.ops.vault import KeyVault
from bot.turns.delivery import Delivery
from bot.turns.doubt import Doubts, InDoubtPolicy
from bot.turns.lane import Lane
from bot.turns.lease import Lease
from bot.turns.tasks import Tasks
from bot.turns.typing import RENEW_SECONDS, Typing
from db.engine import Database
from db.journal import Journal
from db.operations import Post, Posted
from db.records import TELEGRAM, OutboxState
from db.transaction import Operation
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.records import CHAT, row

R = TypeVar("R")
NO_DATABASE = cast(Database, None)  # nobody asks it


@dataclass(slots=True)
class Tables(Journal):
    """Takes all that is posted. `refusals` are raised by the next posts, one each."""

    posts: list[Post] = field(default_factory=list)
    refusals: deque[Exception | None] = field(default_factory=deque)
    stopped: bool = False  # the client wants no more
    meanwhile: Callable[[], None] = lambda: None  # while a post is under way

    async def do(self, operation: Operation[R]) -> R:
        if not isinstance(operation, Post):  # of the chat, which is closed
            return cast(R, None)
        self.posts.append(operation)
        self.meanwhile()
        if self.refusals and (refusal := self.refusals.popleft()):
            raise refusal
        turn = operation.fence.turn if operation.fence else None
        rows = tuple(
            row(100 + draft.position, turn, draft.text, kind=draft.kind)
            for draft in operation.drafts
        )
        sending = operation.intend is not None or (operation.intend_first and bool(rows))
        return cast(R, Posted(rows, sending, stopped=self.stopped))

    def settled(self) -> list[tuple[int, OutboxState]]:
        return [(one.row, one.state) for post in self.posts for one in post.settled]


@dataclass(slots=True)
class Noted(Doubts):
    """Doubts, and what they are told of their rows."""

    tables: Tables | None = None
    freed: list[int] = field(default_factory=list)
    written_by_then: dict[int, list[tuple[int, OutboxState]]] = field(default_factory=dict)

    def let_go(self, row: int) -> None:
        self.freed.append(row)

    def recorded(self, row: int) -> None:
        assert self.tables
        self.written_by_then[row] = self.tables.settled()


@dataclass(slots=True)
class Place:
    """A lane and what is around it."""

    tables: Tables
    clock: FakeClock
    channel: FakeChannel
    doubts: Noted
    lane: Lane

    async def runs(self, seconds: float = 0.0) -> None:
        """Send what may go within that time."""
        pump = asyncio.ensure_future(self.lane.run())
        await self.clock.runs(seconds)
        if not pump.done():
            pump.cancel()
            await asyncio.wait([pump])
        elif error := pump.exception():
            raise error

    async def types(self) -> bool:
        """Whether the client is still shown that someone types."""
        await rounds()
        self.channel.typed.clear()
        self.clock.jump(self.clock.time + RENEW_SECONDS)
        await rounds()
        return bool(self.channel.typed)


@pytest.fixture
def place() -> Place:
    clock, channel, telemetry = FakeClock(), FakeChannel(), FakeTelemetry()
    tables = Tables(NO_DATABASE)
    channel.begins(NO_DATABASE)
    lease = Lease("first", 30.0, alone=True, clock=clock, journal=tables, telemetry=telemetry)
    channels = {TELEGRAM: channel}
    doubts = Noted(InDoubtPolicy.SKIP, channels, clock, lease, telemetry, tables=tables)
    typing = Typing(channels, clock, Tasks(telemetry))
    delivery = Delivery(tables, channels, clock, lease, typing, doubts, telemetry, KeyVault())
    return Place(tables, clock, channel, doubts, Lane(CHAT, chat_at(BOT, CHAT), delivery))
