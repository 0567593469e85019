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
from statistics import median
from typing import Any, Final, cast

import aiohttp
import httpx2
import openai
import uvloop

from bench.stream_stand_in import BUBBLES, QUESTION, compose_body, serve
from bot.core.reply import ReplyParser
from bot.llm.model import open_model
from bot.llm.responses import AnswerStream
from bot.ports import Answer, BubbleClosed

CHATS: Final = 40
KEY: Final = "sk-bench"
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
    body = compose_body()

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
        data = json.dumps(compose_body()).encode()
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


async def _post(api: openai.AsyncOpenAI) -> httpx2.Response:
    response = await api.post(
        "/responses",
        cast_to=httpx2.Response,
        body=compose_body(),
        stream=True,
        stream_cls=openai.AsyncStream[Any],
    )
    return cast("httpx2.Response", response)


async def _hear_sdk(api: openai.AsyncOpenAI) -> int:
    parser, bubbles = ReplyParser(), 0
    async for event in await api.responses.create(**compose_body()):
        if event.type == "response.output_text.delta":
            bubbles += len(parser.feed(event.delta))
    return bubbles


async def _read(chunks: AsyncIterator[bytes]) -> int:
    stream, bubbles = AnswerStream(), 0
    async for chunk in chunks:
        bubbles += sum(isinstance(event, BubbleClosed) for event in stream.feed(chunk))
    assert stream.answer
    return bubbles


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
