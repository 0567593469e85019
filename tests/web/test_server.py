"""Who holds a connection without saying anything, or does not take what is sent."""

import asyncio
import resource
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import nullcontext
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.events import EventStream
from bot.web.hear_out import MOST_BYTES, HeardOut
from bot.web.server import ABORT, HEAD_BYTES, SPARE_FILES, room_for, serve
from tests.patience import PATIENCE_SECONDS

GET: Final = b"GET / HTTP/1.1\r\nHost: here\r\n"
POST: Final = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 3000000\r\n"


async def hello(_: Request) -> Response:
    return PlainTextResponse("hello")


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where somebody is greeted who says in good time what they want."""
    app = Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])
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
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(2):
            writer.write(GET + b"\r\n")
            assert b"200" in await reader.readuntil(b"hello")
        writer.write(b"GET")
        assert b"hello" not in await reader.read()
    writer.close()


@pytest.mark.parametrize(
    "behind",
    [
        (GET + b"\r\n" + GET + b"\r\n",),
        (GET + b"\r\n", b"G"),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n", b"0\r\nX: " + b"a" * 2**20),
    ],
    ids=["a request", "a part of one", "a trailer without an end"],
)
async def test_who_is_answered_at_length_says_nothing_in_between(behind: tuple[bytes, ...]) -> None:
    """Or it would be kept without a limit, and nobody would see them go."""
    gone = asyncio.Event()

    async def forever(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"so,", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    serving = serve(forever, host="127.0.0.1", port=0, ending=lambda: None)
    async with serving as url:
        await said(urlsplit(url).port or 0, *behind)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await gone.wait()


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"], ids=["", "who goes then"])
async def test_who_is_answered_unheard_learns_it_though_all_is_sent_first(
    port: int, more: bytes
) -> None:
    told = await said(port, POST + more + b"\r\n", *[b"-" * 30_000] * 100)
    assert told.endswith(b"hello")
    assert told.count(b"onnection: close") == 1


async def test_who_stops_sending_is_not_heard_out(port: int) -> None:
    assert (await said(port, POST + b"\r\n", b"-")).endswith(b"hello")


async def test_nobody_is_heard_out_without_end() -> None:
    heard, told = 0, list[Any]()

    async def more() -> Any:
        nonlocal heard
        heard += 2**20
        return {"type": "http.request", "body": b"-" * 2**20, "more_body": True}

    async def tell(message: Any) -> None:
        told.append((message.get("body"), message.get("more_body")))

    scope = {"type": "http", "method": "POST", "headers": [(b"transfer-encoding", b"chunked")]}
    await HeardOut(PlainTextResponse("hello"))(scope, more, tell)
    assert heard == MOST_BYTES
    assert told == [(None, None), (b"hello", True), (None, None)]


async def test_there_are_no_more_connections_than_there_may_be() -> None:
    """Whoever holds them says nothing; Telegram and the database need open files as well."""
    app = Starlette(routes=[Route("/", hello)])
    long = 2 * PATIENCE_SECONDS  # so that it is not this by which they are cut
    serving = serve(
        app, host="127.0.0.1", port=0, ending=lambda: None, head_seconds=long, connections=2
    )
    async with serving as url, asyncio.timeout(PATIENCE_SECONDS):
        port = urlsplit(url).port or 0
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert await said(port) == b""
        for _, writer in held:
            writer.close()
            await writer.wait_closed()


def test_files_are_left_for_everything_else() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (SPARE_FILES + 90, hard))
        assert room_for(100) == 100, "more may be opened, if the system lets us"
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == SPARE_FILES + 100
        assert room_for(2**40) == resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


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
    await EventStream(source(), nullcontext(), patience=0.01)(scope, never, send)
    assert aborted.is_set()
    assert closed.is_set()
