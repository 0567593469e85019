"""`python -m bot.playground.openai`, as the crash suite and the benchmark start it."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import openai

from tests.patience import PATIENCE_SECONDS
from tests.playground.openai.asking import ask, read_texts


@asynccontextmanager
async def started(*options: str) -> AsyncIterator[tuple[Process, openai.AsyncOpenAI]]:
    """The process once it is ready, and a client of it; killed at the end."""
    command = [sys.executable, "-m", "bot.playground.openai", *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    ready = (await process.stdout.readline()).decode()
    address = re.search(r"http://\S+/v1", ready)
    assert address, ready
    async with openai.AsyncOpenAI(base_url=address.group(), api_key="k", max_retries=0) as api:
        yield process, api
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def test_a_killed_process_still_knows_its_conversations(tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state.db"), "--bubbles", "3", "--chunks", "60")
    async with started(*options) as (_, api):
        conversation = (await api.conversations.create()).id
        answer = await ask(api, "Hi", conversation=conversation)

    async with started(*options) as (_, api):
        assert len(await read_texts(api, conversation)) == 2
        assert (await api.responses.retrieve(answer.id)).output_text == answer.output_text


async def test_replies_come_from_a_file(tmp_path: Path) -> None:
    replies = tmp_path / "replies.json"
    replies.write_text('[{"messages": ["{input}, {number}"]}]')

    async with started("--reply", str(replies)) as (_, api):
        conversation = (await api.conversations.create()).id
        answer = await ask(api, "Hi", conversation=conversation)

    assert answer.output_text == '{"messages":["Hi, 1"]}'


async def test_sigterm_ends_it() -> None:
    async with started() as (process, _):
        process.terminate()

        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0


async def test_a_bad_file_of_replies_is_one_readable_line(tmp_path: Path) -> None:
    replies = tmp_path / "replies.json"
    replies.write_text("{")
    command = [sys.executable, "-m", "bot.playground.openai", "--reply", str(replies)]

    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    _, error = await process.communicate()

    assert process.returncode == 2
    assert b"cannot read the replies" in error
    assert b"Traceback" not in error
