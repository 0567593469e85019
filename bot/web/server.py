"""Serve an ASGI application within the loop that runs, to whoever may come.

uvicorn sets no limit to how long a head of a request may be, nor to how long it takes to come.
"""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from bot.web.hear_out import HeardOut

ABORT: Final = "sportello.abort"  # an ASGI extension: cut the connection, unsent bytes included
KEEP_ALIVE_SECONDS: Final = 75  # a proxy closes first
HEAD_SECONDS: Final = 10.0  # for a request's line and headers
HEAD_BYTES: Final = 16_384
BACKLOG: Final = 2048
CONNECTIONS: Final = 10_000  # at once; one more is told to come again, or cut
SPARE_FILES: Final = 256  # that are no connections: to Telegram, the model and the database


class GuardedProtocol(HttpToolsProtocol):
    """Lets nobody hold a connection who says nothing, or begins a request that has no end."""

    head_seconds = HEAD_SECONDS
    most = CONNECTIONS
    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(
        self,
        transport: asyncio.Transport,  # type: ignore[override] # as uvicorn narrows it
    ) -> None:
        """Somebody comes."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self.transport.abort()
        else:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A piece of a request."""
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request
        if (cycle is None or cycle.response_complete) and self._deadline is None:
            self._expect_head()
        self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > HEAD_BYTES:
            self.transport.abort()

    def on_body(self, body: bytes) -> None:
        """What is no body is head, or stands behind it; the application reads bodies."""
        if not self.cycle.response_complete:
            self._head_bytes -= len(body)
        super().on_body(body)

    def on_message_begin(self) -> None:
        """A request begins; never while another is answered.

        No browser and no proxy sends one then. uvicorn would keep it without a limit, and would
        not tell the first when whoever asked is gone.
        """
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self.transport.abort()
            raise ValueError("a request within the answer to another")
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"call": self.transport.abort}}

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._head_came()
        super().on_headers_complete()

    def _expect_head(self) -> None:
        self._head_bytes = 0
        self._deadline = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _head_came(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._head_bytes = 0


@asynccontextmanager
async def serve(
    app: ASGIApp,
    *,
    host: str,
    port: int,
    ending: Callable[[], object],
    seconds: float = 1.0,
    head_seconds: float = HEAD_SECONDS,
    connections: int = CONNECTIONS,
) -> AsyncIterator[str]:
    """Serve until the end of the block (port 0: any free one); the address, without a path.

    At the end nobody is let in any more, `ending` is called, and what is under way has so many
    seconds to be answered. Raises OSError when the port is taken.
    """
    state, connections = ServerState(), room_for(connections)
    config = Config(
        HeardOut(app, head_seconds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        limit_concurrency=connections,
    )

    def protocol() -> asyncio.Protocol:
        made = GuardedProtocol(config=config, server_state=state, app_state={})
        made.head_seconds, made.most = head_seconds, connections
        return made

    server = await asyncio.get_running_loop().create_server(protocol, host, port, backlog=BACKLOG)
    try:
        bound = server.sockets[0].getsockname()[1]
        yield f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
    finally:
        server.close()
        ending()
        await _end(state, seconds)
        await server.wait_closed()


def room_for(connections: int) -> int:
    """How many there may be of so many: each is an open file, and all else here opens some too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return connections
    wanted = connections + SPARE_FILES
    if soft < wanted:
        more = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        with suppress(ValueError, OSError):  # a system may have a limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, min(connections, soft - SPARE_FILES))


async def _end(state: ServerState, seconds: float) -> None:
    """What is under way is answered, if it is soon; the rest is cut."""
    tasks: tuple[asyncio.Task[Any], ...] = tuple(state.tasks)
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for connection in tuple(state.connections):
        connection.transport.close()
    await asyncio.sleep(0)  # connection_lost is called in the next turn of the loop
    for connection in tuple(state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)
