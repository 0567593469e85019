"""Kills around calls of tools: nothing is booked twice, and nothing claimed that was not booked."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from db.calls import CallState
from db.engine import open_database, sqlite_path
from tests.crash.booking import READS, TAPPED, booked_for
from tests.crash.chaos import DIES_WITHIN, Report, rest, talking
from tests.crash.echo import CONFIRMED
from tests.crash.verdict import Verdict
from tests.crash.victim import BOOK
from tests.crash.world import World, open_world

CHATS: Final = 12
PAUSES: Final = (4.0, 9.0)  # seconds between two messages: who writes at once declines
LOOKED_AT, BETWEEN_LOOKS = 6, 0.2  # messages of each chat; seconds
POINTS: Final = ("T7", "T8", "T9", "T2b")  # T2b: the outputs have left as well
ON_POSTGRESQL: Final = 3  # times as long, since a lease must end after each kill
CONFIRMS_WITHIN: Final = 60.0  # seconds: in a shorter run nobody may come to tap
ENOUGH: Final = 3  # kills between T7 and the answer that follows
ROWS: Final = "SELECT tool, arguments, state FROM calls"


@dataclass(slots=True)
class Called:
    """What became of all calls, by the tables, by the book and by OpenAI."""

    twice: int = 0  # booked
    unasked: int = 0  # booked, and the client has not confirmed it
    confirmed: int = 0  # and booked
    claimed: int = 0  # as done, and not booked
    denied: int = 0  # as not done, and booked
    told_twice: int = 0  # outputs
    unanswered: int = 0  # calls in a conversation that goes on
    doubts: int = 0
    calls: int = 0


async def calls(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Kills right after T7, T8, T9, and before and after the outputs leave.

    Clients tap what they are asked to confirm. On PostgreSQL another process runs beside the one
    that is killed, and takes over what that one leaves.
    """
    book, tapping = folder / "book.txt", Tapping()
    deadline = time.monotonic() + seconds * (1 if sqlite_path(url) else ON_POSTGRESQL)
    hits: Counter[str] = Counter()
    async with open_world(url, folder, {BOOK: str(book)}) as world:
        world.pauses = PAUSES
        async with talking(world, seed=seed, chats=CHATS) as chance, tapping.goes_on(world):
            while time.monotonic() < deadline or min(hits[point] for point in POINTS) < 1:
                point = POINTS[hits.total() % len(POINTS)]
                beside = [one for one in world.victims if one.lives]
                newer = await world.start(point, after=chance.randint(1, 8))
                if sqlite_path(url):
                    beside = [newer]
                for victim in beside:
                    await victim.killed(DIES_WITHIN)
                    await victim.kill()
                hits[point] += bool(beside)
        for victim in world.victims:
            await victim.kill()
        verdict = await rest(world, await world.start())
        found = await _judge(world, url, book, tapping.tapped)
    wrong = {"twice", "unasked", "claimed", "denied", "told_twice", "unanswered"}
    verdict.work = {name: str(getattr(found, name)) for name in wrong if getattr(found, name)}
    confirms = found.confirmed or seconds < CONFIRMS_WITHIN
    if min(found.calls, verdict.turns_adopted) < ENOUGH or not confirms:
        verdict.proves_nothing = (
            f"{found.calls} calls, {verdict.turns_adopted} turns adopted, "
            f"{found.confirmed} confirmed"
        )
    report(f"{hits.total()} kills, {len(tapping.tapped)} taps, {found}: {verdict}")
    return verdict


@dataclass(slots=True)
class Tapping:
    """The clients tap the first key of each question, as soon as they see it."""

    tapped: set[str] = field(default_factory=set)  # for which words
    _pressed: set[tuple[int, int]] = field(default_factory=set)

    @asynccontextmanager
    async def goes_on(self, world: World) -> AsyncIterator[None]:
        """As long as the block lasts."""
        task = asyncio.create_task(self._tap(world))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _tap(self, world: World) -> None:
        while True:
            for person in tuple(world.written):
                for message in (await world.messages(person))[-LOOKED_AT:]:
                    await self._look(world, person, message)
            await asyncio.sleep(BETWEEN_LOOKS)

    async def _look(self, world: World, person: int, message: Any) -> None:
        keys = (message.get("reply_markup") or {}).get("inline_keyboard")
        mine = person, message["message_id"]
        if not keys or keys[0][0]["text"] != CONFIRMED or mine in self._pressed:
            return
        self._pressed.add(mine)
        self.tapped.add(message["text"].rpartition(": ")[2])
        await world.press(person, message, keys[0][0]["callback_data"])


async def _judge(world: World, url: str, book: Path, tapped: Collection[str]) -> Called:
    database = open_database(url)
    try:
        rows = await database.read(lambda c: c.execute(text(ROWS)).all())
    finally:
        await database.close()
    done, found = booked_for(book), Called(calls=len(rows))
    found.twice = sum(times - 1 for times in done.values())
    states: dict[str, set[str]] = {}
    for row in rows:
        what = row.arguments.split('"')[3]
        states.setdefault(f"{row.tool} {what}", set()).add(row.state)
    for name, became in states.items():
        if name.startswith(READS):
            continue
        found.doubts += CallState.DOUBT in became
        found.claimed += CallState.DONE in became and not done[name]
        found.denied += became == {CallState.FAILED} and done[name] > 0
        if name.startswith(TAPPED) and done[name]:
            found.confirmed += 1
            found.unasked += name.partition(" ")[2] not in tapped
    await _judge_openai(world, found)
    return found


async def _judge_openai(world: World, found: Called) -> None:
    held: dict[str, Any] = (await world.http.get(f"{world.openai}/control/state")).json()
    items = {item["id"]: item for item in held["items"]}
    for conversation in held["conversations"].values():
        mine = [items[one] for one in conversation["items"] if one in items]
        outputs = Counter(
            item["call_id"] for item in mine if item["type"] == "function_call_output"
        )
        called = {item["call_id"] for item in mine if item["type"] == "function_call"}
        found.told_twice += sum(times - 1 for times in outputs.values())
        last = max(
            (at for at, item in enumerate(mine) if item.get("role") == "assistant"), default=0
        )
        before = {item["call_id"] for item in mine[:last] if item["type"] == "function_call"}
        found.unanswered += len((called & before) - {*outputs})
