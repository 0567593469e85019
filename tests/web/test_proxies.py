"""Behind nginx, set up as the documentation has it, and as it often is."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientError

from tests.addresses import free_port
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.web.reader import Reader
from tests.web.talk import heard, talked

PAGE: Final = Path(__file__).parents[2] / "docs/how-to/serve-the-web.md"
NGINX: Final = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    {told}
  }}
}}
"""
AS_IT_COMES: Final = "location / { proxy_pass http://127.0.0.1:8090; }"
PROGRAM: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
    # Without it all else can be tested, and .ci/run installs it.
    pytest.mark.skipif(PROGRAM is None, reason="no nginx here (apt install nginx-light)"),
]
Proxy = Callable[[str], AbstractAsyncContextManager[Reader]]


def documented() -> str:
    """What our page tells to write."""
    (found,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


@pytest.fixture
def behind(page: Reader, tmp_path: Path) -> Proxy:
    """The page's visitor, through an nginx that was told this."""

    @asynccontextmanager
    async def behind(told: str) -> AsyncIterator[Reader]:
        port, config = free_port(), tmp_path / "nginx.conf"
        told = told.replace("http://127.0.0.1:8090", page.url)
        text = NGINX.format(folder=tmp_path, port=port, told=told)
        await asyncio.to_thread(config.write_text, text)
        process = await asyncio.create_subprocess_exec(str(PROGRAM), "-c", config)
        through = replace(page, url=f"http://127.0.0.1:{port}")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await answers(through):
                    pass
            yield through
        finally:
            process.terminate()
            await process.wait()

    return behind


async def answers(reader: Reader) -> bool:
    """Whether the proxy is there by now."""
    try:
        return (await reader.asks("GET", "/healthz")).status == 200
    except ClientError:
        return False


@pytest.mark.parametrize("told", [documented(), AS_IT_COMES], ids=["as documented", "as it comes"])
async def test_a_stream_comes_through_and_is_taken_up_behind_its_number(
    stage: Stage, page: Reader, behind: Proxy, told: str
) -> None:
    chat = await talked(stage, page)
    async with behind(told) as reader, reader.follows(chat, 0) as events:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert [(await anext(events)).seq for _ in range(3)] == [1, 2, 3]
            stage.will_say("Fino alle 11:00.")
            await reader.says(chat, "E il check-out?", "m2")
            assert (await anext(events)).seq == 4
    async with behind(told) as reader:
        assert [one.seq for one in await heard(reader, chat, number=2, after=3)] == [4, 5]
    await stage.settles()
