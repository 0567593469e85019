"""What a streamed reply costs, by the path that its bytes take: CPU of the client's process.

    python -m bench.stream_paths [--replies 160] [--rounds 3]

A stand-in server in a process of its own streams a reply of three bubbles, one event per write.
Every path runs in a process of its own, many chats at once; the rounds are interleaved, so that
a noisy moment strikes all paths alike. It takes about eight minutes.
docs/decisions/0010-stream-path.md tells what followed from it.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import pairwise
from statistics import median
from typing import Any, Final, cast

import aiohttp
import httpx2
import openai
import uvloop

from bot.core.reply import ReplyParser
from bot.llm.model import open_model
from bot.llm.requests import write_request
from bot.llm.responses import AnswerStream
from bot.ports import Answer, BubbleClosed, Line, Question, Role

BUBBLES: Final = (
    "Buongiorno! Il check-in comincia alle 14:00 e la camera resta sua fino alle 11:00.",
    "Se arriva prima, può lasciare i bagagli alla reception, senza alcun supplemento.",
    "A che ora pensa di arrivare, e con quale mezzo?",
)
DELTAS: Final = 60
GAP_SECONDS: Final = 0.012
CHATS: Final = 40
KEY: Final = "sk-bench"
QUESTION: Final = Question(
    conversation_id="conv_1",
    model="gpt-6-luna",
    effort="none",
    instructions="You work at the desk of Hotel Aurora. " * 150,
    lines=(Line(Role.CLIENT, "Buongiorno, a che ora è il check-in?"),),
    cache_key="tenant-1-1",
    safety_identifier="0" * 64,
)

Ask = Callable[[], Awaitable[int]]  # one turn; gives the number of its bubbles


# ------------------------------------------------------------------- the paths


@asynccontextmanager
async def sdk_events(url: str) -> AsyncIterator[Ask]:
    """The SDK as it comes."""
    async with openai.AsyncOpenAI(api_key=KEY, base_url=url) as api:
        yield lambda: _hear_sdk(api)


@asynccontextmanager
async def sdk_events_aiohttp(url: str) -> AsyncIterator[Ask]:
    """The SDK's events over its aiohttp transport."""
    async with _open_api(url) as api:
        yield lambda: _hear_sdk(api)


@asynccontextmanager
async def streaming_response(url: str) -> AsyncIterator[Ask]:
    """`with_streaming_response` and our own events, over the aiohttp transport."""
    body = _body()

    async def ask() -> int:
        async with api.responses.with_streaming_response.create(**body) as response:
            return await _read(response.iter_bytes())

    async with _open_api(url) as api:
        yield ask


@asynccontextmanager
async def post_decoded(url: str) -> AsyncIterator[Ask]:
    """`post` without the typed parameters; the body through `aiter_bytes`."""

    async def ask() -> int:
        response = await _post(api)
        return await _read(response.aiter_bytes())

    async with _open_api(url) as api:
        yield ask


@asynccontextmanager
async def chosen(url: str) -> AsyncIterator[Ask]:
    """What Sportello does: `post`, and the body as the transport gives it."""

    async def ask() -> int:
        events = [event async for event in model.ask(QUESTION)]
        assert isinstance(events[-1], Answer)
        return sum(isinstance(event, BubbleClosed) for event in events)

    async with open_model(api_key=KEY, base_url=url) as model:
        yield ask


@asynccontextmanager
async def own_transport(url: str) -> AsyncIterator[Ask]:
    """The same with a transport of our own: no cookies, fewer layers, no sock_read timer."""

    async def ask() -> int:
        response = await _post(api)
        return await _read(response.extensions["content"].iter_any())

    client = httpx2.AsyncClient(transport=_Transport())
    async with openai.AsyncOpenAI(api_key=KEY, base_url=url, http_client=client) as api:
        yield ask


