"""Kills around calls of tools: nothing is booked twice, and nothing claimed that was not booked."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from db.calls import CallState
from db.engine import open_database, sqlite_path
from tests.crash.booking import READS, booked_for
from tests.crash.chaos import DIES_WITHIN, Report, rest, talking
from tests.crash.verdict import Verdict
from tests.crash.victim import BOOK
from tests.crash.world import World, open_world

CHATS: Final = 12
POINTS: Final = ("T7", "T8", "T9", "T2b")  # T2b: the outputs have left as well
ON_POSTGRESQL: Final = 3  # times as long, since a lease must end after each kill
ENOUGH: Final = 3  # kills between T7 and the answer that follows
ROWS: Final = "SELECT tool, arguments, state FROM calls"


@dataclass(slots=True)
class Called:
    """What became of all calls, by the tables, by the book and by OpenAI."""

    twice: int = 0  # booked
    claimed: int = 0  # as done, and not booked
    denied: int = 0  # as not done, and booked
    told_twice: int = 0  # outputs
    unanswered: int = 0  # calls in a conversation that goes on
    doubts: int = 0
    calls: int = 0


async def calls(url: str, folder: Path, *, seconds: float, seed: int, report: Report) -> Verdict:
    """Kills right after T7, T8, T9, and before and after the outputs leave."""
    book = folder / "book.txt"
    deadline = time.monotonic() + seconds * (1 if sqlite_path(url) else ON_POSTGRESQL)
    hits: Counter[str] = Counter()
    async with open_world(url, folder, {BOOK: str(book)}) as world:
        async with talking(world, seed=seed, chats=CHATS) as chance:
            while time.monotonic() < deadline or min(hits[point] for point in POINTS) < 1:
                point = POINTS[hits.total() % len(POINTS)]
                victim = await world.start(point, after=chance.randint(1, 8))
                await victim.killed(DIES_WITHIN)
                await victim.kill()
                hits[point] += 1
        verdict = await rest(world, await world.start())
        found = await _judge(world, url, book)
    wrong = {"twice", "claimed", "denied", "told_twice", "unanswered"}
    verdict.work = {name: str(getattr(found, name)) for name in wrong if getattr(found, name)}
    if found.calls < ENOUGH or verdict.turns_adopted < ENOUGH:
        verdict.proves_nothing = f"{found.calls} calls, {verdict.turns_adopted} turns adopted"
    report(f"{hits.total()} kills, {found}: {verdict}")
    return verdict


async def _judge(world: World, url: str, book: Path) -> Called:
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
