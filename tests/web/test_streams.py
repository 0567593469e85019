"""Who reads in one process sees what another commits, and nobody asks for each chat by itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.web.streams import LOOK_SECONDS, Listener, Streams
from db.connection import Unreachable
from db.engine import Database
from db.errors import Stale
from db.journal import Journal
from db.log import EntryKind, LogEntry
from db.operations import Post, Posted
from db.records import OutboxState, Settled, Turn
from db.window import Window
from tests.addresses import chat_at
from tests.databases import BOT, seed_tenant
from tests.db.desk import Desk
from tests.db.processes import two_desks
from tests.db.test_log import logged, opened
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.clock import HastyClock

PEOPLE = (1001, 1002, 1003)


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[Sequence[Desk]]:
    async with two_desks(database_url, Window()) as made:
        yield made


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Statements that look for what is new."""
    heard: list[str] = []

    def hear(*said: object) -> None:
        statement = str(said[2])
        heard.extend([statement] if statement.startswith("SELECT chats.id, chats.logged") else [])

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_what_another_process_commits_is_seen_within_a_second(
    desks: Sequence[Desk], asked: list[str]
) -> None:
    here, there = desks
    clock = HastyClock()
    streams = Streams(clock)
    for number, client in enumerate(PEOPLE, 1):
        await there.accept(logged(number, client=client))
    watching = asyncio.create_task(streams.watch(here.database))
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with (
            streams.listening(chat_at(BOT, PEOPLE[0])) as anna,
            streams.listening(chat_at(BOT, PEOPLE[1])) as bruno,
            streams.listening(chat_at(BOT, PEOPLE[2])) as carla,
        ):
            for one in (anna, bruno, carla):
                await one.woken.wait()
                await read_all(one)
            began, looks = clock.boottime(), len(asked)
            await there.accept(logged(9, client=PEOPLE[1]))
            await bruno.woken.wait()
            taken = (clock.boottime() - began) / LOOK_SECONDS
            assert not anna.woken.is_set()
            assert not carla.woken.is_set()
    watching.cancel()
    assert len(asked) - looks <= taken + 3, "one for all of them at each look, and one that writes"
    assert LOOK_SECONDS < 1


@asynccontextmanager
async def answered_elsewhere(
    desks: Sequence[Desk], clock: HastyClock
) -> AsyncIterator[tuple[Streams, Turn]]:
    """Who reads here, and the turn that the other process has open in the first chat."""
    here, there = desks
    streams, turn = Streams(clock), await opened(there, logged(1, client=PEOPLE[0]))
    watching = asyncio.create_task(streams.watch(here.database))
    async with asyncio.timeout(PATIENCE_SECONDS):
        yield streams, turn
    watching.cancel()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_who_waits_for_an_answer_hears_that_another_process_ended_the_turn(
    desks: Sequence[Desk],
) -> None:
    """Nothing is said at its end: no number tells of it."""
    clock = HastyClock()
    async with (
        answered_elsewhere(desks, clock) as (streams, turn),
        streams.listening(chat_at(BOT, PEOPLE[0])) as waiting,
        streams.listening(chat_at(BOT, PEOPLE[0])) as reading,
    ):
        waiting.till_answered = True
        for one in (waiting, reading):
            await one.woken.wait()
            await read_all(one)
        while not waiting.answering:
            await clock.sleep(LOOK_SECONDS)
        await desks[1].complete(turn)
        await waiting.woken.wait()
        assert not reading.news


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_who_reads_sees_that_another_process_types(desks: Sequence[Desk]) -> None:
    """As long as its turn is open; no row and no commit says so."""
    clock = HastyClock()
    async with (
        answered_elsewhere(desks, clock) as (streams, turn),
        streams.listening(chat_at(BOT, PEOPLE[0])) as reading,
    ):
        await reading.woken.wait()
        await read_all(reading)
        await reading.woken.wait()
        assert reading.typing_until
        assert not reading.news
        await desks[1].complete(turn)
        while reading.typing_until > clock.now():
            await clock.sleep(LOOK_SECONDS)


async def read_all(listener: Listener) -> None:
    listener.seq, listener.news = 1, False
    listener.woken.clear()


@dataclass(slots=True)
class Asked:
    """A database in which nobody has written: what it was asked."""

    questions: list[Any]
    again: asyncio.Event

    async def read(self, _: object, *asked: Any) -> Any:
        self.questions.append(asked)
        if len(self.questions) > 1:
            self.again.set()
        return {}


async def test_chats_in_which_nobody_has_written_are_looked_for_together() -> None:
    streams, asked = Streams(HastyClock()), Asked([], asyncio.Event())
    database: Any = asked
    async with AsyncExitStack() as stack:
        people = {chat_at(BOT, one) for one in PEOPLE}
        for one in people:
            await stack.enter_async_context(streams.listening(one))
        watching = asyncio.create_task(streams.watch(database))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asked.again.wait()
        watching.cancel()
    assert asked.questions[:2] == [(people,), (people,)]


async def test_who_leaves_is_woken_no_more() -> None:
    streams, here = Streams(HastyClock()), chat_at(BOT, PEOPLE[0])
    async with streams.listening(here) as anna, streams.listening(here):
        assert len(streams) == 2
    streams.wake(here)
    assert len(streams) == 0
    assert not anna.woken.is_set()


async def test_what_nobody_sees_means_no_look() -> None:
    streams, here = Streams(HastyClock()), chat_at(BOT, PEOPLE[0])
    seen = Post(1, "me", 0.0, settled=(Settled(1, OutboxState.SENT),), logged=True)
    async with streams.listening(here) as anna:
        streams.know(anna, 1)
        anna.news = False
        streams.type(here)
        streams.note([seen, replace(seen, logged=False)], [Posted((), sending=True), Stale()])
        assert not anna.news
        streams.note([seen], [Stale()])
        assert anna.news, "it was sent, though the turn is another's by now"


async def test_what_was_just_committed_is_handed_over() -> None:
    streams, here = Streams(HastyClock()), chat_at(BOT, PEOPLE[0])
    seen = Post(1, "me", 0.0, settled=(Settled(1, OutboxState.SENT),), logged=True)
    second, third, fifth = (LogEntry(seq, EntryKind.SAID, 0.0) for seq in (2, 3, 5))

    def commit(*logged: LogEntry) -> None:
        streams.note([seen], [Posted((), sending=False, logged=logged)])

    async with streams.listening(here) as anna:
        streams.know(anna, 1)
        anna.news, anna.seq = False, 2
        commit(second)
        commit(third)
        assert [*anna.take_handed()] == [third], "the second was read before"
        assert anna.seq == 3
        assert not anna.news, "nothing is looked for"
        commit(fifth)
        assert not anna.take_handed()
        assert anna.news, "the fourth is another process's, and is looked for"


@dataclass(slots=True)
class Away:
    """A database that cannot be reached at first."""

    database: Database
    failures: int = 2

    async def read(self, *asked: Any, **told: Any) -> Any:
        if self.failures:
            self.failures -= 1
            raise Unreachable
        return await self.database.read(*asked, **told)


async def test_a_database_that_is_away_for_a_while_is_looked_at_again(
    journal: Journal, database: Database
) -> None:
    await seed_tenant(journal)
    desk, streams = Desk(journal, database), Streams(HastyClock())
    away: Any = Away(desk.database)
    await desk.accept(logged(1))
    watching = asyncio.create_task(streams.watch(away))
    async with asyncio.timeout(PATIENCE_SECONDS), streams.listening(chat_at(BOT, 1001)) as anna:
        await anna.woken.wait()
    assert away.failures == 0
    watching.cancel()
