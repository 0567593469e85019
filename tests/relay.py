"""A TCP relay in front of a server's socket, which can freeze or lose what goes through it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 65_536
COMMIT = b"COMMIT;"  # as asyncpg says it
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Relay:
    """What clients of `port` say goes to the server, and its answers back."""

    server: Path
    port: int = 0
    silent: bool = False  # whoever calls from now on gets no answer
    swallow: int = 0  # of so many commits the answer is lost, and the connection with it
    _pumps: list[asyncio.Task[None]] = field(default_factory=list)
    _ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        self._ends.append(writer)
        if self.silent:
            return
        there, back = await asyncio.open_unix_connection(str(self.server))
        self._ends.append(back)
        answers = asyncio.create_task(_pump(there, writer))
        questions = self._ask((reader, writer), (there, back), answers)
        self._pumps += [answers, asyncio.create_task(questions)]

    async def _ask(self, client: Ends, server: Ends, answers: asyncio.Task[None]) -> None:
        """Pump questions, up to a commit that is swallowed once the server has answered it."""
        (questions, caller), (there, back) = client, server
        with suppress(ConnectionError):
            while piece := await questions.read(PIECE):
                if is_last := self.swallow > 0 and COMMIT in piece:
                    self.swallow -= 1
                    answers.cancel()
                    await asyncio.wait([answers])
                back.write(piece)
                await back.drain()
                if is_last:
                    await there.read(PIECE)
                    caller.close()
                    break
            back.close()

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
