"""Who asks gateways in the benchmark, and the bare gateway that they ask beside Sportello."""

import pytest
from aiohttp import ClientSession
from openai import AsyncOpenAI

from bench.bare_gateway import build_app
from bench.callers import WAYS, talk
from bench.clients import BUBBLES, bubble
from bot.playground.openai import Emulator
from bot.playground.openai.script import Repeating, Reply
from bot.playground.serve import serve


@pytest.mark.parametrize("way", WAYS)
async def test_each_answer_is_read_to_its_end(way: str) -> None:
    reply = Reply(tuple(map(bubble, range(1, BUBBLES + 1))), chunks=5)
    emulator = Emulator(answers=Repeating([reply]))
    async with (
        serve(emulator.app()) as openai,
        AsyncOpenAI(base_url=f"{openai}/v1", api_key="sk-emulated") as api,
        serve(build_app(api)) as url,
        ClientSession() as http,
    ):
        turns = await talk(http, url=url, way=way, chats=3, at_once=2)
        again = await talk(http, url=url, way=way, chats=1, at_once=1)
    assert sorted(turn.number for turn in turns) == [1, 2, 3]
    assert again[0].number == 4
    assert all(one.written_at < one.first_at < one.last_at for one in turns)
    assert len(emulator.state.conversations) == 3
