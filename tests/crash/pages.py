"""Visitors of a page, who take up a broken stream behind the last number that they have read."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from aiohttp import ClientError

from db.api_keys import Scope
from db.journal import apply
from db.records import Actor
from db.sites import AddSite
from tests.crash.callers import AGAIN, Caller, reader
from tests.crash.chaos import quieted, rest
from tests.crash.programs import Asker
from tests.crash.serving import KEY, SETTINGS, Doors, all_talk, first_opened
from tests.crash.verdict import Verdict, judge_chat
from tests.crash.world import World, open_world
from tests.databases import SEEDED_AT
from tests.web.keys import issue_key
from tests.web.reader import ORIGIN, Event

VISITORS: Final = 20
ASKERS: Final = 5
CAUGHT_UP: Final = 60.0  # seconds at most
SITE: Final = "site_crash"


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
    settings = {**SETTINGS, "HTTP_FREE_SESSIONS": "10000"}  # so many at once do no work first
    async with open_world(database_url, folder, settings) as world:
        doors = Doors.of(world, seed)
        callers = _callers(doors.urls, await _open_company(world), seed)
        await doors.open()
        async with _reading(callers):
            async with all_talk(callers):
                kills = await doors.kill(seconds)
            await quieted(world)
            async with asyncio.timeout(CAUGHT_UP):
                for one in callers:
                    await one.insists(one.has_read_all)
        verdict = await rest(world, await doors.leave_one())
        for one in callers:
            one.judge(verdict)
        messages = sum(len(one.written) for one in callers)
        streams = [one.followed for one in callers if isinstance(one, Page)]
        moves = sum(one != other for seen in streams for one, other in pairwise(seen))
        if len(doors.ports) > 1 and not moves:
            verdict.proves_nothing += "nobody came from one process to the other; "
        told = f"{sum(map(len, streams))} streams, {moves} of them taken up elsewhere"
        report(f"{kills} kills, {messages} messages over HTTP, {told}: {verdict}")
        return verdict


async def _open_company(world: World) -> str:
    """It gets a site, and a key for programs."""
    added = AddSite(1, SITE, (ORIGIN,), Actor(None, "test"), SEEDED_AT)
    async with first_opened(world) as database:
        await database.write(lambda connection: apply(connection, [added]))
        return await issue_key(database, KEY, Scope.CHAT, Scope.READ)


def _callers(urls: Sequence[str], token: str, seed: int) -> Sequence[Page | Asker]:
    chances = [random.Random(f"{seed} {number}") for number in range(VISITORS + ASKERS)]
    visitors = [Page(reader(n), n, urls, chances[n]) for n in range(VISITORS)]
    programs = range(VISITORS, VISITORS + ASKERS)
    return [
        *visitors,
        *(Asker(reader(n, origin=None, token=token), n, urls, chances[n]) for n in programs),
    ]


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
