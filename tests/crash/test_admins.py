"""Admins' work, killed for real in the middle of it: done once, and everybody told once."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from bot.core.texts import say
from bot.core.texts.profile import Versions
from db.drafts import Change
from db.engine import open_database
from db.journal import apply
from db.models import admins
from db.records import Actor
from tests.crash.verdict import is_quiet
from tests.crash.world import BOT, Victim, World, open_world
from tests.patience import PATIENCE_SECONDS

TENANT = 1
POINTS = ("T1", "H", "T4")  # before it is done, after it, and while it is told


@dataclass(slots=True)
class Office:
    """A company, and two who run it."""

    world: World
    ada: int
    bea: int

    async def says(self, person: int, words: str) -> None:
        body = {"bot": BOT, "from": person, "text": words}
        await self._post(f"/client/chats/{person}/messages", body)

    async def presses(self, label: str) -> None:
        """Ada presses the button with this label, once it is there."""
        await self.until(lambda shown: bool(_buttons(shown, label)))
        number, data = _buttons(await self._shown(self.ada), label)[-1]
        body = {"bot": BOT, "from": self.ada, "data": data}
        await self._post(f"/client/chats/{self.ada}/messages/{number}/press", body)

    async def until(self, condition: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Until Ada's chat looks like that."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition(await self._shown(self.ada)):
            assert time.monotonic() < deadline, "Ada waits in vain"
            await asyncio.sleep(0.1)

    async def rests(self) -> None:
        """Until nothing is left to do."""
        deadline, quiet = time.monotonic() + PATIENCE_SECONDS, 0
        while quiet < 3:
            assert time.monotonic() < deadline, "it never comes to rest"
            await asyncio.sleep(0.3)
            quiet = quiet + 1 if await is_quiet(self.world) else 0

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        database = open_database(self.world.database_url)
        try:
            return await database.read(lambda c: [tuple(row) for row in c.execute(text(query))])
        finally:
            await database.close()

    async def writes(self, work: Callable[[Connection], object]) -> None:
        database = open_database(self.world.database_url)
        try:
            await database.write(work)
        finally:
            await database.close()

    async def _shown(self, person: int) -> list[dict[str, Any]]:
        path = f"{self.world.telegram}/client/chats/{person}/messages"
        found: Any = (await self.world.http.get(path, params={"bot": BOT})).json()
        return list(found if isinstance(found, list) else found["messages"])

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        answer = await self.world.http.post(f"{self.world.telegram}{path}", json=body)
        answer.raise_for_status()


def _buttons(shown: Sequence[dict[str, Any]], label: str) -> list[tuple[int, str]]:
    return [
        (message["message_id"], button["callback_data"])
        for message in shown
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if button["text"] == label
    ]


@asynccontextmanager
async def office(database_url: str, folder: Path) -> AsyncIterator[Office]:
    """Both have talked to the bot, and the program does not run."""
    async with open_world(database_url, folder, {}) as world:
        ada, bea = await world.people(2)
        made = Office(world, ada, bea)
        world.settings["ADMIN_IDS"] = str(ada)
        victim = await world.start()
        for person in (ada, bea):
            await made.says(person, "/help")
        await made.until(lambda shown: len(shown) > 1)
        await made.rests()
        await victim.kill()
        await made.writes(lambda connection: _appoint(connection, bea))
        yield made


def _appoint(connection: Connection, person: int) -> None:
    row = {"tenant_id": TENANT, "user_id": person, "role": "admin", "name": "Bea", "added_at": 0.0}
    connection.execute(insert(admins).values(**row))


async def is_killed_while(made: Office, victim: Victim, label: str, point: str) -> Victim:
    """A process dies at a transaction after the button is pressed; the result is the next one."""
    await made.rests()
    await victim.kill()
    dying = await made.world.start(point)
    await made.presses(label)
    assert await dying.killed(PATIENCE_SECONDS), f"{point} was not reached"
    survivor = await made.world.start()
    await made.rests()
    return survivor


async def publishes(made: Office, victim: Victim, point: str, sector: str) -> Victim:
    await made.writes(
        lambda c: apply(c, [Change(TENANT, {"sector": sector}, Actor(made.ada, "Ada"), 0.0, ())])
    )
    await made.says(made.ada, "/publish")
    return await is_killed_while(made, victim, say(Versions.PUBLISH, "en"), point)


async def goes_back(made: Office, victim: Victim, point: str, version: int) -> Victim:
    await made.says(made.ada, f"/history {version}")
    await made.presses(say(Versions.ROLL_BACK, "en"))
    return await is_killed_while(made, victim, say(Versions.YES_ROLL_BACK, "en"), point)


def told(heard: Sequence[str], *texts: str) -> list[int]:
    """How often each was said."""
    return [sum(text in one for one in heard) for text in texts]


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_admins_publish_and_take_back_is_done_once_and_told_once(
    database_url: str, tmp_path: Path
) -> None:
    async with office(database_url, tmp_path) as made:
        victim = await made.world.start()
        for number, point in enumerate(POINTS):
            victim = await publishes(made, victim, point, f"sector {number}")
        await goes_back(made, victim, "H", version=1)
        heard, news = [await made.world.heard(person) for person in (made.ada, made.bea)]
        back, _, _ = say(Versions.ROLLED_BACK, "en", at="|").partition("|")
        assert told(heard, say(Versions.PUBLISHED, "en"), back) == [3, 1]
        assert told(news, "has published changes", "has brought back") == [3, 1]
        assert await made.rows("SELECT max(version) FROM profiles") == [(5,)]
        assert await made.rows("SELECT count(*) FROM audit") == [(4,)]
