"""The emulator as a process of its own."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.patience import PATIENCE_SECONDS
from tests.playground.telegram.support import BOT_ID, TOKEN, Http


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[tuple[Process, Http]]:
    command = (sys.executable, "-m", "bot.playground.telegram", "--token", TOKEN, *options)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        url = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession() as session:
            yield process, Http(url, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_killed_process_forgets_nothing(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state.sqlite3"))
    async with running(*state) as (process, http):
        await http.send("/client/people", {"first_name": "Anna", "id": 7})
        await http.send("/client/chats/7/messages", {"bot": BOT_ID, "text": "ciao"})
        await http.call("sendMessage", chat_id=7, text="Buongiorno")
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async with running(*state) as (_, http):
        messages = await http.get(f"/client/chats/7/messages?bot={BOT_ID}")
        assert [message["text"] for message in messages] == ["ciao", "Buongiorno"]
        assert len(await http.call("getUpdates")) == 1
        assert (await http.call("sendMessage", chat_id=7, text="x"))["message_id"] == 3


async def test_a_process_stops_at_once_with_a_poll_open() -> None:
    async with running() as (process, http):
        poll = asyncio.create_task(http.call("getUpdates", timeout=50))
        while not await http.get("/control/calls?method=getUpdates"):
            pass
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, errors = await process.communicate()
        assert (process.returncode, errors) == (0, b"")
        await asyncio.gather(poll, return_exceptions=True)


async def test_a_state_file_in_use_is_told_in_a_line(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state.sqlite3"))
    async with running(*state), running(*state) as (second, _):
        _, errors = await second.communicate()
        assert (second.returncode, errors) == (2, b"cannot start: database is locked\n")