@asynccontextmanager
async def aiohttp_alone(url: str) -> AsyncIterator[Ask]:
    """The floor: no SDK at all."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}

    async def ask() -> int:
        data = json.dumps(_body()).encode()
        async with session.post(f"{url}/responses", data=data, headers=headers) as response:
            return await _read(response.content.iter_any())

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield ask


PATHS: Final = {
    path.__name__: path
    for path in (
        sdk_events,
        sdk_events_aiohttp,
        streaming_response,
        post_decoded,
        chosen,
        own_transport,
        aiohttp_alone,
    )
}
LOOPS: Final[dict[str, Callable[[], asyncio.AbstractEventLoop]]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


class _Transport(httpx2.AsyncBaseTransport):
    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._session.request(
            request.method, str(request.url), headers=request.headers, data=request.content
        )
        return httpx2.Response(
            answer.status, headers=answer.raw_headers, extensions={"content": answer.content}
        )

    async def aclose(self) -> None:
        await self._session.close()


def _open_api(url: str) -> openai.AsyncOpenAI:
    client = openai.DefaultAioHttpClient()
    return openai.AsyncOpenAI(api_key=KEY, base_url=url, http_client=client)


def _body() -> dict[str, Any]:
    return write_request(QUESTION)


async def _post(api: openai.AsyncOpenAI) -> httpx2.Response:
    response = await api.post(
        "/responses",
        cast_to=httpx2.Response,
        body=_body(),
        stream=True,
        stream_cls=openai.AsyncStream[Any],
    )
    return cast("httpx2.Response", response)


async def _hear_sdk(api: openai.AsyncOpenAI) -> int:
    parser, bubbles = ReplyParser(), 0
    async for event in await api.responses.create(**_body()):
        if event.type == "response.output_text.delta":
            bubbles += len(parser.feed(event.delta))
    return bubbles


async def _read(chunks: AsyncIterator[bytes]) -> int:
    stream, bubbles = AnswerStream(), 0
    async for chunk in chunks:
        bubbles += sum(isinstance(event, BubbleClosed) for event in stream.feed(chunk))
    assert stream.answer
    return bubbles


# ----------------------------------------------------------------- the stand-in


def compose_events() -> Iterator[bytes]:
    """A reply's events, with the fields and the sizes that the API gives them."""
    text = json.dumps({"messages": BUBBLES}, ensure_ascii=False, separators=(",", ":"))
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed"}
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    shell = {"id": "resp_1", "object": "response", "created_at": 1, **_body(), "output": []}
    running, ended = {**shell, "status": "in_progress"}, {**shell, "status": "completed"}
    ended["output"] = [{**item, "content": [part]}]
    cuts = [len(text) * n // DELTAS for n in range(DELTAS + 1)]
    table: list[tuple[str, dict[str, Any]]] = [
        ("created", {"response": running}),
        ("in_progress", {"response": running}),
        ("output_item.added", {"output_index": 0, "item": {**item, "content": []}}),
        ("content_part.added", {**at, "part": {**part, "text": ""}}),
        *(
            ("output_text.delta", {**at, "delta": text[start:end], "logprobs": []})
            for start, end in pairwise(cuts)
        ),
        ("output_text.done", {**at, "text": text, "logprobs": []}),
        ("content_part.done", {**at, "part": part}),
        ("output_item.done", {"output_index": 0, "item": {**item, "content": [part]}}),
        ("completed", {"response": ended}),
    ]
    for number, (name, fields) in enumerate(table):
        data = {"type": f"response.{name}", "sequence_number": number, **fields}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        yield f"event: response.{name}\ndata: {text}\n\n".encode()


class StandIn(asyncio.Protocol):
    """Answers whatever it is asked with the same reply, one event per write."""

    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    gap_seconds = GAP_SECONDS
    chunks = tuple(b"%x\r\n%s\r\n" % (len(event), event) for event in compose_events())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if found and len(body) >= int(length):
            self.received = b""
            self.transport.write(self.head)
            self.write(iter(self.chunks))

    def write(self, chunks: Iterator[bytes]) -> None:
        if self.transport.is_closing():
            return
        if chunk := next(chunks, b""):
            self.transport.write(chunk)
            asyncio.get_running_loop().call_later(self.gap_seconds, self.write, chunks)
        else:
            self.transport.write(b"0\r\n\r\n")


async def serve() -> None:
    """Be the stand-in; says on which port."""
    server = await asyncio.get_running_loop().create_server(StandIn, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# -------------------------------------------------------------- the measurement


async def measure(path: str, *, url: str, replies: int) -> float:
    """CPU milliseconds of this process per reply, after a warm-up."""
    turns = asyncio.Semaphore(CHATS)
    async with AsyncExitStack() as stack:
        ask = await stack.enter_async_context(PATHS[path](url))

        async def turn() -> None:
            async with turns:
                assert await ask() == len(BUBBLES)

        await asyncio.gather(*(turn() for _ in range(2 * CHATS)))
        before = time.process_time()
        await asyncio.gather(*(turn() for _ in range(replies)))
        return (time.process_time() - before) / replies * 1000


@contextmanager
def stand_in() -> Iterator[str]:
    """The stand-in's address, while it runs."""
    command = [sys.executable, "-m", "bench.stream_paths", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


def run_child(path: str, loop: str, *, url: str, replies: int) -> float:
    """One measurement in a fresh process."""
    command = [sys.executable, "-m", "bench.stream_paths", "--replies", str(replies)]
    command += ["--path", path, "--loop", loop, "--url", url]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(*, replies: int, rounds: int) -> None:
    """Measure every path under both loops and print the table."""
    figures: dict[tuple[str, str], list[float]] = {}
    with stand_in() as url:
        for _ in range(rounds):
            for path in PATHS:
                for loop in LOOPS:
                    figure = run_child(path, loop, url=url, replies=replies)
                    figures.setdefault((path, loop), []).append(figure)
    print("| path | " + " | ".join(f"{loop}: ms (range) | ratio" for loop in LOOPS) + " |")
    print("|---" * (1 + 2 * len(LOOPS)) + "|")
    base = median(figures["sdk_events", "asyncio"])
    for path in PATHS:
        row = (figures[path, loop] for loop in LOOPS)
        cells = (
            f"{median(f):.2f} ({min(f):.2f}-{max(f):.2f}) | {median(f) / base:.2f}" for f in row
        )
        print(f"| {path} | " + " | ".join(cells) + " |")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--replies", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=3)
    for name in ("--path", "--loop", "--url"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        uvloop.run(serve())
    elif given.path:
        with asyncio.Runner(loop_factory=LOOPS[given.loop]) as runner:
            print(runner.run(measure(given.path, url=given.url, replies=given.replies)))
    else:
        compare(replies=given.replies, rounds=given.rounds)


if __name__ == "__main__":
    main()
