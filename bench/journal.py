"""Operations per second and CPU per operation of the journal, on a turn's way: T1 to T6.

`python -m bench.journal` prints a table for SQLite and PostgreSQL at 1, 50 and 200 chats. Each
chat does one turn after another: accept, claim, three bubbles in four commits, complete. The CPU
is that of this process; PostgreSQL's own is not in it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from db.engine import Database
from db.journal import Journal
from db.operations import Accept, Claim, Complete, Post
from db.records import (
    TELEGRAM,
    Address,
    Draft,
    Incoming,
    OutboxKind,
    OutboxState,
    Settled,
    Spent,
    Turn,
    TurnState,
    UpdateKind,
)
from db.window import Window
from tests.databases import (
    BOT,
    Backend,
    PostgreSQL,
    SQLite,
    guarded_folder,
    opened,
    seed_tenant,
    start_postgresql,
)
from tests.usual import PORTION

CHATS = (1, 50, 200)
SECONDS = 5.0
OPERATIONS_PER_TURN = 7
OWNER, DAYS = "bench", ("2026-11-20", "2026-11-21")
PAYLOAD = '{"message": {"text": "Buongiorno, a che ora è il check-in?"}}' + " " * 600
BUBBLES = tuple(Draft(OutboxKind.REPLY, n, "Il check-in è dalle 14." * 3) for n in range(3))


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    database: str
    chats: int
    turns: int
    commits: int
    seconds: float
    cpu_seconds: float

    def __str__(self) -> str:
        operations = self.turns * OPERATIONS_PER_TURN
        return (
            f"{self.database:<12}{self.chats:>5}{operations / self.seconds:>10.0f}"
            f"{1000 * self.cpu_seconds / operations:>10.3f}{operations / self.commits:>10.1f}"
            f"{1000 * self.cpu_seconds / self.turns:>10.2f}"
            f"{1000 * self.seconds * self.chats / self.turns:>10.1f}"
        )


HEADER = (
    f"{'':<12}{'chats':>5}{'ops/s':>10}{'CPU ms/op':>10}{'ops/commit':>11}"
    f"{'CPU/turn':>9}{'ms/turn':>10}"
)


@dataclass(slots=True)
class Chat:
    """A client who writes again as soon as the answer is there."""

    client: int
    journal: Journal
    numbers: "count[int]"
    turns: int = 0

    async def talk(self, until: float) -> None:
        """Turn after turn."""
        while time.perf_counter() < until:
            await self._turn()
            self.turns += 1

    async def _turn(self) -> None:
        now, number = time.time(), next(self.numbers)
        address = Address(TELEGRAM, BOT, str(self.client))
        message = Incoming(
            str(number), PAYLOAD, UpdateKind.MESSAGE, address, message_id=str(number)
        )
        window = Window(quiet=0.0, cap=0.0, turns_per_minute=0)
        heard = Accept(BOT, OWNER, now, [message], lambda _, payload: payload, window)
        accepted = await self.journal.do(heard)
        (chat,) = accepted.addresses
        turn = await self.journal.do(Claim(chat, OWNER, now, PORTION))
        assert isinstance(turn, Turn)
        await self._say(turn, now)
        spent = Spent("gpt-6-luna", f"item_{number}", 900, 800, 60, now)
        await self.journal.do(
            Complete(turn.fence, chat, turn.thread, OWNER, TurnState.DONE, now, DAYS, spent)
        )

    async def _say(self, turn: Turn, now: float) -> None:
        post = Post(turn.chat, OWNER, now, turn.fence)
        first = await self.journal.do(replace(post, drafts=BUBBLES, intend_first=True))
        following = [row.row for row in first.rows[1:]]
        for row, intend in zip(first.rows, [*following, None], strict=True):
            sent = Settled(row.row, OutboxState.SENT, message_id=str(next(self.numbers)))
            await self.journal.do(replace(post, settled=(sent,), intend=intend))


async def measure(name: str, database: Database, chats: int) -> Result:
    """So many chats for some seconds."""
    sizes: list[int] = []
    journal = Journal(database, lambda operations, _: sizes.append(len(operations)))
    serving = asyncio.create_task(journal.serve())
    await seed_tenant(journal)
    numbers = count(1)
    talking = [Chat(client, journal, numbers) for client in range(1, chats + 1)]
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(chat.talk(began + SECONDS) for chat in talking))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    serving.cancel()
    await asyncio.wait([serving])
    turns = sum(chat.turns for chat in talking)
    return Result(name, chats, turns, len(sizes), seconds, cpu)


@asynccontextmanager
async def backends(folder: Path) -> AsyncIterator[dict[str, Backend]]:
    """Both databases; the server is stopped at the end."""
    with start_postgresql(folder) as server:
        sqlite = SQLite(folder / "template.db")
        postgresql = PostgreSQL(server, folder)
        await sqlite.prepare()
        await postgresql.prepare()
        yield {"SQLite": sqlite, "PostgreSQL": postgresql}


async def main(folder: Path) -> None:
    """Measure and print."""
    print(HEADER)
    async with backends(folder) as both:
        for name, backend in both.items():
            for chats in CHATS:
                async with backend.database(folder) as url, opened(url) as database:
                    print(await measure(name, database, chats))


if __name__ == "__main__":
    with guarded_folder() as folder:
        asyncio.run(main(folder))
