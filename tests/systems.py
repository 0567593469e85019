"""A company's own system: a server of this machine, which keeps what it was asked."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class System:
    """What it was asked, and with which bodies."""

    port: int = 0
    asked: list[web.BaseRequest] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[System]:
    """A server that answers as it is told to."""
    system = System()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        system.bodies.append(await request.text())
        system.asked.append(request)
        return await handler(request)

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    system.port = runner.addresses[0][1]
    try:
        yield system
    finally:
        await runner.cleanup()
