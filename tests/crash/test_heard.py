"""Voice messages: the process killed while one is fetched, while it is heard, when that is kept."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.backends import on_both
from tests.crash.test_words import rests
from tests.crash.world import World, open_world
from tests.patience import PATIENCE_SECONDS

# At once: tests/turns/test_attachments.py, where a turn that is taken over hears nothing again.
pytestmark = [pytest.mark.crash, pytest.mark.long, on_both]


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(database_url, tmp_path, {"PACE": "off"}) as world:
        yield world


async def downloads(world: World) -> int:
    answer = await world.http.get(f"{world.telegram}/control/calls?method=download")
    return len(answer.json())


async def begins(count: Callable[[], Awaitable[int]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await count():
        assert time.monotonic() < deadline, "it was never asked for"
        await asyncio.sleep(0.05)


async def is_answered_once(world: World, person: int, words: str) -> None:
    await world.heal()
    await world.start()
    await rests(world)
    heard = [text for text in await world.heard(person) if text.startswith(words)]
    assert heard == [f"{words}/{number}" for number in (1, 2, 3)]


async def test_killed_while_it_is_fetched(world: World) -> None:
    (anna,) = await world.people(1)
    await world.harm("hold_before", method="download")
    victim = await world.start()
    await world.speak(anna, "v0")
    await begins(lambda: downloads(world))
    await victim.kill()
    await is_answered_once(world, anna, "v0")
    assert (await downloads(world), await world.transcribed()) == (2, 1)


async def test_killed_while_it_is_heard(world: World) -> None:
    (anna,) = await world.people(1)
    hang = {"kind": "hang", "on": "transcriptions.create"}
    (await world.http.post(f"{world.openai}/control/faults", json=hang)).raise_for_status()
    victim = await world.start()
    await world.speak(anna, "v0")
    await begins(world.transcribed)
    await victim.kill()
    await is_answered_once(world, anna, "v0")
    assert await world.transcribed() == 2


async def test_killed_when_that_is_kept(world: World) -> None:
    (anna,) = await world.people(1)
    victim = await world.start("kept")
    await world.speak(anna, "v0")
    assert await victim.killed(PATIENCE_SECONDS), "nothing was kept"
    await is_answered_once(world, anna, "v0")
    assert (await downloads(world), await world.transcribed()) == (1, 1)


async def test_killed_within_the_transaction_that_keeps_it(world: World) -> None:
    """What nobody kept is lost with the process, and heard once more."""
    (anna,) = await world.people(1)
    victim = await world.start("kept-")
    await world.speak(anna, "v0")
    assert await victim.killed(PATIENCE_SECONDS), "nothing was kept"
    await is_answered_once(world, anna, "v0")
    assert (await downloads(world), await world.transcribed()) == (2, 2)


async def test_killed_when_the_model_was_asked_with_it(world: World) -> None:
    (anna,) = await world.people(1)
    victim = await world.start("T2b")
    await world.speak(anna, "v0")
    assert await victim.killed(PATIENCE_SECONDS), "nothing was asked"
    await is_answered_once(world, anna, "v0")
    assert (await downloads(world), await world.transcribed()) == (1, 1)
