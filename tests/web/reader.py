"""A program on the other side of the API: it asks, and follows a stream."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from aiohttp import ClientResponse, ClientSession, ClientTimeout

Json = dict[str, Any]
ORIGIN: Final = "https://www.aurora.example"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def kind(self) -> str:
        """Of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.body
        assert self.body["status"] == self.status
        return str(self.body["type"])


@dataclass(frozen=True, slots=True)
class Event:
    """One of a stream."""

    event: str
    data: Json
    seq: int | None = None


@dataclass(slots=True)
class Reader:
    """Asks under one address; `origin` None: no browser."""

    url: str
    origin: str | None = ORIGIN
    token: str = ""
    http: ClientSession = field(default_factory=lambda: ClientSession(timeout=ClientTimeout(60)))

    async def asks(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request."""
        given = {**self.headers(), **(headers or {})}
        content = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        if content and "Content-Type" not in given:
            given["Content-Type"] = "application/json"
        data = BytesIO(content) if content else b""  # large bytes as such would be warned of
        asking = self.http.request(method, self.url + path, data=data, headers=given)
        async with asking as response:
            read = await response.read()
            is_json = "json" in response.content_type
            told = json.loads(read) if is_json else read.decode()
            return Answer(response.status, told, response.headers)

    async def opens(self, key: str, **body: object) -> str:
        """A session on a site; its chat."""
        answer = await self.asks("POST", f"/v1/sites/{key}/session", body)
        assert answer.status == 201, answer
        self.token = answer.body["token"]
        return str(answer.body["chat"])

    async def says(self, chat: str, text: str, own: str, **more: object) -> Answer:
        """A message."""
        body = {"id": own, "text": text, **more}
        return await self.asks("POST", f"/v1/chats/{chat}/messages", body)

    async def sends(self, chat: str, content: bytes, media_type: str = "text/plain") -> Answer:
        """A file, whatever it is said to be."""
        told = {"Content-Type": media_type}
        return await self.asks("POST", f"/v1/chats/{chat}/files", raw=content, headers=told)

    @asynccontextmanager
    async def follows(self, chat: str, after: int | str = 0) -> AsyncIterator[AsyncIterator[Event]]:
        """A stream of everything after a number."""
        given = {**self.headers(), "Accept": "text/event-stream", "Last-Event-ID": str(after)}
        asking = self.http.get(f"{self.url}/v1/chats/{chat}/events", headers=given)
        async with asking as response:
            assert response.status == 200, await response.text()
            yield events_in(response)

    def headers(self) -> dict[str, str]:
        """Who asks."""
        told = {"Origin": self.origin} if self.origin else {}
        return told | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


async def events_in(response: ClientResponse) -> AsyncIterator[Event]:
    """As a browser reads a stream; ends when that does."""
    read: dict[str, str] = {}
    async for line in response.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            read[name] = value
        elif "event" in read:
            seq = int(read["id"]) if "id" in read else None
            yield Event(read["event"], json.loads(read["data"]), seq)
            read = {}
