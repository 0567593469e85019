"""The runs that a process survives, or that hit it twice: each makes one kind of trouble.

A verdict says that it proves nothing when the trouble did not come about.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count
from math import inf
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from db.engine import open_database, sqlite_path
from tests.crash.called import calls
from tests.crash.chaos import DIES_WITHIN, Report, rest, talking
from tests.crash.forgetting import Forgetting
from tests.crash.gateways import gateways
from tests.crash.pages import pages
from tests.crash.trouble import CLOCK_PUT_BACK, COMMIT_FAILED, Trouble
from tests.crash.verdict import Verdict, happened, judge_silence
from tests.crash.world import World, open_world

CHATS: Final = 12
ENOUGH: Final = 3  # times that trouble must have come about
BETWEEN_LOSSES: Final = (0.5, 2.0)  # seconds
LATE: Final = (16.0, 22.0)  # seconds: a call of ours ends after 15
BETWEEN_LATE: Final = (3.0, 6.0)
BACK_SECONDS: Final = 240.0
SETTLES_WITHIN: Final = 90.0  # seconds after the last trouble: a mute chat is a fault by then
ALONE: Final = (6.5, 7.5)  # seconds between the words of a client who is the only one
CHAT_FAILS: Final = 240.0  # as many begin anew after 1, 2, 4, 8, 16 s, and then every half minute
CHAT_WAITS: Final = 75.0  # seconds: a doubt after a late answer, and what it holds up
BOT_WAITS: Final = 30.0
ADOPTED_WITHIN: Final = 30.0  # seconds: on PostgreSQL a lease and a grace must end first
FEWEST_PAIRS: Final = 2  # of kills, however slow the machine is
ON_POSTGRESQL: Final = 3  # times as long, since pairs of kills take so long there
CHAT_WAITS_BACK: Final = 180.0  # well below BACK_SECONDS; a kill may leave every chat in doubt
BOT_WAITS_BACK: Final = 60.0
TAKEN_OVER: Final = 30.0  # seconds more, on PostgreSQL, where a lease must end first
FAILING: Final = Trouble(commits=0.03, settled=0.5, happened=0.5)
SPOKEN: Final = 0.1  # the share of messages that are: of one turn no more than ten are heard
LIFE: Final = (4.0, 8.0)  # seconds between two deaths of one of two processes
TERMINATE: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

OPEN: Final = "SELECT count(*) FROM turns WHERE state = 'open'"
ADOPTIONS: Final = "SELECT coalesce(sum(epoch - 1), 0) FROM turns"
HIT_TWICE: Final = "SELECT count(*) FROM turns WHERE epoch > 2"


async def lost(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Telegram delivers, and its answer is lost: again and again within one life."""
    async with open_world(url, folder, {}) as world:
        victim = await world.start()
        async with talking(world, seed=seed, chats=CHATS) as chance:
            await _harm(world, chance, seconds, between=BETWEEN_LOSSES, kind="lose_after")
        await world.heal()
        verdict = await rest(world, victim, within=SETTLES_WITHIN)
        _needs(verdict, verdict.in_doubt.total(), "answers lost")
        await judge_silence(verdict, world, chat=CHAT_WAITS, bot=BOT_WAITS)
        report(f"answers lost: {verdict}")
        return verdict


