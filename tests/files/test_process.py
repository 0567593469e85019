"""The process that reads a file ends with the reading, whoever ends it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bot.files import BrokenFile, Reader, read_text
from tests.patience import PATIENCE_SECONDS

LIMITED = "from bot.files.__main__ import limit_resources; limit_resources(); "
SLOW = b"<p>hello</p>" * 100_000  # seconds, if nobody ended it


def readers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "bot.files" in command(one)]


def command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # it may end at any moment
        return []


async def begun() -> tuple[asyncio.Task[str], psutil.Process]:
    """A file is being read, and who reads it."""
    reading = asyncio.create_task(read_text("a.html", SLOW, max_characters=400_000))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not readers():  # noqa: ASYNC110  # another process sets no event
            await asyncio.sleep(0)
    return reading, readers()[0]


def limited(code: str) -> subprocess.CompletedProcess[str]:
    """What becomes of code within the limits of a reader."""
    here = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-c", LIMITED + code],
        env={"PYTHONPATH": here},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no limit of memory")
def test_a_reader_cannot_take_all_memory() -> None:
    assert limited("bytearray(1024**3)").stderr.endswith("MemoryError\n")


def test_a_reader_leaves_no_core_file_and_ends_within_its_time() -> None:
    told = limited(
        "from resource import *; print(getrlimit(RLIMIT_CORE), getrlimit(RLIMIT_CPU))"
    ).stdout

    assert told == "(0, 0) (20, 21)\n"


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


async def test_only_so_many_files_are_read_at_once() -> None:
    reader = Reader(asyncio.Semaphore(1))
    files = [reader(f"{number}.txt", b"hello", max_characters=9) for number in range(3)]
    reading = asyncio.gather(*files)
    most = 0
    while not reading.done():  # another process sets no event
        most = max(most, len(readers()))
        await asyncio.sleep(0)

    assert (await reading, most) == (["hello"] * 3, 1)


async def test_a_reader_knows_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4711:secret")
    reading, process = await begun()

    assert "TELEGRAM_BOT_TOKEN" not in process.environ()
    reading.cancel()
    await asyncio.wait([reading])
