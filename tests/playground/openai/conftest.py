"""An emulator with a scripted model, and the real SDK as its client."""

from collections.abc import AsyncIterator

import aiohttp
import openai
import pytest

from bot.playground.openai import Emulator, Repeating, Reply
from bot.playground.serve import serve

HELLO = '{"messages":["Good morning!","Check-in is from 14:00."]}'


@pytest.fixture
def emulator() -> Emulator:
    """Answers HELLO, one delta for each token, at once."""
    return Emulator(answers=Repeating([Reply(raw=HELLO)]))


@pytest.fixture
async def url(emulator: Emulator) -> AsyncIterator[str]:
    """Where the emulator listens, without `/v1`."""
    async with serve(emulator.app()) as url:
        yield url


@pytest.fixture
async def api(url: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """The SDK, which repeats nothing by itself."""
    async with openai.AsyncOpenAI(
        base_url=f"{url}/v1",
        api_key="sk-test",
        max_retries=0,
        timeout=20,
        http_client=openai.DefaultAsyncHttpxClient(verify=False),  # loading certificates is slow
    ) as api:
        yield api


@pytest.fixture
async def raw(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Plain HTTP with a key, for what the SDK does not show."""
    headers = {"Authorization": "Bearer sk-test"}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        yield session


@pytest.fixture
async def conversation(api: openai.AsyncOpenAI) -> str:
    """An empty conversation's id."""
    return (await api.conversations.create()).id
