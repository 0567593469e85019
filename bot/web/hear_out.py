"""An answer that comes before its request was heard to the end reaches whoever still sends it.

To close on somebody who sends resets the connection, and with it goes an answer that they have not
read yet (RFC 9112, 9.6). So they are answered at once, which is enough for those who read
meanwhile; all others, most browsers among them, are heard out first.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 64 * 1024**2  # three of the largest files; none of it is kept
MOST_SECONDS: Final = 60.0
SILENT_SECONDS: Final = 10.0  # of who sends nothing more
_CLOSES: Final = (b"connection", b"close")


@dataclass(frozen=True, slots=True)
class HeardOut:
    """An application whose answers arrive; no request comes after one that it did not hear."""

    app: ASGIApp
    silent_seconds: float = SILENT_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI calls it."""
        told = dict(scope["headers"])
        if b"transfer-encoding" in told or told.get(b"content-length", b"0") != b"0":
            exchange = _Exchange(receive, send, self.silent_seconds)
            await self.app(scope, exchange.receive, exchange.send)
        else:
            await self.app(scope, receive, send)


@dataclass(slots=True)
class _Exchange:
    """`comes`: whether there may be more of the request."""

    hear: Receive
    tell: Send
    silent_seconds: float
    comes: bool = True

    async def receive(self) -> Message:
        message = await self.hear()
        self.comes = message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self.comes and message["type"] == "http.response.start":
            await self.tell({**message, "headers": [*message.get("headers", ()), _CLOSES]})
        elif self.comes and not message.get("more_body"):
            await self.tell({**message, "more_body": True})
            await self._hear_out()
            await self.tell({"type": message["type"]})
        else:
            await self.tell(message)

    async def _hear_out(self) -> None:
        heard = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(MOST_SECONDS):
                while self.comes and heard < MOST_BYTES:
                    async with asyncio.timeout(self.silent_seconds):
                        heard += len((await self.receive()).get("body", b""))
