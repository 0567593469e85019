"""Searching for bubbles in doubt."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
from sqlalchemy import Connection, insert

from bot.ports import CALL_SECONDS, Outgoing
from bot.turns.backlog import Backlog
from bot.turns.doubt import (
    BACKLOG_SECONDS,
    READ_AT_ONCE,
    SETTLE_SECONDS,
    Doubts,
    InDoubtPolicy,
)
from bot.turns.lease import Lease
from db.engine import Database
from db.journal import Journal
from db.models import chats, outbox
from db.records import TELEGRAM, OutboxKind, OutboxRow, OutboxState, Settled
from tests.addresses import chat_at
from tests.databases import seed_tenant
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.telemetry import FakeTelemetry
from tests.patience import PATIENCE_SECONDS
from tests.turns.desk import CountingDatabase

T = TypeVar("T")
LAST_KNOWN = 16
CALL_AND_SETTLE = CALL_SECONDS + SETTLE_SECONDS


def doubted(row: int) -> OutboxRow:
    return OutboxRow(
        row=row,
        chat=row,
        turn=row,
        kind=OutboxKind.REPLY,
        position=0,
        text="Uno.",
        entities=None,
        markup=None,
        state=OutboxState.DOUBT,
        intent_at=NOON - 30,  # longer ago than a call and its settling take
        lower_id=LAST_KNOWN,
    )


def searching(database: Database, channel: FakeChannel, clock: FakeClock | None = None) -> Doubts:
    """The doubts of a process that is alone."""
    clock, telemetry = clock or FakeClock(), FakeTelemetry()
    channel.begins(database)
    lease = Lease(
        "first", 30.0, alone=True, clock=clock, journal=Journal(database), telemetry=telemetry
    )
    return Doubts(InDoubtPolicy.PROBE, {TELEGRAM: channel}, clock, lease, telemetry)


async def test_a_bubble_found_for_one_chat_is_not_in_the_way_of_the_next(
    database: Database,
) -> None:
    anna, bruno = Outgoing(chat_at(BOT, 1), "Uno."), Outgoing(chat_at(BOT, 2), "Uno.")
    channel = FakeChannel(existing={str(LAST_KNOWN + 1): anna, str(LAST_KNOWN + 2): bruno})
    doubts = searching(database, channel)
    await doubts.settle(doubted(1), anna)
    # What was found for the first is not written down yet.
    settled = await doubts.settle(doubted(2), bruno)
    assert (settled.state, settled.message_id) == (OutboxState.SENT, str(LAST_KNOWN + 2))


async def test_what_dead_processes_sent_and_nobody_has_adopted_may_stand_before_it(
    database: Database, journal: Journal
) -> None:
    await seed_tenant(journal, bot_id=BOT)
    await database.write(leave_behind)
    anna = Outgoing(chat_at(BOT, 1), "Uno.")
    channel = FakeChannel(existing={str(LAST_KNOWN + 3): anna})
    doubts = searching(database, channel)
    settled = await doubts.settle(doubted(1), anna)
    assert (settled.state, settled.message_id) == (OutboxState.SENT, str(LAST_KNOWN + 3))


@pytest.mark.parametrize("same_moment", [True, False])
async def test_of_many_that_left_together_each_is_found_at_once(
    database: Database, journal: Journal, same_moment: bool
) -> None:
    await seed_tenant(journal, bot_id=BOT)
    moments = [NOON - 60 + (0 if same_moment else place) for place in range(9)]
    await database.write(lambda connection: leave_behind(connection, moments))
    there = {str(LAST_KNOWN + row): Outgoing(chat_at(BOT, row), "Uno.") for row in range(1, 10)}
    channel = FakeChannel(existing=there)
    doubts = searching(database, channel)
    for row in (9, 1, 5):
        message = there[str(LAST_KNOWN + row)]
        await doubts.settle(replace(doubted(row), intent_at=moments[row - 1]), message)
    assert channel.probed == [str(LAST_KNOWN + 9), str(LAST_KNOWN + 1), str(LAST_KNOWN + 5)]


async def test_a_bubble_found_long_ago_does_not_end_the_search_for_a_later_one(
    database: Database,
) -> None:
    anna, later = Outgoing(chat_at(BOT, 1), "Uno."), Outgoing(chat_at(BOT, 1), "Due.")
    channel = FakeChannel(existing={str(LAST_KNOWN + 1): anna, str(LAST_KNOWN + 5): later})
    doubts = searching(database, channel)
    await doubts.settle(doubted(1), anna)
    settled = await doubts.settle(replace(doubted(2), lower_id=LAST_KNOWN + 4), later)
    assert (settled.state, settled.message_id) == (OutboxState.SENT, str(LAST_KNOWN + 5))


async def test_a_row_whose_settling_was_not_recorded_is_found_again(database: Database) -> None:
    anna = Outgoing(chat_at(BOT, 1), "Uno.")
    channel = FakeChannel(existing={str(LAST_KNOWN + 1): anna})
    doubts = searching(database, channel)
    first = await doubts.settle(doubted(1), anna)
    assert await doubts.settle(doubted(1), anna) == first


async def test_what_another_search_finds_meanwhile_is_not_probed_again(database: Database) -> None:
    anna, bruno = Outgoing(chat_at(BOT, 1), "Uno."), Outgoing(chat_at(BOT, 2), "Uno.")
    channel = FakeChannel(existing={str(LAST_KNOWN + 1): anna}, delays={2: 1.0})
    clock = FakeClock()
    doubts = searching(database, channel, clock)
    waiting = asyncio.ensure_future(doubts.settle(doubted(2), bruno))
    await until_it_waits(clock)
    await doubts.settle(doubted(1), anna)
    clock.jump(NOON + 1)
    await until_it_waits(clock)
    clock.jump(NOON + 2)
    await waiting
    assert channel.probed == [str(LAST_KNOWN + 1), str(LAST_KNOWN + 2)]


async def test_what_is_said_meanwhile_narrows_the_search(
    database: Database, journal: Journal
) -> None:
    await seed_tenant(journal, bot_id=BOT)
    await database.write(lambda connection: leave_behind(connection, [NOON - 60] * 9))
    channel, clock = FakeChannel(existing={}, delays={5: 1.0}), FakeClock()
    doubts = searching(database, channel, clock)
    row = replace(doubted(5), intent_at=NOON - 60)
    waiting = asyncio.ensure_future(doubts.settle(row, Outgoing(chat_at(BOT, 5), "Uno.")))
    await until_it_waits(clock)
    clock.jump(NOON + 1)
    await until_it_waits(clock)
    await database.write(say_later)  # all that left before it stands below it
    clock.jump(NOON + 2)
    await until_it_waits(clock)
    clock.jump(NOON + 3)
    assert (await waiting).state is OutboxState.QUEUED
    assert channel.probed == [str(LAST_KNOWN + 5), str(LAST_KNOWN + 1)]


async def until_it_waits(clock: FakeClock) -> None:
    """Until a search waits for the chat's budget, before it looks where to look."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while clock.next_due() is None:  # noqa: ASYNC110 - the clock has no event for it
            await asyncio.sleep(0)


