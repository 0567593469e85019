"""Serve an ASGI application inside the current event loop, and cut its connections on purpose."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

ABORT: Final = "sportello.abort"
KEEP_ALIVE_SECONDS: Final = 75
BACKLOG: Final = 2048  # the default of 100 makes some of 200 clients wait a second to connect


class AbortableProtocol(HttpToolsProtocol):
    """Offers the transport's abort to the application, as an ASGI extension."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"call": self.transport.abort}}


async def abort_connection(scope: Scope, receive: Receive) -> None:
    """Close the TCP connection now, unsent bytes included; returns once it is closed.

    Works before an answer and in the middle of a streamed one; what the application
    sends afterwards goes nowhere. Needs a server started by `serve`.
    """
    scope["extensions"][ABORT]["call"]()
    message: Message = {}
    while message.get("type") != "http.disconnect":
        message = await receive()


class AbortedResponse(Response):
    """An answer that is none: the peer sees its connection closed without a response."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await abort_connection(scope, receive)


@asynccontextmanager
async def serve(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Run `app` (port 0: any free one) and yield its base URL, without a trailing slash.

    The application gets no lifespan events. Leaving the context closes every connection and
    ends every handler at once, open long polls and streams included. Raises OSError when the
    port is taken.
    """
    state = ServerState()
    config = Config(
        _ends_quietly(app),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )

    def protocol() -> asyncio.Protocol:
        return AbortableProtocol(config=config, server_state=state, app_state={})

    server = await asyncio.get_running_loop().create_server(protocol, host, port, backlog=BACKLOG)
    try:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await _close_connections(state)
        await server.wait_closed()


def _ends_quietly(app: ASGIApp) -> ASGIApp:
    """Keep the cancellation of a handler, which only `serve` does, out of uvicorn's error log."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            await abort_connection(scope, receive)

    return wrapped


async def _close_connections(state: ServerState) -> None:
    for connection in tuple(state.connections):
        connection.transport.abort()
    tasks: tuple[asyncio.Task[Any], ...] = tuple(state.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # connection_lost is called in the next turn of the loop
