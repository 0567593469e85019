"""Visitors of a page, who take up a broken stream behind the last number that they have read.

On PostgreSQL two processes serve; who comes again comes to either, as a proxy would have it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from aiohttp import ClientError

from db.api_keys import Scope
from db.engine import open_database, sqlite_path
from db.journal import apply
from db.records import Actor
from db.sites import AddSite
from tests.addresses import free_port
from tests.crash.callers import AGAIN, Caller, reader
from tests.crash.chaos import quieted, rest
from tests.crash.programs import Asker
from tests.crash.verdict import Verdict, judge_chat
from tests.crash.world import Victim, World, open_world
from tests.databases import SEEDED_AT
from tests.web.keys import issue_key
from tests.web.reader import ORIGIN, Event

VISITORS: Final = 20
ASKERS: Final = 5
LIFE: Final = 0.2, 2.5  # seconds between two deaths
LIFE_OF_TWO: Final = 0.2, 8.0  # where a lease must end before the other goes on
CAUGHT_UP: Final = 60.0  # seconds at most
SITE: Final = "site_crash"
KEY: Final = "a-key-of-the-crash-tests-0123456789"


@dataclass(slots=True)
class Page(Caller):
    """A visitor's, open all the while."""

    chat: str = ""
    events: list[Event] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)  # at which door, stream by stream

    @property
    def seq(self) -> int:
        """The last number that was read."""
        return max((one.seq for one in self.events if one.seq is not None), default=0)

    async def reads(self) -> None:
        """Follow the chat for ever."""
        while True:
            self.goes_to_a_door()
            try:
                if self.chat:
                    door = self.reader.url
                    async with self.reader.follows(self.chat, self.seq) as events:
                        self.followed.append(door)
                        async for event in events:
                            self.events.append(event)
            except (ClientError, OSError, AssertionError):
                pass
            await asyncio.sleep(AGAIN)

    async def says(self, words: str) -> bool:
        return (await self.reader.says(self.chat, words, words)).status in (200, 202)

    async def has_read_all(self) -> bool:
        """Whether the last entry was read."""
        told = await self.reader.asks("GET", f"/v1/chats/{self.chat}/messages?limit=1")
        return bool(self.seq >= told.body["seq"])

    async def opens(self) -> bool:
        self.chat = await self.reader.opens(SITE, language="en")
        return True

    def judge(self, verdict: Verdict) -> None:
        """By what came through the streams alone."""
        said = [one.data for one in self.events if one.event == "message"]
        heard = [one["text"] for one in said if one["from"] != "client"]
        judge_chat(verdict, self.written, 0, heard)
        seqs = [one.seq for one in self.events if one.seq is not None]
        verdict.out_of_order += sum(later <= earlier for earlier, later in pairwise(seqs))
        verdict.updates_lost += len({*range(1, self.seq + 1)} - {*seqs})
        if [one.event for one in self.events if one.event == "reset"]:
            verdict.evidence.append(f"page {self.number} was told to begin anew")
            verdict.out_of_order += 1


async def pages(
    database_url: str, folder: Path, *, seconds: float, seed: int, report: Callable[[str], object]
) -> Verdict:
    """Kills at any moment while visitors of a page write and read, and programs ask."""
    doors = [free_port() for _ in range(1 if sqlite_path(database_url) else 2)]
    settings = {"SECRET_KEY": KEY, "IN_DOUBT": "probe", "TRUSTED_PROXIES": "127.0.0.1"}
    settings["HTTP_FREE_SESSIONS"] = "10000"  # so many at once do no work first
    async with open_world(database_url, folder, settings) as world:
        callers = _callers(doors, await _open_company(world), seed)
        served = {door: await _serve(world, door) for door in doors}
        async with _reading(callers):
            async with _talking(callers):
                kills = await _kill(world, served, seconds, random.Random(seed))
            await quieted(world)
            async with asyncio.timeout(CAUGHT_UP):
                for one in callers:
                    await one.insists(one.has_read_all)
        last, *others = served.values()
        for other in others:
            await other.kill()
        verdict = await rest(world, last)
        for one in callers:
            one.judge(verdict)
        messages = sum(len(one.written) for one in callers)
        streams = [one.followed for one in callers if isinstance(one, Page)]
        moves = sum(one != other for doors in streams for one, other in pairwise(doors))
        if others and not moves:
            verdict.proves_nothing += "nobody came from one process to the other; "
        told = f"{sum(map(len, streams))} streams, {moves} of them taken up elsewhere"
        report(f"{kills} kills, {messages} messages over HTTP, {told}: {verdict}")
        return verdict


async def _open_company(world: World) -> str:
    """The first process makes the company; it gets a site, and a key for programs."""
    await (await world.start()).kill()
    added = AddSite(1, SITE, (ORIGIN,), Actor(None, "test"), SEEDED_AT)
    database = open_database(world.database_url)
    try:
        await database.write(lambda connection: apply(connection, [added]))
        return await issue_key(database, KEY, Scope.CHAT, Scope.READ)
    finally:
        await database.close()


def _callers(doors: Sequence[int], token: str, seed: int) -> Sequence[Page | Asker]:
    urls = [f"http://127.0.0.1:{door}" for door in doors]
    chances = [random.Random(f"{seed} {number}") for number in range(VISITORS + ASKERS)]
    visitors = [Page(reader(n), n, urls, chances[n]) for n in range(VISITORS)]
    programs = range(VISITORS, VISITORS + ASKERS)
    return [
        *visitors,
        *(Asker(reader(n, origin=None, token=token), n, urls, chances[n]) for n in programs),
    ]


@asynccontextmanager
async def _talking(callers: Sequence[Caller]) -> AsyncIterator[None]:
    """All write as long as the block lasts."""
    stop = asyncio.Event()
    talks = [asyncio.create_task(one.talks(stop)) for one in callers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*talks)


@asynccontextmanager
async def _reading(callers: Sequence[Caller]) -> AsyncIterator[None]:
    """Pages are followed as long as the block lasts."""
    reads = [asyncio.create_task(one.reads()) for one in callers if isinstance(one, Page)]
    try:
        yield
    finally:
        for task in reads:
            task.cancel()
        await asyncio.gather(*reads, return_exceptions=True)
        for one in callers:
            await one.reader.http.close()


async def _kill(
    world: World, served: dict[int, Victim], seconds: float, chance: random.Random
) -> int:
    """One process or the other, and start it again, until the time is over; how often."""
    kills, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        await asyncio.sleep(chance.uniform(*(LIFE if len(served) == 1 else LIFE_OF_TWO)))
        door = chance.choice([*served])
        await served[door].kill()
        served[door] = await _serve(world, door)
        kills += 1
    return kills


async def _serve(world: World, door: int) -> Victim:
    return await world.start(settings={"HTTP_PORT": str(door)})