async def until_it_is_asked(backlog: Backlog) -> None:
    """Until a search waits for what is accepted."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not backlog.awaited:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0)


def say_later(connection: Connection) -> None:
    """The bot says something else, and it has the next id."""
    connection.execute(
        insert(outbox).values(
            chat_id=1,
            kind=OutboxKind.REPLY,
            position=1,
            text="Due.",
            state=OutboxState.SENT,
            owner="first",
            queued_at=NOON,
            intent_at=NOON,
            lower_id=LAST_KNOWN + 1,
            message_id=LAST_KNOWN + 2,
        )
    )


async def test_a_backlog_that_cannot_be_accepted_holds_a_bubble_for_a_while(
    database: Database,
) -> None:
    anna, clock = Outgoing(chat_at(BOT, 1), "Uno."), FakeClock()
    channel = FakeChannel(existing={str(LAST_KNOWN + 1): anna})
    doubts = searching(database, channel, clock)
    doubts.backlog(BOT)  # whoever polls cannot store anything
    settling = asyncio.create_task(doubts.settle(doubted(1), anna))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while clock.next_due() != clock.time + BACKLOG_SECONDS:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0)
        clock.jump(clock.time + BACKLOG_SECONDS)
        settled = await settling
    assert settled.state is OutboxState.SENT
    assert doubts.telemetry.count("backlog not accepted") == 1  # type: ignore[attr-defined]  # a fake


async def ready_in(doubts: Doubts, clock: FakeClock) -> float:
    """How long the search for a bubble that has just left waits before it begins."""
    row, began = replace(doubted(1), intent_at=clock.now()), clock.time
    settling = asyncio.create_task(doubts.settle(row, Outgoing(chat_at(BOT, 1), "Uno.")))
    await until_it_waits(clock)
    settling.cancel()
    await asyncio.wait([settling])
    clock.jump(clock.next_due() or clock.time)
    return clock.time - began


async def test_a_call_of_ours_that_has_ended_is_over_sooner_than_one_of_which_nobody_knows(
    database: Database,
) -> None:
    clock = FakeClock()
    doubts = searching(database, FakeChannel(), clock)
    assert await ready_in(doubts, clock) == CALL_AND_SETTLE
    doubts.left_open(1)
    assert await ready_in(doubts, clock) == SETTLE_SECONDS
    doubts.let_go(1)
    assert await ready_in(doubts, clock) == CALL_AND_SETTLE


async def test_a_row_that_was_settled_and_sent_anew_is_a_new_doubt(database: Database) -> None:
    anna, clock = Outgoing(chat_at(BOT, 1), "Uno."), FakeClock()
    doubts = searching(database, FakeChannel(), clock)
    await doubts.settle(doubted(1), anna)
    assert await ready_in(doubts, clock) == CALL_AND_SETTLE


async def test_what_the_tables_hold_is_asked_of_the_tables(database: Database) -> None:
    anna = Outgoing(chat_at(BOT, 1), "Uno.")
    doubts = searching(database, FakeChannel(existing={str(LAST_KNOWN + 1): anna}))
    await doubts.settle(doubted(1), anna)
    doubts.recorded(1)
    settled = await doubts.settle(doubted(2), anna)
    assert settled.message_id == str(LAST_KNOWN + 1)  # no table holds it, in this test


async def test_of_a_channel_that_takes_each_message_once_nothing_is_searched(
    database: Database,
) -> None:
    doubts = searching(database, channel := FakeChannel())
    channel.search = None
    settled = await doubts.settle(doubted(1), Outgoing(chat_at(BOT, 1), "Uno."))
    assert settled == Settled(1, OutboxState.QUEUED)


async def test_of_a_bot_that_nobody_polls_any_more_nothing_is_awaited(database: Database) -> None:
    anna, clock = Outgoing(chat_at(BOT, 1), "Uno."), FakeClock()
    doubts = searching(database, FakeChannel(existing={str(LAST_KNOWN + 1): anna}), clock)
    backlog = doubts.backlog(BOT)
    settling = asyncio.create_task(doubts.settle(doubted(1), anna))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await until_it_is_asked(backlog)
        doubts.leave(BOT)
        assert (await settling).state is OutboxState.SENT


@dataclass(slots=True)
class Crowd(CountingDatabase):
    """A database that knows how many were there at once."""

    most: int = 0

    async def _count(self, work: Awaitable[T]) -> T:
        self.most = max(self.most, self.at_work + 1)
        return await CountingDatabase._count(self, work)  # a class with slots has no super()


async def test_many_searches_leave_the_database_to_others(database: Database) -> None:
    crowd = Crowd(database, sqlite=True)
    doubts = searching(crowd, FakeChannel())
    rows = [doubted(number) for number in range(1, 5 * READ_AT_ONCE)]
    settled = await asyncio.gather(
        *(doubts.settle(row, Outgoing(chat_at(BOT, row.chat), "Uno.")) for row in rows)
    )
    assert {one.state for one in settled} == {OutboxState.QUEUED}
    assert crowd.most == READ_AT_ONCE


async def test_a_backlog_that_was_accepted_is_not_given_up_later(database: Database) -> None:
    anna, clock = Outgoing(chat_at(BOT, 1), "Uno."), FakeClock()
    doubts = searching(database, FakeChannel(existing={str(LAST_KNOWN + 1): anna}), clock)
    backlog = doubts.backlog(BOT)
    settling = asyncio.create_task(doubts.settle(doubted(1), anna))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await until_it_is_asked(backlog)
        backlog.answer(backlog.questions)
        await settling
    clock.jump(clock.time + BACKLOG_SECONDS)
    assert doubts.telemetry.count("backlog not accepted") == 0  # type: ignore[attr-defined]  # a fake


def leave_behind(
    connection: Connection, moments: Sequence[float | None] = (None, None, None)
) -> None:
    """Chats, to each of which a process was sending a bubble when it died; since when."""
    for chat, moment in enumerate(moments, 1):
        connection.execute(insert(chats).values(bot_id=BOT, chat_id=chat))
        connection.execute(
            insert(outbox).values(
                chat_id=chat,
                kind=OutboxKind.REPLY,
                position=0,
                text="Uno.",
                state=OutboxState.SENDING,
                owner="dead",
                queued_at=NOON - 10,
                intent_at=moment,
            )
        )
