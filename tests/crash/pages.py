"""Visitors of a page, who take up a broken stream behind the last number that they have read."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

from aiohttp import ClientError

from db.engine import open_database
from db.journal import apply
from db.records import Actor
from db.sites import AddSite
from tests.addresses import free_port
from tests.crash.chaos import quieted, rest
from tests.crash.verdict import Verdict, judge_chat
from tests.crash.world import World, open_world
from tests.databases import SEEDED_AT
from tests.web.reader import ORIGIN, Event, Reader

VISITORS: Final = 20
LIVES: Final = 0.2, 2.5  # seconds
PAUSES: Final = 0.4, 1.6  # between two messages
AGAIN: Final = 0.05  # seconds until somebody comes again
CAUGHT_UP: Final = 60.0  # seconds at most
SITE: Final = "site_crash"
KEY: Final = "a-key-of-the-crash-tests-0123456789"


@dataclass(slots=True)
class Page:
    """A visitor's, open all the while."""

    reader: Reader
    number: int
    chat: str = ""
    written: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    streams: int = 0

    @property
    def seq(self) -> int:
        """The last number that was read."""
        return max((one.seq for one in self.events if one.seq is not None), default=0)

    async def talks(self, stop: asyncio.Event, chance: random.Random) -> None:
        """Write now and then, each message under its id until it is accepted."""
        await _insisting(self._opens)
        while not stop.is_set():
            words = f"c{self.number}m{len(self.written)}"
            self.written.append(words)
            await _insisting(partial(self._says, words))
            await asyncio.sleep(chance.uniform(*PAUSES))

    async def reads(self) -> None:
        """Follow the chat for ever."""
        while True:
            try:
                if self.chat:
                    async with self.reader.follows(self.chat, self.seq) as events:
                        self.streams += 1
                        async for event in events:
                            self.events.append(event)
            except (ClientError, OSError, AssertionError):
                pass
            await asyncio.sleep(AGAIN)

    async def catches_up(self) -> None:
        """Read on until the last entry was read."""
        while True:
            told = await self.reader.asks("GET", f"/v1/chats/{self.chat}/messages?limit=1")
            if self.seq >= told.body["seq"]:
                return
            await asyncio.sleep(AGAIN)

    async def _opens(self) -> bool:
        self.chat = await self.reader.opens(SITE, language="en")
        return True

    async def _says(self, words: str) -> bool:
        return (await self.reader.says(self.chat, words, words)).status in (200, 202)


async def _insisting(doing: Callable[[], Awaitable[bool]]) -> None:
    while True:
        try:
            if await doing():
                return
        except (ClientError, OSError, AssertionError):
            pass
        await asyncio.sleep(AGAIN)


@asynccontextmanager
async def visited(url: str, *, seed: int) -> AsyncIterator[list[Page]]:
    """Visitors write as long as the block lasts; they read on until `closed`."""
    stop = asyncio.Event()
    pages = [Page(Reader(url), number) for number in range(VISITORS)]
    talks = [
        asyncio.create_task(page.talks(stop, random.Random(f"{seed} {page.number}")))
        for page in pages
    ]
    try:
        yield pages
    finally:
        stop.set()
        await asyncio.gather(*talks)


async def pages(
    database_url: str, folder: Path, *, seconds: float, seed: int, report: Callable[[str], object]
) -> Verdict:
    """Kills at any moment while visitors of a page write and read."""
    port, chance = free_port(), random.Random(seed)
    settings = {"HTTP_PORT": str(port), "SECRET_KEY": KEY, "IN_DOUBT": "probe"}
    async with open_world(database_url, folder, settings) as world:
        await _add_site(world)
        kills, deadline = 0, time.monotonic() + seconds
        async with visited(f"http://127.0.0.1:{port}", seed=seed) as open_pages:
            reads = [asyncio.create_task(page.reads()) for page in open_pages]
            while time.monotonic() < deadline:
                victim = await world.start()
                await asyncio.sleep(chance.uniform(*LIVES))
                await victim.kill()
                kills += 1
            last = await world.start()
        await quieted(world)
        await _caught_up(open_pages)
        for task in reads:
            task.cancel()
        await asyncio.gather(*reads, return_exceptions=True)
        verdict = await rest(world, last)
        for page in open_pages:
            _judge(verdict, page)
            await page.reader.http.close()
        written, streams = (
            sum(len(page.written) for page in open_pages),
            sum(page.streams for page in open_pages),
        )
        report(f"{kills} kills, {written} messages over HTTP, {streams} streams: {verdict}")
        return verdict


async def _add_site(world: World) -> None:
    """The first process makes the company."""
    first = await world.start()
    await first.kill()
    added = AddSite(1, SITE, (ORIGIN,), Actor(None, "test"), SEEDED_AT)
    database = open_database(world.database_url)
    try:
        await database.write(lambda connection: apply(connection, [added]))
    finally:
        await database.close()


async def _caught_up(open_pages: list[Page]) -> None:
    """All that is there was read by whoever reads."""
    async with asyncio.timeout(CAUGHT_UP):
        for page in open_pages:
            await page.catches_up()


def _judge(verdict: Verdict, page: Page) -> None:
    """By what came through the streams alone."""
    said = [one.data for one in page.events if one.event == "message"]
    heard = [one["text"] for one in said if one["from"] != "client"]
    judge_chat(verdict, page.written, 0, heard)
    seqs = [one.seq for one in page.events if one.seq is not None]
    verdict.out_of_order += sum(later <= earlier for earlier, later in pairwise(seqs))
    verdict.updates_lost += len({*range(1, page.seq + 1)} - {*seqs})
    if [one.event for one in page.events if one.event == "reset"]:
        verdict.evidence.append(f"page {page.number} was told to begin anew")
        verdict.out_of_order += 1
