"""The process that reads a file ends with the reading, whoever ends it."""

import asyncio

import psutil
import pytest

from bot.files import BrokenFile, read_text

SLOW = b"<p>hello</p>" * 100_000  # seconds, if nobody ended it


def readers() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [one for one in children if "bot.files" in one.cmdline()]


async def begun() -> tuple[asyncio.Task[str], psutil.Process]:
    """A file is being read, and who reads it."""
    reading = asyncio.create_task(read_text("a.html", SLOW, max_characters=400_000))
    async with asyncio.timeout(10):
        while not readers():  # noqa: ASYNC110  # another process sets no event
            await asyncio.sleep(0)
    return reading, readers()[0]


async def test_a_reader_that_is_killed_leaves_a_reason() -> None:
    reading, process = await begun()
    process.kill()

    with pytest.raises(BrokenFile):
        await reading


async def test_nobody_reads_on_for_one_who_left() -> None:
    reading, process = await begun()
    reading.cancel()
    await asyncio.wait([reading])

    assert not process.is_running()


async def test_a_reader_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4711:secret")
    reading, process = await begun()

    assert "TELEGRAM_BOT_TOKEN" not in process.environ()
    reading.cancel()
    await asyncio.wait([reading])
