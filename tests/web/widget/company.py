"""A bakery's web site, and the desk behind its chat: the widget's tests move both.

The desk is a stub of the API alone: what it is asked is written down, and it says what the test
lets it say.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.serve import AbortedResponse, serve
from bot.web.attached import Attached, kind_by
from bot.web.frame import Face, frame_routes
from tests.patience import PATIENCE_SECONDS

KEY: Final = "pk_bakery"
TELEGRAM: Final = "https://t.me/aurora_bot?start=w_once"
AT: Final = "2026-11-30T09:30:00.000Z"  # when everything is said
GREETING: Final = {"it": "Buongiorno! Come posso aiutarLa?", "en": "Hello! How can I help?"}
NOTICE: Final = {
    "it": "In questa chat Le risponde un assistente di intelligenza artificiale.",
    "en": "An AI assistant answers in this chat, not a person.",
}

TOO_MANY: Final = 429

Told = dict[str, Any]
_NUMBERS = count(1)


@dataclass
class Chat:
    """What was said with one visitor."""

    token: str
    events: list[tuple[int, str, Told]] = field(default_factory=list)
    messages: dict[int, Told] = field(default_factory=dict)  # by their numbers
    live: set[asyncio.Queue[str]] = field(default_factory=set)  # open streams, and polls
    seq: int = 0
    read: int = 0

    def log(self, kind: str, data: Told) -> None:
        self.seq += 1
        if kind == "message":
            data = self.messages[self.seq] = {"seq": self.seq, **data}
        self.events.append((self.seq, kind, data))
        for stream in self.live:
            stream.put_nowait(_event(self.seq, kind, data))

    def page(self, before: int, limit: int) -> Told:
        known = [seq for seq in self.messages if seq < before]
        shown = known[-limit:]
        return {
            "messages": [self.messages[seq] for seq in shown],
            "before": shown[0] if len(known) > len(shown) else None,
            "seq": self.seq,
            "read": self.read,
        }

    def cut(self) -> None:
        """All streams end."""
        for stream in self.live:
            stream.put_nowait("")


def _event(seq: int, kind: str, data: Told) -> str:
    return f"id: {seq}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"


@dataclass
class Desk:
    """The API."""

    origins: tuple[str, ...] = ()
    accent: str = "#1b6553"
    company: str = "Forno Aurora"
    keys: tuple[str, ...] = (KEY,)  # of its sites
    chats: list[Chat] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # "POST /v1/...", in order
    bodies: list[Told] = field(default_factory=list)  # of the messages that were sent
    files: list[bytes] = field(default_factory=list)  # that were sent before them
    headers: list[dict[str, str]] = field(default_factory=list)
    holds_back: bool = False  # as a proxy that lets no stream through
    refuses: Callable[[Told], int | None] = lambda message: None  # the status for a message
    is_in_telegram: bool = False
    notice: str = ""  # that an assistant answers; "": as usual
    rated: list[Told] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    loses_answers: int = 0  # so many of the next messages are taken, and nobody is told
    cuts_files: bool = False  # in their midst
    away: int = 0  # the status of whatever answers in its place
    opening: asyncio.Event = field(default_factory=asyncio.Event)  # sessions wait for it
    news: asyncio.Event = field(default_factory=asyncio.Event)  # something was asked, or ended

    def __post_init__(self) -> None:
        self.opening.set()

    @property
    def chat(self) -> Chat:
        return self.chats[-1]

    @property
    def streams(self) -> int:
        return sum(len(chat.live) for chat in self.chats)

    def accepted(self, what: str) -> list[str]:
        """The media types that were asked for, of each request for this."""
        asked = zip(self.asked, self.headers, strict=True)
        return [headers["accept"] for path, headers in asked if path.endswith(f"/{what}")]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                self.news.clear()
                await self.news.wait()

    async def is_followed(self, streams: int = 1) -> None:
        """Wait until so many listen to what is said."""
        await self.until(lambda: self.streams == streams)

    def says(self, text: str, *, speaker: str = "assistant", **more: Any) -> None:
        said = {"id": f"m{self.chat.seq + 1}", "from": speaker, "text": text, "entities": []}
        self.chat.log("message", {**said, "at": AT, **more})

    def types(self) -> None:
        for stream in self.chat.live:
            stream.put_nowait(f'event: typing\ndata: {{"until": "{AT}"}}\n\n')

    def expire(self) -> None:
        """No session counts any more."""
        for chat in self.chats:
            chat.token = ""
            chat.cut()

    def routes(self) -> list[Route]:
        chat = "/v1/chats/{chat}"
        return [
            Route("/v1/sites/{key}/session", self._open, methods=["POST"]),
            Route(f"{chat}/messages", self._say, methods=["POST"]),
            Route(f"{chat}/messages", self._page),
            Route(f"{chat}/files", self._file, methods=["POST"]),
            Route(f"{chat}/events", self._events),
            Route(f"{chat}/read", self._read, methods=["POST"]),
            Route(f"{chat}/telegram", self._lead, methods=["POST"]),
            Route(f"{chat}/rating", self._rate, methods=["POST"]),
        ]

    async def face_of(self, key: str, language: str) -> Face | None:
        if key not in self.keys:
            return None
        spoken = "it" if language.startswith("it") else "en"
        told = GREETING[spoken], self.notice or NOTICE[spoken]
        return Face(self.company, *told, self.origins, self.accent, goes_on=self.is_in_telegram)

    async def _open(self, request: Request) -> Response:
        self._note(request)
        await self.opening.wait()
        self.chats.append(Chat(f"token-{len(self.chats)}"))
        made = {"chat": f"c_{len(self.chats)}", "token": self.chat.token, "seq": 0}
        return JSONResponse(made, status_code=201)

    async def _say(self, request: Request) -> Response:
        chat, message = self._chat(request), await request.json()
        if chat is None:
            return Response(status_code=401)
        if not message.keys() <= {"id", "text", "key", "page", "files"}:
            return Response(status_code=400)
        if status := self.refuses(message):
            self.refused.append(message)
            return Response(status_code=status)
        self.bodies.append(message)
        known = [m for m in chat.messages.values() if m["id"] == message["id"]]
        if not known:
            said = {"id": message["id"], "from": "client", "text": message.get("text", "")}
            if files := message.get("files"):
                said["attachments"] = [*map(self._attached, files)]
            chat.log("message", {**said, "entities": [], "at": AT})
            known = [chat.messages[chat.seq]]
        if self.loses_answers:
            self.loses_answers -= 1
            return AbortedResponse()
        answer = {"id": message["id"], "seq": known[0]["seq"], "at": AT}
        return JSONResponse(answer, status_code=202)

    def _attached(self, said: Told) -> Told:
        content = self.files[int(said["file"].removeprefix("f_")) - 1]
        one = Attached(said["file"], kind_by(content), said["name"], len(content))
        return {"kind": one.sent, "name": one.name, "size": one.size}

    async def _file(self, request: Request) -> Response:
        if self._chat(request) is None:
            return Response(status_code=401)
        if status := self.refuses({}):
            self.refused.append({})
            headers = {"Retry-After": "7200"} if status == TOO_MANY else {}
            return Response(status_code=status, headers=headers)
        self.files.append(await request.body())
        if self.cuts_files:
            return AbortedResponse()
        return JSONResponse({"file": f"f_{len(self.files)}"}, status_code=201)

    async def _page(self, request: Request) -> Response:
        chat, asked = self._chat(request), request.query_params
        if chat is None:
            return Response(status_code=401)
        return JSONResponse(chat.page(int(asked.get("before", 2**53)), int(asked["limit"])))

    async def _read(self, request: Request) -> Response:
        chat = self._chat(request)
        if chat is None:
            return Response(status_code=401)
        chat.read = (await request.json())["seq"]
        return Response(status_code=204)

    async def _lead(self, request: Request) -> Response:
        if self._chat(request) is None:
            return Response(status_code=401)
        return JSONResponse({"url": TELEGRAM, "expires_at": AT}, status_code=201)

    async def _rate(self, request: Request) -> Response:
        if self._chat(request) is None:
            return Response(status_code=401)
        self.rated.append(await request.json())
        self.news.set()
        return Response(status_code=204)

    async def _events(self, request: Request) -> Response:
        chat = self._chat(request)
        if chat is None:
            return Response(status_code=401)
        if request.headers["accept"] != "text/event-stream":
            return await self._poll(chat, int(request.query_params["after"]))
        after = int(request.headers["last-event-id"])
        headers = {"Cache-Control": "no-cache, no-transform"}
        return StreamingResponse(
            self._stream(chat, after), media_type="text/event-stream", headers=headers
        )

    async def _stream(self, chat: Chat, after: int) -> AsyncIterator[str]:
        stream: asyncio.Queue[str] = asyncio.Queue()
        chat.live.add(stream)
        self.news.set()
        try:
            if self.holds_back:
                await asyncio.Event().wait()
            yield "retry: 50\n\n"
            if missed := [_event(*event) for event in chat.events if event[0] > after]:
                yield "".join(missed)
            while text := await stream.get():
                yield text
        finally:
            chat.live.discard(stream)
            self.news.set()

    async def _poll(self, chat: Chat, after: int) -> Response:
        stream: asyncio.Queue[str] = asyncio.Queue()
        chat.live.add(stream)
        self.news.set()
        if chat.seq <= after:
            await stream.get()
        chat.live.discard(stream)
        events = [
            {"seq": seq, "event": kind, "data": data}
            for seq, kind, data in chat.events
            if seq > after
        ]
        return JSONResponse({"events": events, "after": chat.seq})

    def _note(self, request: Request) -> None:
        self.asked.append(f"{request.method} {request.url.path}")
        self.headers.append(dict(request.headers))
        self.news.set()

    def _chat(self, request: Request) -> Chat | None:
        """None: its token does not count."""
        self._note(request)
        if self.away:
            raise HTTPException(self.away)
        chat = self.chats[int(request.path_params["chat"].removeprefix("c_")) - 1]
        return chat if request.headers["authorization"] == f"Bearer {chat.token or '-'}" else None


PAGE: Final = """<!doctype html>
<html lang="{language}" dir="{direction}" {scheme}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Forno Aurora</title><link rel="stylesheet" href="/page.css"></head>
<body><main><h1>Forno Aurora</h1><p>Pane e dolci, ogni giorno dalle 7.</p>
<a href="/other">Il pane</a></main>
<script src="{desk}/widget.js" data-site="{key}" async></script></body></html>
"""


@dataclass
class WebSite:
    """The company's own pages, of an origin of their own, under a strict policy."""

    desk: str = ""
    language: str = "it"
    direction: str = "ltr"
    scheme: str = ""
    css: str = "body { font-family: Georgia, serif; margin: 3rem; }"
    html: str = PAGE
    key: str = KEY
    policy: str = ""  # what it allows beyond

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/page.css", lambda _: Response(self.css, media_type="text/css")),
                Route("/{name:path}", self._page),
            ]
        )

    async def _page(self, request: Request) -> Response:
        words = {name: getattr(self, name) for name in ("desk", "language", "direction", "scheme")}
        policy = f"default-src 'self'; script-src 'self' {self.desk}; frame-src {self.desk}"
        headers = {"Content-Security-Policy": policy + self.policy}
        return HTMLResponse(self.html.format(**words, key=self.key), headers=headers)


def plainly(path: str, get: Any) -> Route:
    """A route with nothing around it."""
    return Route(path, get)


def home_of(url: str) -> str:
    """The address of a page that is served there: an origin that no other page has."""
    return url.replace("127.0.0.1", f"forno{next(_NUMBERS)}.localhost")


@asynccontextmanager
async def open_doors(desk: Desk, site: WebSite) -> AsyncIterator[str]:
    """Serve both; the address of the company's first page, which is another site than the desk."""
    app = Starlette(routes=[*frame_routes(desk.face_of, plainly), *desk.routes()])
    async with serve(app) as site.desk, serve(site.app()) as url:
        home = home_of(url)
        desk.origins = (home,)
        yield home
