"""The runs: kills at every transaction, kills at any moment, a stopped process, two processes."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from db.engine import sqlite_path
from tests.crash.branches import open_branches
from tests.crash.deeds import judge_work
from tests.crash.verdict import Verdict, is_quiet, judge
from tests.crash.victim import POINTS
from tests.crash.work import POINTS as WORK_POINTS
from tests.crash.work import open_work
from tests.crash.world import Victim, World, open_world

CHATS = 40
FEW = 4  # chats beside the admins' work: what is in doubt after a kill holds up their answers
DIES_WITHIN = 45.0  # on PostgreSQL an answer may wait for a lease and a send to be over
SHORT_LIFE = 2.5
LONG_LIFE = 60.0  # on PostgreSQL: most need half a minute to take over what the last one left
QUIET_WITHIN = 300.0  # every row in doubt may take its chat a minute
BRANCHES = 3  # bots beside the host's
LEASE_SECONDS = 2.0  # as world.py sets it
Report = Callable[[str], object]


@asynccontextmanager
async def talking(world: World, *, seed: int, chats: int = CHATS) -> AsyncIterator[random.Random]:
    """Clients write as long as the block lasts."""
    chance, stop = random.Random(seed), asyncio.Event()
    people = await world.people(chats)
    talks = [
        asyncio.create_task(world.talk(person, stop, random.Random(f"{seed} {person}")))
        for person in people
    ]
    try:
        yield chance
    finally:
        stop.set()
        await asyncio.gather(*talks)


async def finish(world: World) -> Verdict:
    """Let a last process do what is left, stop it cleanly, and judge."""
    return await rest(world, await world.start())


async def rest(world: World, victim: Victim, *, within: float = QUIET_WITHIN) -> Verdict:
    """Let this process do what is left, stop it cleanly, and judge."""
    await quieted(world, within=within)
    victim.signal(signal.SIGTERM)
    await asyncio.wait_for(victim.process.wait(), 15)
    return await judge(world)


async def quieted(world: World, *, within: float = QUIET_WITHIN) -> None:
    """Wait until nothing is left to do, at most so long."""
    deadline = time.monotonic() + within
    quiet = 0
    while quiet < 3 and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        quiet = quiet + 1 if await is_quiet(world) else 0


async def kills(
    database_url: str,
    folder: Path,
    *,
    policy: str,
    points: tuple[str, ...] = POINTS,
    chats: int = CHATS,
    seconds: float,
    seed: int,
    report: Report,
) -> Verdict:
    """Each point once, then random moments, until the time is over.

    Admins work all the while if it is their deeds that are to be hit.
    """
    at_work = set(points) <= set(WORK_POINTS)
    lives = (SHORT_LIFE,) if sqlite_path(database_url) else (SHORT_LIFE, LONG_LIFE)
    deadline = time.monotonic() + seconds
    async with open_world(database_url, folder, {"IN_DOUBT": policy}) as world:
        work = await open_work(world)
        async with talking(world, seed=seed, chats=chats) as chance, work.goes_on(at_work):
            hits = 0
            for point in points:
                if time.monotonic() > deadline:
                    break
                after = 1 if at_work else chance.randint(3, 25)
                victim = await world.start(point, after=after)
                if await victim.killed(DIES_WITHIN):
                    hits += 1
                else:
                    report(f"{point} was not reached")
                    await victim.kill()
            while time.monotonic() < deadline and policy == "probe":
                victim = await world.start()
                await asyncio.sleep(chance.uniform(0.2, chance.choice(lives)))
                await victim.kill()
                hits += 1
        verdict = await finish(world)
        verdict.work = await judge_work(work)
        report(f"{hits} kills, {sum(map(len, world.written.values()))} messages: {verdict}")
        if at_work:
            report(f"{work}")
        return verdict


async def stopped(database_url: str, folder: Path, *, seed: int, report: Report) -> Verdict:
    """A process sleeps between T4 and its call; it wakes after the adoption, and must not send."""
    async with open_world(database_url, folder, {"IN_DOUBT": "probe"}) as world:
        sleeper = await world.start("T4", after=8, number=signal.SIGSTOP)
        async with talking(world, seed=seed):
            await asyncio.sleep(3)
            await world.start()
            await asyncio.sleep(LEASE_SECONDS + 26)  # the lease, the send timeout, the probe
            sleeper.signal(signal.SIGCONT)
            await asyncio.sleep(3)
        for victim in world.victims:
            await victim.kill()
        verdict = await finish(world)
        report(f"stopped and continued: {verdict}")
        return verdict


async def twins(database_url: str, folder: Path, *, seed: int, report: Report) -> Verdict:
    """Two processes run several bots; the one that polls is killed, the other takes them over."""
    async with open_world(database_url, folder, {"IN_DOUBT": "probe"}) as world:
        await open_branches(world, BRANCHES)
        first = await world.start()
        await world.start()
        async with talking(world, seed=seed):
            await asyncio.sleep(5)
            await first.kill()
            before = await world.spoken()
            await asyncio.sleep(LEASE_SECONDS + 30)
            after = await world.spoken()
        for victim in world.victims:
            await victim.kill()
        verdict = await finish(world)
        verdict.bots_silent = sum(after[bot] == before[bot] for bot in world.bots)
        report(f"one of two killed, {len(world.bots)} bots: {verdict}")
        return verdict
