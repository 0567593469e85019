"""Visitors of a company's page, in one process: `python -m bench.visitors URL SITE`.

Each has a session and an open stream, as the widget has. URL is the bot's, SITE the key in the
page. Prints its own address when it answers. Times are those of `bench.clients`.
"""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import uvloop
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.clients import TEXT, Turn
from bench.processes import serve_until_ended

ORIGIN: Final = "https://www.hotel-aurora.example"
FIRST_PLACE: Final = 10 << 24  # 10.0.0.0: each comes from an address of its own
SILENCE: Final = 60.0  # seconds until a stream is given up


class Visitor:
    """One of them."""

    def __init__(self, http: ClientSession, url: str, number: int) -> None:
        place = ".".join(str(part) for part in (FIRST_PLACE + number).to_bytes(4))
        self._http, self._url, self._written = http, url, 0
        self._headers = {"Origin": ORIGIN, "X-Forwarded-For": place}
        self._chat = ""
        self._turn: Turn | None = None
        self._number = number
        self.listens = asyncio.Event()

    async def begin(self, site: str) -> None:
        """A session."""
        path = f"/v1/sites/{site}/session"
        async with self._http.post(self._url + path, json={}, headers=self._headers) as answer:
            answer.raise_for_status()
            told = await answer.json()
        self._chat = f"{self._url}/v1/chats/{told['chat']}"
        self._headers["Authorization"] = f"Bearer {told['token']}"

    async def listen(self) -> None:
        """The stream, as long as the bot lives."""
        headers = self._headers | {"Accept": "text/event-stream"}
        async with self._http.get(f"{self._chat}/events", headers=headers) as stream:
            stream.raise_for_status()
            async for line in stream.content:
                self.listens.set()
                if self._turn and line.startswith(b"data:"):
                    self._turn.hear(line.decode(), time.monotonic())

    async def talk(self) -> Turn:
        """Write, and be answered."""
        self._written += 1
        self._turn = turn = Turn(self._number, time.monotonic())
        body = {"id": f"m{self._written}", "text": TEXT}
        path = f"{self._chat}/messages"
        async with self._http.post(path, json=body, headers=self._headers) as answer:
            answer.raise_for_status()
        await turn.over.wait()
        return turn


class Page:
    """All visitors, in the order in which they came."""

    def __init__(self, http: ClientSession, url: str, site: str) -> None:
        self._http, self._url, self._site = http, url, site
        self._visitors: list[Visitor] = []
        self._streams: list[asyncio.Task[None]] = []

    async def open(self, count: int) -> None:
        """So many more come, and listen."""
        for _ in range(count):
            visitor = Visitor(self._http, self._url, len(self._visitors))
            await visitor.begin(self._site)
            self._visitors.append(visitor)
            self._streams.append(asyncio.create_task(visitor.listen()))
            await visitor.listens.wait()

    async def talk(self, chats: int, at_once: int) -> Sequence[Turn]:
        """Each of the first ones writes once; so many turns are under way at any moment."""
        idle, turns = deque(self._visitors[:chats]), list[Turn]()

        async def one_after_another() -> None:
            while idle:
                turns.append(await idle.popleft().talk())

        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        return turns


def build_app(page: Page) -> Starlette:
    """What the benchmark asks of them."""

    async def come(request: Request) -> Response:
        await page.open(**await request.json())
        return JSONResponse({})

    async def talk(request: Request) -> Response:
        turns = await page.talk(**await request.json())
        return JSONResponse([turn.describe() for turn in turns])

    return Starlette(
        routes=[
            Route("/bench/open", come, methods=["POST"]),
            Route("/bench/talk", talk, methods=["POST"]),
        ]
    )


async def main(url: str, site: str) -> None:
    """Serve until SIGTERM."""
    timeout = ClientTimeout(total=None, sock_read=SILENCE)
    async with ClientSession(connector=TCPConnector(limit=0), timeout=timeout) as http:
        await serve_until_ended(build_app(Page(http, url, site)))


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
