"""The right of one process to act, and to poll a bot: renewed in time, and lost when it is not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn

import pytest
from sqlalchemy import select

from bot.errors import LeaseLost
from bot.turns.lease import Holding, Lease
from db.connection import Unreachable
from db.engine import Database
from db.journal import Journal
from db.models import bots, workers
from db.operations import Beat, HoldBot
from db.rows import db_now
from tests.backends import on_both
from tests.databases import BOT, seed_tenant
from tests.fakes.clock import NOON
from tests.fakes.telemetry import FakeTelemetry
from tests.patience import PATIENCE_SECONDS
from tests.turns.desk import CountingDatabase

pytestmark = on_both

SECONDS = 30.0
YEAR = 365 * 86400


@dataclass(slots=True)
class SteppedClock:
    """bot.ports.Clock, whose sleeper wakes when the test lets time pass."""

    time: float = NOON
    naps: asyncio.Queue[float] = field(default_factory=asyncio.Queue)
    woken: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    def now(self) -> float:
        return self.time

    def boottime(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.naps.put_nowait(seconds)
        await self.woken.get()

    def call_later(self, seconds: float, callback: Callable[[], object]) -> NoReturn:
        raise AssertionError("nothing is to be called later")

    async def passes(self) -> float:
        """Let the sleeper have its sleep out; the result is how long that was."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            seconds = await self.naps.get()
            self.time += seconds
            self.woken.put_nowait(None)
            return seconds

    async def rests(self) -> None:
        """Wait until the sleeper sleeps again, which it goes on with."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.naps.put_nowait(await self.naps.get())


@dataclass(slots=True)
class Right:
    """A lease and what it holds, with a database that can refuse."""

    lease: Lease
    holding: Holding
    database: CountingDatabase
    journal: Journal
    clock: SteppedClock
    telemetry: FakeTelemetry

    async def row_lasts(self) -> float | None:
        """How long the row in the database still lasts, by the database's clock; None: no row."""
        return await self.database.read(
            lambda connection: connection.scalar(
                select(workers.c.expires_at - db_now(connection)).where(workers.c.id == "first")
            )
        )

    async def poller(self) -> str | None:
        return await self.database.read(lambda connection: connection.scalar(select(bots.c.poller)))


@pytest.fixture
async def right(database: Database, backend_is_sqlite: bool) -> AsyncIterator[Right]:
    async with right_of(database, alone=False, sqlite=backend_is_sqlite) as made:
        yield made


@pytest.fixture
async def sole(database: Database, backend_is_sqlite: bool) -> AsyncIterator[Right]:
    """That of a process which knows that it is alone."""
    async with right_of(database, alone=True, sqlite=backend_is_sqlite) as made:
        yield made


@pytest.fixture
def backend_is_sqlite(database_url: str) -> bool:
    return database_url.startswith("sqlite")


@asynccontextmanager
async def right_of(database: Database, *, alone: bool, sqlite: bool) -> AsyncIterator[Right]:
    counting, clock, telemetry = CountingDatabase(database, sqlite), SteppedClock(), FakeTelemetry()
    journal = Journal(counting)
    lease = Lease("first", SECONDS, alone, clock, journal, telemetry)
    holding = Holding(BOT, lease, journal, clock, telemetry)
    async with running(journal.serve()):
        await seed_tenant(journal)
        yield Right(lease, holding, counting, journal, clock, telemetry)


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    yield
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled(), task.exception()


# --------------------------------------------------------------------- the lease


async def test_nobody_acts_before_the_first_beat(right: Right) -> None:
    with pytest.raises(LeaseLost):
        right.lease.check()
    await right.lease.beat()
    right.lease.check()


async def test_the_row_lasts_as_long_as_the_lease(right: Right) -> None:
    await right.lease.beat()
    assert SECONDS - 5 < (await right.row_lasts() or 0.0) <= SECONDS


async def test_who_is_alone_has_it_for_ever(sole: Right) -> None:
    assert sole.lease.alive
    await sole.lease.beat()
    assert (await sole.row_lasts() or 0.0) > 9 * YEAR
    sole.clock.time += YEAR
    sole.lease.check()


