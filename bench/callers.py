"""Who asks gateways, in one process: `python -m bench.callers`.

A phone stack, which speaks a sentence once its end has come, and a chat front end, which shows
every word. Prints its own address when it answers. Times are those of `bench.clients`.
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import uvloop
from aiohttp import ClientResponse, ClientSession, ClientTimeout, TCPConnector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.clients import BUBBLES, MARK, TEXT, Turn
from bench.processes import serve_until_ended

SPOKEN: Final = re.compile(r"[.!?]")
SHOWN: Final = re.compile(r"\S")
SILENCE: Final = 60.0  # seconds until an answer is given up


async def in_chunks(answer: ClientResponse) -> AsyncIterator[str]:
    """Agent Voice Response: one object in each chunk."""
    async for chunk, _ in answer.content.iter_chunks():
        if chunk:
            yield json.loads(chunk)["content"]


async def in_events(answer: ClientResponse) -> AsyncIterator[str]:
    """Chat completions."""
    async for line in answer.content:
        if line.startswith(b"data: {"):
            for choice in json.loads(line[6:])["choices"]:
                yield choice["delta"].get("content", "")


@dataclass(frozen=True, slots=True)
class Way:
    """How a route is asked and read, and what in an answer are its first words."""

    path: str
    body: Callable[[str], dict[str, Any]]
    read: Callable[[ClientResponse], AsyncIterator[str]]
    begins: re.Pattern[str]


WAYS: Final = {
    "phone": Way(
        "/prompt-stream", lambda who: {"uuid": who, "message": TEXT}, in_chunks, begins=SPOKEN
    ),
    "completions": Way(
        "/v1/chat/completions",
        lambda who: {
            "model": "default",
            "user": who,
            "stream": True,
            "messages": [{"role": "user", "content": TEXT}],
        },
        in_events,
        begins=SHOWN,
    ),
}


async def ask(http: ClientSession, url: str, way: Way, number: int) -> Turn:
    """One question. Raises RuntimeError when the answer is not whole."""
    turn, text = Turn(number, time.monotonic()), ""
    async with http.post(url + way.path, json=way.body(f"caller-{number}")) as answer:
        answer.raise_for_status()
        async for words in way.read(answer):
            text += words
            if not turn.first_at and way.begins.search(words):
                turn.first_at = time.monotonic()
    turn.last_at = time.monotonic()
    marks = MARK.findall(text)
    if len(marks) != BUBBLES:
        raise RuntimeError(f"{way.path} answered {text!r}")
    turn.number = int(marks[0][0])
    return turn


async def talk(
    http: ClientSession, *, url: str, way: str, chats: int, at_once: int
) -> Sequence[Turn]:
    """Each asks once; so many turns are under way at any moment."""
    idle, turns = deque(range(chats)), list[Turn]()

    async def one_after_another() -> None:
        while idle:
            turns.append(await ask(http, url, WAYS[way], idle.popleft()))

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return turns


async def main() -> None:
    """Serve until SIGTERM."""
    timeout = ClientTimeout(total=None, sock_read=SILENCE)
    async with ClientSession(connector=TCPConnector(limit=0), timeout=timeout) as http:

        async def told(request: Request) -> Response:
            turns = await talk(http, **await request.json())
            return JSONResponse([turn.describe() for turn in turns])

        route = Route("/bench/talk", told, methods=["POST"])
        await serve_until_ended(Starlette(routes=[route]))


if __name__ == "__main__":
    uvloop.run(main())
