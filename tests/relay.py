"""A TCP relay in front of a server's socket, which can freeze what goes through it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 65_536


@dataclass(slots=True)
class Relay:
    """What clients of `port` say goes to the server, and its answers back."""

    server: Path
    port: int = 0
    silent: bool = False  # whoever calls from now on gets no answer
    _pumps: list[asyncio.Task[None]] = field(default_factory=list)
    _ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        self._ends.append(writer)
        if self.silent:
            return
        there, back = await asyncio.open_unix_connection(str(self.server))
        self._ends.append(back)
        pumps = _pump(reader, back), _pump(there, writer)
        self._pumps += [asyncio.create_task(one) for one in pumps]

    def freeze(self) -> None:
        """Like a cut cable: nothing goes through what is connected now, and nobody is told."""
        for task in self._pumps:
            task.cancel()

    async def close(self) -> None:
        """Hang up at both ends."""
        self.freeze()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        for end in self._ends:
            end.close()
            with suppress(OSError):
                await end.wait_closed()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await source.read(PIECE):
            sink.write(piece)
            await sink.drain()
        sink.close()


@asynccontextmanager
async def relay(server: Path) -> AsyncIterator[Relay]:
    """Before the server's socket for the length of a block."""
    made = Relay(server)
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listening.close()
        await made.close()
