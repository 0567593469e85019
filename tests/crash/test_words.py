"""Words behind a code or a command, and corrections: the process killed at each transaction."""

import asyncio
import re
import time
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, update

from bot.core.texts import Text, say
from bot.core.texts.client import Access
from bot.ops.clock import SystemClock
from bot.ops.vault import KeyVault
from bot.turns.redact import Redaction
from db.codes import IssueCode
from db.engine import Database, open_database
from db.journal import apply
from db.models import profiles
from db.records import Actor
from tests.crash.verdict import is_quiet
from tests.crash.world import BOT, World, open_world
from tests.patience import PATIENCE_SECONDS

KEY = "a-long-and-random-key-0123456789"
POINTS = ("T1", "H", "T2", "T5")


async def rests(world: World) -> None:
    """Until nothing is left to do."""
    deadline, quiet = time.monotonic() + PATIENCE_SECONDS, 0
    while quiet < 3:
        assert time.monotonic() < deadline, "it never comes to rest"
        await asyncio.sleep(0.3)
        quiet = quiet + 1 if await is_quiet(world) else 0


async def says(world: World, person: int, words: str) -> int:
    """Write a message; its id."""
    body = {"bot": BOT, "from": person, "text": words}
    answer = await world.http.post(f"{world.telegram}/client/chats/{person}/messages", json=body)
    answer.raise_for_status()
    return int(answer.json()["message_id"])


async def edits(world: World, person: int, message: int, words: str) -> None:
    place = f"{world.telegram}/client/chats/{person}/messages/{message}"
    answer = await world.http.patch(place, json={"bot": BOT, "text": words})
    answer.raise_for_status()


def code(number: int) -> str:
    return f"AB1{number}-CD34"


def give_codes(database: Database) -> list[IssueCode]:
    redaction = Redaction(database, KeyVault.open(SecretStr(KEY)), SystemClock(), {})
    return [
        IssueCode(
            tenant=1,
            assistant="vip",
            digests=redaction.digests(code(number)),
            generated=True,
            single_use=True,
            actor=Actor(None, "test"),
            now=0.0,
        )
        for number in range(len(POINTS))
    ]


async def prepare(url: str) -> None:
    """A private assistant, and a code for each time that it is opened."""
    database = open_database(url)

    def write(connection: Connection) -> None:
        connection.execute(update(profiles).values(body='{"assistants": {"vip": {}}}'))
        apply(connection, give_codes(database))

    await database.write(write)
    await database.close()


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_unlock_and_the_question_behind_it_happen_once(
    database_url: str, tmp_path: Path
) -> None:
    async with open_world(database_url, tmp_path, {"SECRET_KEY": KEY}) as world:
        (anna,) = await world.people(1)
        victim = await world.start()
        await says(world, anna, "/help")
        await rests(world)
        await prepare(database_url)
        for number, point in enumerate(POINTS):
            await victim.kill()
            dying = await world.start(point)
            await says(world, anna, f"{code(number)} q{number}")
            assert await dying.killed(PATIENCE_SECONDS), f"{point} was not reached"
            victim = await world.start()
            await rests(world)
        heard = await world.heard(anna)
        assert heard.count(say(Access.OPENED, "en")) == len(POINTS)
        answers = [f"q{number}/{part}" for number in range(len(POINTS)) for part in (1, 2, 3)]
        assert [text for text in heard if text in answers] == answers
        assert say(Access.REFUSED, "en") not in heard


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_words_behind_a_command_and_their_correction_are_answered_once(
    database_url: str, tmp_path: Path
) -> None:
    async with open_world(database_url, tmp_path, {}) as world:
        (anna,) = await world.people(1)
        victim, expected = await world.start(), []
        for number, point in enumerate(POINTS):
            await victim.kill()
            dying = await world.start(point)
            written = await says(world, anna, f"/new n{number}")
            assert await dying.killed(PATIENCE_SECONDS), f"{point} was not reached"
            victim = await world.start()
            await rests(world)
            expected += [f"n{number}/{part}" for part in (1, 2, 3)]
            if point == "H":  # an edit is no event
                continue
            await victim.kill()
            dying = await world.start(point)
            await edits(world, anna, written, f"/new e{number}")
            assert await dying.killed(PATIENCE_SECONDS), f"{point} was not reached"
            victim = await world.start()
            await rests(world)
            expected += [f"e{number}/{part}" for part in (1, 2, 3)]
        heard = [text.rpartition("\n")[2] for text in await world.heard(anna)]
        assert heard.count(say(Text.NEW, "en").rpartition("\n")[2]) == len(POINTS)
        assert [text for text in heard if re.fullmatch(r"[ne]\d/\d", text)] == expected
