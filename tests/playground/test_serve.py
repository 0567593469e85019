import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.serve import AbortedResponse, abort_connection, serve
from tests.patience import PATIENCE_SECONDS


async def answers(request: Request) -> Response:
    return PlainTextResponse("hello")


async def aborts(request: Request) -> Response:
    return AbortedResponse()


async def aborts_midway(request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"first"
        await abort_connection(request.scope, request.receive)
        yield b"never seen"

    return StreamingResponse(chunks())


async def never_answers(request: Request) -> Response:
    request.app.state.waiting.set()
    await asyncio.Event().wait()
    return Response()


def build() -> Starlette:
    handlers = (answers, aborts, aborts_midway, never_answers)
    app = Starlette()
    for handler in handlers:  # POST, since clients repeat a GET by themselves
        app.routes.append(Route(f"/{handler.__name__}", handler, methods=["GET", "POST"]))
    app.state.waiting = asyncio.Event()
    return app


async def test_yields_the_url_of_a_free_port() -> None:
    async with serve(build()) as url, serve(build()) as other, aiohttp.ClientSession() as session:
        assert url != other
        async with session.get(f"{url}/answers") as response:
            assert await response.text() == "hello"


async def test_takes_the_port_it_is_given_and_frees_it() -> None:
    async with serve(build()) as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            async with serve(build(), port=port):
                pass
    async with serve(build(), port=port) as again:
        assert again == url


async def test_an_aborted_connection_closes_without_a_response() -> None:
    async with serve(build()) as url, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.post(f"{url}/aborts")


async def test_a_stream_can_be_cut_after_a_chunk() -> None:
    async with (
        serve(build()) as url,
        aiohttp.ClientSession() as session,
        session.get(f"{url}/aborts_midway") as response,
    ):
        assert await response.content.readexactly(5) == b"first"
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.content.read()


async def test_leaving_ends_open_requests_at_once(caplog: pytest.LogCaptureFixture) -> None:
    app = build()
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(PATIENCE_SECONDS), serve(app) as url:
            request = asyncio.create_task(session.post(f"{url}/never_answers"))
            await app.state.waiting.wait()
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await request
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert not caplog.records