async def test_it_is_renewed_three_times_before_it_ends(right: Right) -> None:
    await right.lease.beat()
    async with running(right.lease.keep()):
        assert await right.clock.passes() == SECONDS / 3
        await right.clock.rests()
    right.clock.time = NOON + SECONDS / 3 + SECONDS - 1
    assert right.lease.alive
    right.clock.time += 1
    assert not right.lease.alive


async def test_a_renewal_that_fails_is_told_and_made_again(right: Right) -> None:
    await right.lease.beat()
    async with running(right.lease.keep()):
        right.database.refusals = 1
        await right.clock.passes()
        await right.clock.rests()
        assert right.telemetry.warnings == [("lease not renewed", {"error": "Unreachable"})]
        await right.clock.passes()
        await right.clock.rests()
    right.clock.time = NOON + SECONDS + 1
    assert right.lease.alive


async def test_who_is_alone_renews_nothing(sole: Right) -> None:
    await sole.holding.keep()
    async with running(sole.lease.keep()):
        await asyncio.sleep(0)
        assert sole.clock.naps.empty()


async def test_who_lost_it_waits_until_it_is_there_again(right: Right) -> None:
    regaining = asyncio.create_task(right.lease.regain())
    assert await right.clock.passes() == 1.0
    await right.clock.rests()
    assert not regaining.done()
    await right.lease.beat()
    await right.clock.passes()
    assert await regaining is True


async def test_who_has_it_waits_for_nothing(right: Right) -> None:
    await right.lease.beat()
    assert await right.lease.regain() is False
    assert right.clock.naps.empty()


async def test_who_retires_acts_no_more_and_leaves_no_row(right: Right) -> None:
    await right.lease.beat()
    await right.lease.retire()
    assert not right.lease.alive
    assert await right.row_lasts() is None
    assert right.telemetry.warnings == []


async def test_a_lease_that_cannot_be_given_up_ends_by_itself(right: Right) -> None:
    await right.lease.beat()
    right.database.refusals = 1
    await right.lease.retire()
    assert not right.lease.alive
    assert right.telemetry.warnings == [("lease not given up", {"error": "Unreachable"})]


# ------------------------------------------------------------- the right to poll


async def test_who_asks_first_may_poll(right: Right) -> None:
    await right.lease.beat()
    assert (right.holding.held, right.holding.elsewhere) == (False, False)
    await right.holding.ask()
    assert (right.holding.held, right.holding.elsewhere) == (True, False)
    assert await right.poller() == "first"
    assert right.telemetry.records == [("polling right", {"bot": BOT, "held": True})]


async def test_what_is_known_already_is_not_told_again(right: Right) -> None:
    await right.lease.beat()
    await right.holding.ask()
    await right.holding.ask()
    assert right.telemetry.count("polling right") == 1


async def test_who_lost_its_lease_may_not_poll(right: Right) -> None:
    await right.lease.beat()
    await right.holding.ask()
    right.lease.lapse()
    assert not right.holding.held


async def test_another_process_that_lives_keeps_it(right: Right) -> None:
    await right.journal.do(Beat("second", SECONDS, alone=False))
    await right.journal.do(HoldBot(BOT, "second", grace=0.0))
    await right.lease.beat()
    await right.holding.ask()
    assert (right.holding.held, right.holding.elsewhere) == (False, True)
    assert right.telemetry.records == []
    assert await right.poller() == "second"


async def test_it_passes_on_when_its_holder_has_ended(right: Right) -> None:
    await right.journal.do(Beat("second", SECONDS, alone=False))
    await right.journal.do(HoldBot(BOT, "second", grace=0.0))
    await right.lease.beat()
    await right.holding.ask()
    await right.journal.do(Beat("second", -1.0, alone=False))
    async with running(right.holding.keep()):
        assert await right.clock.passes() == SECONDS / 3
        await right.clock.rests()
        assert right.holding.held


async def test_whoever_cannot_ask_does_not_know(right: Right) -> None:
    await right.lease.beat()
    await right.holding.ask()
    async with running(right.holding.keep()):
        right.database.refusals = 1
        await right.clock.passes()
        await right.clock.rests()
        assert (right.holding.held, right.holding.elsewhere) == (False, False)
        assert right.telemetry.warnings == [("polling right unknown", {"error": "Unreachable"})]
        await right.clock.passes()
        await right.clock.rests()
        assert right.holding.held
    right.database.refusals = 1
    with pytest.raises(Unreachable):
        await right.holding.ask()
