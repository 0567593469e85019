"""What the emulator's tests share: the raw HTTP of bots and of people."""

from dataclasses import dataclass
from typing import Any

import aiohttp

TOKEN = "17:AAsecretsecretsecretsecretsecret"
BOT_ID = 17


@dataclass(frozen=True)
class Http:
    """A server, and the session that speaks to it."""

    url: str
    session: aiohttp.ClientSession

    async def call(self, method: str, **params: Any) -> Any:
        """A Bot API method's result; fails the test if it is refused."""
        body = await self.refused(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> Any:
        """The whole body of an answer."""
        async with self.session.post(self.bot_url(method), json=params) as response:
            body = await response.json()
            assert response.status == (200 if body["ok"] else body["error_code"])
            return body

    def bot_url(self, method: str) -> str:
        return f"{self.url}/bot{TOKEN}/{method}"

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}{path}") as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def send(self, path: str, body: Any = None, *, method: str = "POST") -> Any:
        async with self.session.request(method, f"{self.url}{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()


def description(body: Any) -> str:
    """What a refusal says."""
    assert body["ok"] is False
    return str(body["description"])