async def alone(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """As `lost`, where nobody else's messages tell the ids that a search may end at."""
    async with open_world(url, folder, {}) as world:
        world.pauses = ALONE
        victim = await world.start()
        async with talking(world, seed=seed, chats=1) as chance:
            await _harm(world, chance, seconds, between=ALONE, kind="lose_after")
        await world.heal()
        verdict = await rest(world, victim, within=SETTLES_WITHIN)
        _needs(verdict, verdict.in_doubt.total(), "answers lost")
        await judge_silence(verdict, world, chat=CHAT_WAITS, bot=BOT_WAITS)
        report(f"answers lost, one client: {verdict}")
        return verdict


async def late(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Telegram carries a call out when it is given up already."""
    async with open_world(url, folder, {}) as world:
        victim = await world.start()
        async with talking(world, seed=seed, chats=CHATS) as chance:
            await _harm(world, chance, seconds, between=BETWEEN_LATE, kind="delay_before")
        await world.heal()
        await asyncio.sleep(LATE[1])
        verdict = await rest(world, victim, within=SETTLES_WITHIN)
        _needs(verdict, verdict.in_doubt.total(), "answers late")
        await judge_silence(verdict, world, chat=CHAT_WAITS, bot=BOT_WAITS)
        report(f"answers late: {verdict}")
        return verdict


async def commits(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Commits fail, and most after a doubt was settled; PostgreSQL cuts connections as well."""
    async with open_world(url, folder, {}) as world:
        victim = await world.start(trouble=replace(FAILING, seed=seed))
        async with talking(world, seed=seed, chats=CHATS) as chance, _cuts(url, chance):
            await _harm(world, chance, seconds, between=BETWEEN_LOSSES, kind="lose_after")
        await world.heal()
        verdict = await rest(world, victim)  # chats that broke begin anew every half minute
        failed = happened(world, COMMIT_FAILED)
        _needs(verdict, verdict.in_doubt.total(), "answers lost")
        _needs(verdict, failed, "commits failed")
        await judge_silence(verdict, world, chat=CHAT_FAILS, bot=BOT_WAITS)
        report(f"{failed} commits failed: {verdict}")
        return verdict


async def failover(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """As `commits`, and processes die: on PostgreSQL always one of two, the other takes over."""
    deadline = time.monotonic() + seconds * (1 if sqlite_path(url) else ON_POSTGRESQL)
    troubles = (replace(FAILING, seed=number) for number in count(seed * 1000))
    deaths = 0
    async with open_world(url, folder, {}) as world:
        if not sqlite_path(url):
            await world.start(trouble=next(troubles))
        async with talking(world, seed=seed, chats=CHATS) as chance, _losing(world, chance):
            while time.monotonic() < deadline:
                await world.start(trouble=next(troubles))
                await asyncio.sleep(chance.uniform(*LIFE))
                await next(one for one in world.victims if one.lives).kill()
                deaths += 1
        await world.heal()
        for one in world.victims:
            await one.kill()
        verdict = await rest(world, await world.start(trouble=next(troubles)))
        _needs(verdict, verdict.in_doubt.total(), "answers lost")
        _needs(verdict, verdict.turns_adopted, "turns adopted")
        failed = happened(world, COMMIT_FAILED)
        _needs(verdict, failed, "commits failed")
        await judge_silence(verdict, world, chat=CHAT_FAILS, bot=BOT_WAITS_BACK)
        report(f"{deaths} deaths, {failed} commits failed: {verdict}")
        return verdict


async def close(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Kills in pairs: in mid-stream, and before the answer that goes on is delivered."""
    deadline = time.monotonic() + seconds * (1 if sqlite_path(url) else ON_POSTGRESQL)
    pairs = 0
    async with open_world(url, folder, {}, rhythm="slow") as world:
        async with talking(world, seed=seed, chats=CHATS) as chance:
            while pairs < FEWEST_PAIRS or time.monotonic() < deadline:
                await world.forget_cut_answers()
                await _live(world, chance.uniform(2.0, 4.0), adopts=pairs > 0)
                await world.heal()
                await _live(world, chance.uniform(0.2, 2.5), adopts=True)
                pairs += 1
        verdict = await rest(world, await world.start(), within=SETTLES_WITHIN)
        _needs(verdict, await _count(url, HIT_TWICE), "turns hit by two kills")
        report(f"{pairs} pairs of kills: {verdict}")
        return verdict


async def back_at_start(
    url: str, folder: Path, *, seconds: float, seed: int, report: Report
) -> Verdict:
    """A kill between the intent and the call; the clock is put back before the next start."""
    trouble = Trouble(back_seconds=BACK_SECONDS)
    async with open_world(url, folder, {}) as world:
        async with talking(world, seed=seed, chats=CHATS):
            killed = await (await world.start("T4", after=8)).killed(DIES_WITHIN)
            victim = await world.start(trouble=trouble)
            await asyncio.sleep(seconds)
        verdict = await rest(world, victim, within=SETTLES_WITHIN)
        _needs(verdict, int(killed), "kills", enough=1)
        more = 0.0 if sqlite_path(url) else TAKEN_OVER
        return await _judge_back(verdict, world, more, report)


async def back_in_life(
    url: str, folder: Path, *, seconds: float, seed: int, report: Report
) -> Verdict:
    """The clock is put back while the program runs and answers are lost."""
    trouble = Trouble(back_seconds=BACK_SECONDS, back_after=8.0)
    async with open_world(url, folder, {}) as world:
        victim = await world.start(trouble=trouble)
        async with talking(world, seed=seed, chats=CHATS) as chance:
            await _harm(world, chance, seconds, between=BETWEEN_LOSSES, kind="lose_after")
        await world.heal()
        verdict = await rest(world, victim, within=SETTLES_WITHIN)
        return await _judge_back(verdict, world, 0.0, report)


async def forget(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Clients press /forget in the middle of answers."""
    async with open_world(url, folder, {}, rhythm="slow") as world:
        victim = await world.start()
        forgetting = Forgetting(world, tuple(await world.people(CHATS)))
        await forgetting.goes_on(seconds, seed=seed)
        verdict = await rest(world, victim, within=SETTLES_WITHIN)
        verdict.forgetting = await forgetting.judge()
        verdict.turns_not_done = await _count(url, OPEN)  # /forget ends others without an answer
        _needs(verdict, forgetting.in_mid_answer, "presses in mid-answer")
        report(f"{forgetting.pressed} presses, {forgetting.in_mid_answer} in mid-answer: {verdict}")
        return verdict


async def heard(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Clients speak: kills while that is fetched or heard, and right after it was kept."""
    deadline = time.monotonic() + seconds * (1 if sqlite_path(url) else ON_POSTGRESQL)
    kept = deaths = 0
    async with open_world(url, folder, {}) as world:
        world.voices = SPOKEN
        async with talking(world, seed=seed, chats=CHATS) as chance:
            while time.monotonic() < deadline or kept < ENOUGH:
                victim = await world.start("kept", after=chance.randint(1, 5))
                kept += await victim.killed(DIES_WITHIN)
                await victim.kill()
                await _live(world, chance.uniform(0.2, 2.5), adopts=False)
                deaths += 2
        verdict = await rest(world, await world.start())
        _needs(verdict, kept, "kills after something was kept")
        transcribed = await world.transcribed()
        # A kill takes what is under way from each chat, and nothing that was kept.
        verdict.heard_too_often = max(transcribed - world.recordings - deaths * CHATS, 0)
        report(f"{deaths} deaths, {world.recordings} voices heard {transcribed} times: {verdict}")
        return verdict


STORMS: Final = {
    "calls": calls,
    "heard": heard,
    "lost": lost,
    "alone": alone,
    "late": late,
    "commits": commits,
    "failover": failover,
    "close": close,
    "forget": forget,
    "pages": pages,
    "gateways": gateways,
    "back-at-start": back_at_start,
    "back-in-life": back_in_life,
}


@asynccontextmanager
async def _losing(world: World, chance: random.Random) -> AsyncIterator[None]:
    """Answers of Telegram are lost as long as the block lasts."""
    harm = _harm(world, chance, inf, between=BETWEEN_LOSSES, kind="lose_after")
    async with _beside(harm):
        yield


async def _live(world: World, seconds: float, *, adopts: bool) -> None:
    """A life that a kill ends so long after it has taken over what the one before left."""
    before = await _count(world.database_url, ADOPTIONS)
    victim = await world.start()
    deadline = time.monotonic() + ADOPTED_WITHIN
    while adopts and time.monotonic() < deadline:
        if await _count(world.database_url, ADOPTIONS) > before:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(seconds)
    await victim.kill()


async def _judge_back(verdict: Verdict, world: World, more: float, report: Report) -> Verdict:
    _needs(verdict, happened(world, CLOCK_PUT_BACK), "clocks put back", enough=1)
    _needs(verdict, verdict.in_doubt.total(), "doubts", enough=1)
    await judge_silence(verdict, world, chat=CHAT_WAITS_BACK + more, bot=BOT_WAITS_BACK + more)
    report(f"clock put back: {verdict}")
    return verdict


async def _harm(
    world: World,
    chance: random.Random,
    seconds: float,
    *,
    between: tuple[float, float],
    kind: str,
) -> None:
    """Let messages to one person or another fail until the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        await asyncio.sleep(chance.uniform(*between))
        person = chance.choice(list(world.written))
        await world.harm(kind, chat_id=person, seconds=chance.uniform(*LATE))


@asynccontextmanager
async def _cuts(url: str, chance: random.Random) -> AsyncIterator[None]:
    """On PostgreSQL, end the connections of the program now and then."""
    async with AsyncExitStack() as stack:
        if not sqlite_path(url):
            await stack.enter_async_context(_beside(_cut(url, chance)))
        yield


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Something goes on as long as the block lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _cut(url: str, chance: random.Random) -> None:
    database = open_database(url)
    try:
        while True:
            await asyncio.sleep(chance.uniform(2.0, 6.0))
            await database.write(_terminate)
    finally:
        await database.close()


def _terminate(connection: Connection) -> None:
    connection.execute(text(TERMINATE))


async def _count(url: str, query: str) -> int:
    database = open_database(url)
    try:
        return await database.read(lambda c: int(c.execute(text(query)).scalar_one()))
    finally:
        await database.close()


def _needs(verdict: Verdict, count: int, what: str, *, enough: int = ENOUGH) -> None:
    if count < enough:
        verdict.proves_nothing += f"{count} {what}; "
