"""What the network's troubles mean: nothing was sent, or it may have happened."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import pytest
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from telegram.error import NetworkError, TelegramError
from telegram.ext import ExtBot

from bot.net.sessions import new_session
from bot.playground.serve import AbortedResponse, serve
from bot.telegram.request import AnswerLost, NotSent, Request, call, scrub

PATH = "/bot4242:secret/sendMessage"


@dataclass
class Server:
    """Answers every request with the same response, and remembers what it was asked."""

    response: Response = field(default_factory=lambda: PlainTextResponse('{"ok":true,"result":7}'))
    bodies: list[str] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await HttpRequest(scope, receive).body()).decode())
        self.asked.set()
        await self.answers.wait()
        await self.response(scope, receive, send)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    server.answers.set()
    async with serve(server) as url:
        server.url = url
        yield server


@pytest.fixture
async def request_() -> AsyncIterator[Request]:
    async with new_session(connections=1) as session:
        yield Request(session, connect_seconds=0.2, read_seconds=0.2)


async def test_a_call_sends_a_form_and_returns_the_result(
    server: Server, request_: Request
) -> None:
    fields: dict[str, str | int] = {"chat_id": 1, "text": "a&b=c?d#e +100% 😀\n"}
    assert await call(request_, server.url + PATH, fields) == 7
    assert [parse_qsl(body) for body in server.bodies] == [
        [("chat_id", "1"), ("text", "a&b=c?d#e +100% 😀\n")]
    ]


async def test_the_library_uploads_files(server: Server, request_: Request) -> None:
    message = '{"message_id":1,"date":1,"chat":{"id":1,"type":"private"}}'
    server.response = PlainTextResponse(f'{{"ok":true,"result":{message}}}')
    bot = ExtBot("4242:secret", base_url=f"{server.url}/bot", request=request_)
    await bot.send_document(1, b"listino", filename="listino.txt", caption="Ecco")
    (body,) = server.bodies
    assert all(part in body for part in ("Ecco", 'filename="listino.txt"', "listino"))


async def test_refused_connections_were_not_sent(request_: Request) -> None:
    with pytest.raises(NotSent, match=r"^Connection refused$"):
        await call(request_, "http://127.0.0.1:1" + PATH, {})


async def test_an_address_that_is_none_was_not_sent(request_: Request) -> None:
    with pytest.raises(NotSent):
        await call(request_, "nowhere" + PATH, {})


async def test_without_a_free_connection_it_was_not_sent(server: Server, request_: Request) -> None:
    server.answers.clear()
    first = asyncio.create_task(call(request_, server.url + PATH, {}, read_seconds=30))
    await server.asked.wait()
    with pytest.raises(NotSent):
        await call(request_, server.url + PATH, {})
    server.answers.set()
    assert await first == 7
    assert len(server.bodies) == 1


async def test_a_connection_closed_after_the_request_is_in_doubt(
    server: Server, request_: Request
) -> None:
    server.response = AbortedResponse()
    with pytest.raises(AnswerLost):
        await call(request_, server.url + PATH, {})


async def test_an_answer_that_does_not_come_is_in_doubt(server: Server, request_: Request) -> None:
    server.answers.clear()
    with pytest.raises(AnswerLost):
        await call(request_, server.url + PATH, {}, read_seconds=0.05)


async def test_an_answer_cut_short_is_in_doubt(server: Server, request_: Request) -> None:
    server.response = PlainTextResponse('{"ok":', headers={"content-length": "100"})
    with pytest.raises(TelegramError):
        await call(request_, server.url + PATH, {})


@pytest.mark.parametrize(
    "body", ["<html>", "[]", "{}", '{"ok":true}', "7", '"ok"', "null", "[" * 100_000]
)
async def test_an_answer_that_is_none_is_neither_success_nor_network_trouble(
    server: Server, request_: Request, body: str
) -> None:
    server.response = PlainTextResponse(body)
    with pytest.raises(TelegramError) as error:
        await call(request_, server.url + PATH, {})
    assert not isinstance(error.value, NetworkError)


async def test_a_redirect_is_not_followed(server: Server, request_: Request) -> None:
    server.response = Response(status_code=307, headers={"location": "/elsewhere"})
    with pytest.raises(NetworkError):
        await call(request_, server.url + PATH, {})
    assert len(server.bodies) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nowhere", "http://[::", "http://h:99999"])
async def test_no_error_shows_the_token(request_: Request, url: str) -> None:
    with pytest.raises(TelegramError) as error:
        await call(request_, url + PATH, {})
    assert "secret" not in f"{error.value!r} {error.value.__cause__!r}"


def test_scrubbing_leaves_the_rest() -> None:
    url = "https://api.telegram.org/bot4242:AA-b_c/sendMessage"
    assert scrub(f"no answer from {url}") == (
        "no answer from https://api.telegram.org/bot<token>/sendMessage"
    )
