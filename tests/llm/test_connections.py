"""What happens below HTTP: connections refused, lost, kept and closed."""

import asyncio
import gc
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.errors import ConfigError, InDoubt, RetryLater
from bot.llm.model import open_model
from bot.ports import Answer, Began
from tests.llm.support import KEY, QUESTION
from tests.patience import PATIENCE_SECONDS

CREATED = (
    b'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1"}}\n\n'
)
COMPLETED = (
    b'event: response.completed\ndata: {"type":"response.completed","response":'
    b'{"id":"resp_1","status":"completed","model":"gpt-6-luna","output":[]}}\n\n'
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@dataclass
class Server:
    """A server that says just what it is told, byte for byte."""

    url: str = ""
    connections: int = 0
    requests: int = 0
    head: bytes = b""  # of the last request
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def read_request(self, reader: asyncio.StreamReader) -> bool:
        """Whether another request came on this connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        self.head = head.lower()
        length = self.head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        self.requests += 1
        return True


async def let_the_client_read() -> None:
    """It lives in the same loop: some turns of it are enough."""
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def server_that(*answer: bytes, hang_up: bool = False) -> AsyncIterator[Server]:
    """Answers every request with these bytes, then hangs up or waits for the next."""
    server = Server()
    handlers: list[asyncio.Task[None]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await server.read_request(reader):
            for piece in answer:
                writer.write(piece)
                await writer.drain()
                await let_the_client_read()
            if hang_up:
                break
        server.closed.set()
        writer.close()
        await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        handlers.append(asyncio.create_task(talk(reader, writer)))

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as listening:
        server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        yield server
        async with asyncio.timeout(
            PATIENCE_SECONDS
        ):  # every connection must have been closed by now
            await asyncio.gather(*handlers)


async def ask(url: str) -> Answer:
    async with open_model(api_key=KEY, base_url=url) as model:
        events = [event async for event in model.ask(QUESTION)]
    assert isinstance(events[-1], Answer)
    return events[-1]


async def test_a_refused_connection_may_be_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody is there
        with pytest.raises(RetryLater, match="no connection"):
            await ask(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")


async def test_an_unknown_host_may_be_tried_again() -> None:
    with pytest.raises(RetryLater, match="no connection"):
        await ask("http://nowhere.invalid/v1")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((), id="before the status line"),
        pytest.param((HEAD[:30],), id="within the headers"),
        pytest.param((HEAD,), id="after the headers"),
        pytest.param((HEAD, chunk(CREATED), b"40\r\nevent: resp"), id="within a chunk"),
        pytest.param((HEAD, chunk(CREATED), b"0\r\n\r\n"), id="cleanly, with no end"),
        pytest.param((HEAD, chunk(b"data: {\n\n")), id="after what is no JSON"),
        pytest.param((HEAD, chunk(b"data: []\n\n")), id="after what is no event"),
        pytest.param((HEAD, chunk(b"data: \xff\n\n")), id="after what is no text"),
        pytest.param((b"HTTP/1.1 nonsense\r\n\r\n",), id="after what is no HTTP"),
        pytest.param((b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nHola",), id="with a page"),
    ],
)
async def test_an_answer_that_breaks_off_is_in_doubt(answer: tuple[bytes, ...]) -> None:
    async with server_that(*answer, hang_up=True) as server:
        with pytest.raises(InDoubt):
            await ask(server.url)

        assert server.requests == 1


async def test_a_short_call_that_breaks_off_may_be_repeated() -> None:
    async with (
        server_that(hang_up=True) as server,
        open_model(api_key=KEY, base_url=server.url) as model,
    ):
        with pytest.raises(RetryLater, match="cut"):
            await model.create_conversation()


async def test_a_page_of_a_proxy_is_no_conversation() -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nHola"
    async with server_that(page) as server, open_model(api_key=KEY, base_url=server.url) as model:
        with pytest.raises(RetryLater, match="unreadable"):
            await model.create_conversation()


async def test_one_connection_serves_turn_after_turn() -> None:
    answer = HEAD, chunk(CREATED), chunk(COMPLETED), b"0\r\n\r\n"
    async with (
        server_that(*answer) as server,
        open_model(api_key=KEY, base_url=server.url) as model,
    ):
        for _ in range(3):
            assert [event async for event in model.ask(QUESTION)]

        assert server.connections == 1


async def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    async with (
        server_that(HEAD, chunk(CREATED), chunk(COMPLETED), b"0\r\n\r\n") as server,
        open_model(api_key=None, base_url=server.url) as model,
    ):
        assert [event async for event in model.ask(QUESTION)]

    assert b"post /v1/responses" in server.head
    assert b"authorization" not in server.head


async def test_a_stream_that_never_closes_holds_nobody_up() -> None:
    async with server_that(HEAD, chunk(CREATED), chunk(COMPLETED)) as server:
        assert (await ask(server.url)).response_id == "resp_1"


async def test_an_encoded_stream_is_decoded() -> None:
    head = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    async with server_that(head, chunk(gzip.compress(CREATED + COMPLETED)), b"0\r\n\r\n") as server:
        assert (await ask(server.url)).response_id == "resp_1"


async def test_a_cancelled_turn_closes_its_connection() -> None:
    async with (
        server_that(HEAD, chunk(CREATED)) as server,
        open_model(api_key=KEY, base_url=server.url) as model,
    ):
        began = asyncio.Event()

        async def turn() -> None:
            async for _ in model.ask(QUESTION):
                began.set()

        task = asyncio.create_task(turn())
        await asyncio.wait_for(began.wait(), PATIENCE_SECONDS)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        await asyncio.wait_for(server.closed.wait(), PATIENCE_SECONDS)


async def test_an_abandoned_turn_closes_its_connection() -> None:
    async with (
        server_that(HEAD, chunk(CREATED)) as server,
        open_model(api_key=KEY, base_url=server.url) as model,
    ):
        async for event in model.ask(QUESTION):
            assert isinstance(event, Began)
            break
        gc.collect()

        await asyncio.wait_for(server.closed.wait(), PATIENCE_SECONDS)


@pytest.mark.parametrize("key", ["sk-\u2026", "sk-one\nsk-two", "sk one"])
async def test_a_key_that_is_none_is_told_at_once(key: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        async with open_model(api_key=key):
            pass


@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://host/v1", "http://", "http://host:port", "/v1"]
)
async def test_an_address_that_is_none_is_told_at_once(url: str) -> None:
    with pytest.raises(ConfigError, match="OPENAI_BASE_URL"):
        async with open_model(api_key=KEY, base_url=url):
            pass
