"""Processes that serve over HTTP, which are killed and come back while people ask.

On PostgreSQL two of them serve; whoever comes again comes to either, as a proxy would have it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from db.engine import Database, open_database, sqlite_path
from tests.addresses import free_port
from tests.crash.callers import Caller
from tests.crash.world import Victim, World

LIFE: Final = 0.2, 2.5  # seconds between two deaths
LIFE_OF_TWO: Final = 0.2, 8.0  # where a lease must end before the other goes on
AT_MOST: Final = 120.0  # seconds more
KEY: Final = "a-key-of-the-crash-tests-0123456789"
SETTINGS: Final = {"SECRET_KEY": KEY, "IN_DOUBT": "probe", "TRUSTED_PROXIES": "127.0.0.1"}


@dataclass(slots=True)
class Doors:
    """Where they listen, and who does."""

    world: World
    chance: random.Random
    ports: Sequence[int]
    served: dict[int, Victim] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, seed: int) -> "Doors":
        """As many as the database lets serve at once."""
        ports = [free_port() for _ in range(1 if sqlite_path(world.database_url) else 2)]
        return cls(world, random.Random(seed), ports)

    @property
    def urls(self) -> Sequence[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    async def open(self) -> None:
        """Start them all."""
        for port in self.ports:
            await self._serve(port)

    async def kill(
        self,
        seconds: float,
        points: Sequence[str] = ("",),
        *,
        enough: Callable[[], bool] = lambda: True,
    ) -> int:
        """One or the other, at one of these points or later, and start it again; how often.

        Where starting takes long, it goes on until it was `enough`, for a while.
        """
        kills, deadline = 0, time.monotonic() + seconds
        life = LIFE if len(self.ports) == 1 else LIFE_OF_TWO
        while time.monotonic() < deadline + (0 if enough() else AT_MOST):
            await asyncio.sleep(self.chance.uniform(*life))
            port = self.chance.choice(self.ports)
            await self.served[port].kill()
            await self._serve(port, self.chance.choice(points))
            kills += 1
        for port in self.ports if any(points) else ():  # one may have met its point, or meet it yet
            await self.served[port].kill()
            await self._serve(port)
        return kills

    async def leave_one(self) -> Victim:
        """The one that is left when the others are killed."""
        last, *others = self.served.values()
        for other in others:
            await other.kill()
        return last

    async def _serve(self, port: int, point: str = "") -> None:
        after, settings = self.chance.randint(1, 3), {"HTTP_PORT": str(port)}
        self.served[port] = await self.world.start(point, after=after, settings=settings)


@asynccontextmanager
async def first_opened(world: World) -> AsyncIterator[Database]:
    """The database, once the first process has made the company."""
    await (await world.start()).kill()
    database = open_database(world.database_url)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def all_talk(callers: Sequence[Caller]) -> AsyncIterator[None]:
    """All write as long as the block lasts."""
    stop = asyncio.Event()
    talks = [asyncio.create_task(one.talks(stop)) for one in callers]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*talks)
