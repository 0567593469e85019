"""Keys that come by an edit: the process killed before it, and in it."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.crash.echo import LABELS, offers
from tests.crash.test_words import rests, says
from tests.crash.world import World, open_world
from tests.patience import PATIENCE_SECONDS

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
EDIT = "editMessageReplyMarkup"

pytestmark = [
    pytest.mark.crash,
    pytest.mark.long,
    pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True),
]


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The last bubble leaves well before its answer ends, and says what may be tapped."""
    async with open_world(database_url, tmp_path, {"PACE": "off"}, rhythm="slow") as world:
        yield world


def words(number: int) -> str:
    """Of those that are answered with keys, this one."""
    found = (text for text in map("k{}".format, count()) if offers(text))
    return [next(found) for _ in range(number + 1)][-1]


async def edits(world: World) -> int:
    """How many were asked for."""
    answer = await world.http.get(f"{world.telegram}/control/calls?method={EDIT}")
    return len(answer.json())


async def edit_begins(world: World) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await edits(world):
        assert time.monotonic() < deadline, "no edit was asked for"
        await asyncio.sleep(0.05)


async def shown(world: World, person: int) -> list[tuple[str, list[str]]]:
    """What the bot said, each with the labels under it, but for what it says of itself."""
    said = [one for one in await world.messages(person) if one["from"]["is_bot"]]
    return [(one["text"], labels(one)) for one in said if "/" in one["text"][:8]]


def labels(message: Any) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key["text"] for row in rows for key in row]


def answered(*asked: str) -> list[tuple[str, list[str]]]:
    """All bubbles of the answers, once, with the keys where they belong."""
    return [
        pair
        for text in asked
        for pair in ((f"{text}/1", []), (f"{text}/2", []), (f"{text}/3", [*LABELS]))
    ]


async def test_killed_between_the_end_of_a_turn_and_the_edit(world: World) -> None:
    (anna,) = await world.people(1)
    dying = await world.start("T6")
    await says(world, anna, words(0))
    assert await dying.killed(PATIENCE_SECONDS), "no turn came to its end"
    before = await edits(world)
    await world.start()
    await rests(world)
    assert (before, await edits(world)) == (0, 1)
    assert await shown(world, anna) == answered(words(0))


@pytest.mark.parametrize("held", ["hold_before", "hold_after"])
async def test_killed_in_the_edit(world: World, held: str) -> None:
    (anna,) = await world.people(1)
    await world.harm(held, method=EDIT)
    victim = await world.start()
    await says(world, anna, words(0))
    await edit_begins(world)
    await victim.kill()
    await world.heal()
    await world.start()
    await rests(world)
    assert await edits(world) == 2
    assert await shown(world, anna) == answered(words(0))
