"""The measurement itself must not rot: every path gives the whole reply."""

import asyncio

import pytest

from bench.stream_paths import PATHS
from bench.stream_stand_in import BUBBLES, StandIn


class Hurried(StandIn):
    gap_seconds = 0.0


@pytest.mark.parametrize("path", PATHS)
async def test_every_path_gives_the_whole_reply(path: str) -> None:
    server = await asyncio.get_running_loop().create_server(Hurried, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server, PATHS[path](url) as ask:
        assert await ask() == len(BUBBLES)
