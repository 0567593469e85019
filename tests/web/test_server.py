"""Who holds a connection without saying anything, or does not take what is sent."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.events import EventStream
from bot.web.server import ABORT, HEAD_BYTES, serve
from tests.patience import PATIENCE_SECONDS

GET: Final = b"GET / HTTP/1.1\r\nHost: here\r\n"


async def hello(_: Request) -> Response:
    return PlainTextResponse("hello")


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where somebody is greeted who says in good time what they want."""
    app = Starlette(routes=[Route("/", hello)])
    serving = serve(app, host="127.0.0.1", port=0, ending=lambda: None, head_seconds=0.2)
    async with serving as url:
        yield urlsplit(url).port or 0


async def said(port: int, *pieces: bytes) -> bytes:
    """All that comes back before the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(PATIENCE_SECONDS):
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@pytest.mark.parametrize(
    "pieces",
    [(), (b"GET / HT",), (GET,), (GET, b"X-Long: " + b"a" * HEAD_BYTES)],
    ids=["nothing", "a line", "a head without an end", "a head that is too long"],
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    port: int, pieces: tuple[bytes, ...]
) -> None:
    assert b"200" not in await said(port, *pieces)


async def test_a_connection_that_serves_is_kept_until_its_next_request_is_late(port: int) -> None:
    answers = await said(port, GET + b"\r\n", GET + b"\r\n", b"GET")
    assert answers.count(b"hello") == 2


async def never(_: Any = None) -> Any:
    await asyncio.Event().wait()


async def test_a_reader_who_takes_nothing_is_cut_off() -> None:
    """[12]"""
    closed, aborted, sent = asyncio.Event(), asyncio.Event(), list[Any]()

    async def source() -> AsyncGenerator[bytes]:
        try:
            while True:
                yield b": \n\n"
        finally:
            closed.set()

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) > 1:
            await never()

    scope = {"type": "http", "extensions": {ABORT: {"call": aborted.set}}}
    await EventStream(source(), patience=0.01)(scope, never, send)
    assert aborted.is_set()
    assert closed.is_set()
