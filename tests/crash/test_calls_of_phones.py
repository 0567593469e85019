"""A phone call, and the process killed around what it does with it: done once, or in doubt."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from bot.playground.phone.ami import EmulatedAMI
from bot.playground.phone.core import Core, Dropped
from bot.playground.serve import serve
from db.api_keys import Scope
from db.calls import CallState
from db.engine import open_database
from db.journal import apply
from db.operations import FAREWELL
from db.tenants import SaveProfile
from tenants import presets
from tests.addresses import free_port
from tests.crash.test_words import rests
from tests.crash.world import Victim, World, open_world
from tests.databases import SEEDED_AT
from tests.patience import PATIENCE_SECONDS
from tests.web.keys import issue_key

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
KEY: Final = "a-key-of-the-crash-tests-0123456789"
LEAVES, WANTS_SOMEBODY = "Grazie, arrivederci", "Mi passi qualcuno"
ACT: Final = "act"  # killed once the phone system was asked, before it has answered
DONE, DOUBT = str(CallState.DONE), str(CallState.DOUBT)
HOTEL: Final = presets.load("hotel-aurora").changed(
    {"tools": ["hang_up", "transfer"], "extensions": ["600 Reception"]}
)
STATES: Final = "SELECT state FROM calls ORDER BY id DESC LIMIT 1"
WORDS: Final = "SELECT count(*) FROM outbox WHERE turn_id = (SELECT max(id) FROM turns)"

pytestmark = [
    pytest.mark.crash,
    pytest.mark.long,
    pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True),
]


@dataclass(slots=True)
class Line:
    """A company's phone line; `victim` dies as soon as the phone system is asked."""

    world: World
    ami: EmulatedAMI
    address: str
    victim: Victim | None = None
    spoken: list[str] = field(default_factory=list)

    def killed_in_the_act(self, act: str, body: dict[str, Any]) -> None:
        if self.victim is not None and self.victim.lives:
            self.victim.process.kill()

    async def call(self, uuid: str, words: str, *, point: str) -> tuple[str, int, list[str]]:
        """Say it, be cut off, and let another process go on: what became of the tool's call.

        Its state, how often its words were said, and what the phone system was asked.
        """
        before = len(self.ami.done)
        victim = await self.world.start("" if point == ACT else point)
        self.victim = victim if point == ACT else None
        core = Core(self.address, uuid, self.spoken.append)
        with pytest.raises((Dropped, OSError)):
            await asyncio.wait_for(core.ask(words), PATIENCE_SECONDS)
        assert await victim.killed(PATIENCE_SECONDS), f"{point} was not reached"
        successor = await self.world.start()
        await rests(self.world)
        await successor.kill()
        done = self.ami.done[before:]
        assert {body["uuid"] for _, body in done} <= {uuid}
        return await self._state(), await self._words(), [act for act, _ in done]

    async def _state(self) -> str:
        return str(await self._scalar(STATES))

    async def _words(self) -> int:
        return int(await self._scalar(f"{WORDS} AND kind = 'notice' AND position >= {FAREWELL}"))

    async def _scalar(self, query: str) -> Any:
        database = open_database(self.world.database_url)
        try:
            return await database.read(lambda c: c.execute(text(query)).scalar_one())
        finally:
            await database.close()


@pytest.fixture
async def line(database_url: str, tmp_path: Path) -> AsyncIterator[Line]:
    ami, port = EmulatedAMI(), free_port()
    settings = {"SECRET_KEY": KEY, "HTTP_PORT": str(port), "AMI_CONTEXT": "inside"}
    async with (
        serve(ami.app()) as url,
        open_world(database_url, tmp_path, settings | {"AMI_URL": url}, echoes=False) as world,
    ):
        await (await world.start()).kill()  # it makes the company
        database = open_database(database_url)
        save = SaveProfile("hotel-aurora", HOTEL.model_dump_json(), "test", SEEDED_AT)
        try:
            await database.write(lambda connection: apply(connection, [save]))
            token = await issue_key(database, KEY, Scope.CHAT)
        finally:
            await database.close()
        made = Line(world, ami, f"http://127.0.0.1:{port}/k/{token}/prompt-stream")
        ami.told = made.killed_in_the_act
        yield made


async def test_a_call_is_passed_on_once_or_a_person_is_told(line: Line) -> None:
    """What had begun when the process died may have been done: it is not done again."""
    became = {
        point: await line.call(f"call-{point}", WANTS_SOMEBODY, point=point)
        for point in ("T7", "T8", ACT, "T9")
    }
    assert became == {
        "T7": (DONE, 1, ["transfer"]),
        "T8": (DOUBT, 0, []),
        ACT: (DOUBT, 1, ["transfer"]),
        "T9": (DONE, 1, ["transfer"]),
    }


async def test_a_goodbye_is_said_once_and_the_call_is_ended(line: Line) -> None:
    """To end it twice is to end it."""
    became = {
        point: await line.call(f"call-{point}", LEAVES, point=point)
        for point in ("T7", "T8", ACT, "T9")
    }
    assert became == {
        "T7": (DONE, 1, ["hangup"]),
        "T8": (DONE, 1, ["hangup"]),
        ACT: (DONE, 1, ["hangup", "hangup"]),
        "T9": (DONE, 1, ["hangup"]),
    }
