"""Somebody of the company is told that a client was not served: once, whatever is killed."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from bot.core.texts import say
from bot.core.texts.people import Wanted
from db.engine import open_database
from db.models import admins
from tests.crash.test_words import rests, says
from tests.crash.world import open_world
from tests.patience import PATIENCE_SECONDS

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
POINTS = ("T6", "told", "T6", "told")
SPENT = {"DAILY_TOKEN_LIMIT": "1"}  # after the first answer of a day each turn fails

pytestmark = [
    pytest.mark.crash,
    pytest.mark.long,
    pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True),
]


async def appoint(url: str, person: int) -> None:
    row = {"tenant_id": 1, "user_id": person, "role": "operator", "name": "Ada", "added_at": 0.0}
    database = open_database(url)

    def write(connection: Connection) -> None:
        connection.execute(insert(admins).values(**row))

    await database.write(write)
    await database.close()


async def test_each_client_who_was_not_served_is_told_of_once(
    database_url: str, tmp_path: Path
) -> None:
    async with open_world(database_url, tmp_path, SPENT) as world:
        ada, first, *clients = await world.people(2 + len(POINTS))
        victim = await world.start()
        await says(world, ada, "/help")
        await says(world, first, "served")
        await rests(world)
        await appoint(database_url, ada)
        for client, point in zip(clients, POINTS, strict=True):
            await victim.kill()
            dying = await world.start(point)
            await says(world, client, "not served")
            assert await dying.killed(PATIENCE_SECONDS), f"{point} was not reached"
            victim = await world.start()
            await rests(world)
        head = say(Wanted.HEAD_FAILED, "en", name="|").partition("|")[0]
        heard = [text for text in await world.heard(ada) if head in text]
        names = [f"C{number + 2}" for number in range(len(POINTS))]
        assert [sum(f"{name} could" in text for text in heard) for name in names] == [1, 1, 1, 1]
        assert len(heard) == len(POINTS)
