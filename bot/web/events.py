"""Everything after a number, or all that was said to a message: told as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, aclosing
from dataclasses import dataclass, replace
from typing import Final

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from bot.ports import Clock
from bot.web.letter import stored_id
from bot.web.server import ABORT
from bot.web.shapes import ALIVE, RETRY, Told, as_told, moment, page
from bot.web.streams import Listener, Streams
from db.engine import Database, is_unusable
from db.entries import Glance, entries_after, glance, is_known_seq, log_at, messages_before
from db.log import EntryKind, LogEntry
from db.records import Address

AT_ONCE: Final = 200  # entries that are read together
PAGE: Final = 50  # messages that are told when a number is none that we gave
ALIVE_SECONDS: Final = 15.0
LONGEST_STREAM: Final = 1800.0  # seconds; who comes again is looked at again
UNTOLD_SECONDS: Final = 5.0  # what ends without a word may be told by nobody: it is looked for
SURE_SECONDS: Final = 60.0  # for which it is not asked again whether somebody may read
SLOW_SECONDS: Final = 30.0  # for which somebody may not take what is sent
HEADERS: Final = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
}


@dataclass(frozen=True, slots=True)
class Following:
    """Reads chats' logs for those who follow them."""

    database: Database
    streams: Streams
    clock: Clock

    async def stream(
        self,
        address: Address,
        after: int | None,
        *,
        session: int | None = None,
        may_read: Callable[[], Awaitable[bool]],
    ) -> AsyncGenerator[bytes]:
        """What is there and what comes, until the process ends or it is long enough.

        `session`: with which it is read. `may_read`: asked before something new is told, if it was
        not a short time ago.
        """
        yield RETRY
        sure = self.clock.boottime()
        ends = sure + LONGEST_STREAM
        async with self.streams.listening(address, session) as listener:
            if missed := await self._begin(listener, after):
                yield b"".join(one.as_sse() for one in missed)  # whoever reads it reads it at once
            while not (listener.over or self.streams.ending) and self.clock.boottime() < ends:
                typed = listener.typing_until
                told = await self._next(listener)
                if told and self.clock.boottime() - sure > SURE_SECONDS:
                    if not await may_read():
                        break
                    sure = self.clock.boottime()
                if told:
                    yield b"".join(one.as_sse() for one in told)
                    continue
                if not await listener.wait(ALIVE_SECONDS, self.clock):
                    yield ALIVE
                elif listener.typing_until > max(typed, self.clock.now()):
                    yield _typing(listener).as_sse()
            yield b"".join(one.as_sse() for one in _end(listener))
        yield RETRY

    async def poll(
        self, address: Address, after: int | None, *, wait: float, session: int | None = None
    ) -> tuple[Sequence[Told], int]:
        """What is there, or comes within so many seconds; and the number to go on after."""
        ends = self.clock.boottime() + wait
        async with self.streams.listening(address, session) as listener:
            told = await self._begin(listener, after)
            while not told:
                told = await self._next(listener)
                left = ends - self.clock.boottime()
                if told or left <= 0 or self.streams.ending:
                    break
                is_woken = await listener.wait(left, self.clock)
                if listener.over:
                    return _end(listener), listener.seq
                if is_woken and _types(listener, self.clock):
                    told = [*await self._next(listener)] or [_typing(listener)]
            return told, listener.seq

    async def answers(
        self, address: Address, own: str, *, seconds: float
    ) -> tuple[LogEntry, ...] | None:
        """All that was said to a message; None: it takes longer."""
        async with aclosing(self.looks(address, own, seconds=seconds)) as looks:
            async for seen in looks:
                if seen.whole:
                    return seen.said
        return None

    async def looks(
        self, address: Address, own: str, *, seconds: float, every: float = UNTOLD_SECONDS
    ) -> AsyncGenerator[Glance]:
        """What was said to a message by now, whenever it may be more, until it is all.

        It comes after `every` seconds of silence, too. Ends without all of it where it takes
        longer, and where reading is `cut`.
        """
        ends = self.clock.boottime() + seconds
        async with self.streams.listening(address) as listener:
            listener.till_answered = True
            seen: Glance | None = None
            while True:
                if seen := await self._glance(listener, own, seen):
                    yield seen
                    if seen.whole:
                        return
                left = ends - self.clock.boottime()
                if left <= 0 or self.streams.ending or listener.over:
                    return
                if not await listener.wait(min(left, every), self.clock):
                    listener.news = True  # of which nobody told

    async def _glance(self, listener: Listener, own: str, seen: Glance | None) -> Glance | None:
        """What was said to a message by now; `seen`: what was before.

        It is not looked for where all that is new was handed over, and belongs to a turn that was
        open: whoever is told when that ends misses nothing.
        """
        handed = listener.take_handed()
        if seen and not listener.news and (seen.turn or not handed):
            said = (one for one in handed if one.turn == seen.turn and one.kind is EntryKind.SAID)
            return replace(seen, seq=listener.seq, said=(*seen.said, *said))
        listener.news = False  # whatever comes while it is looked means another look
        seen = await self.database.read(glance, listener.address, stored_id(own))
        if seen:
            self.streams.know(listener, seen.chat)
            listener.seq = seen.seq
        return seen

    async def _begin(self, listener: Listener, after: int | None) -> Sequence[Told]:
        """Go on after a number; where it is none that we gave, with what there is now."""
        state = await self.database.read(log_at, listener.address)
        if state is None:
            return () if after == 0 else [Told("reset", page((), limit=PAGE, seq=0), 0)]
        self.streams.know(listener, state.chat)
        if after is not None and await self.database.read(is_known_seq, state.chat, after):
            listener.seq = after
            return ()
        listener.seq = state.seq
        newest = await self.database.read(messages_before, state.chat, None, limit=PAGE)
        return [Told("reset", page(newest, limit=PAGE, seq=state.seq), state.seq)]

    async def _next(self, listener: Listener) -> Sequence[Told]:
        """What is there by now; it is not looked where nothing can be."""
        if listener.row is not None and (handed := listener.take_handed()):
            return [as_told(one) for one in handed]
        if not listener.news:
            return ()
        listener.news = False  # whatever comes while it is looked means another look
        if listener.row is None:
            state = await self.database.read(log_at, listener.address)
            if state is None:
                return ()
            self.streams.know(listener, state.chat)
        row, seq = listener.row, listener.seq
        if row is None:
            return ()
        found = await self.database.read(entries_after, row, seq, limit=AT_ONCE)
        if found:
            listener.seq = found[-1].seq
        listener.news |= len(found) == AT_ONCE
        return [as_told(one) for one in found]


def _end(listener: Listener) -> Sequence[Told]:
    """Why it may not read any more, if there is more to it than an end."""
    return [Told(listener.end, {})] if listener.end else []


def _types(listener: Listener, clock: Clock) -> bool:
    return listener.typing_until > clock.now()


def _typing(listener: Listener) -> Told:
    return Told("typing", {"until": moment(listener.typing_until)})


class EventStream(StreamingResponse):
    """An answer that goes on as long as its source; who does not take it is cut off.

    `seat`: taken at once, if there is one, and given back at the end.
    """

    def __init__(
        self,
        source: AsyncGenerator[bytes],
        seat: AbstractContextManager[object] | None = None,
        *,
        patience: float = SLOW_SECONDS,
    ) -> None:
        super().__init__(source, headers=HEADERS)
        self._source, self._patience, self._seat = source, patience, ExitStack()
        if seat:
            self._seat.enter_context(seat)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI answers."""
        start: Message = {"type": "http.response.start", "status": self.status_code}
        gone = asyncio.create_task(until_gone(receive))
        try:
            await send({**start, "headers": self.raw_headers})
            while (piece := await self._piece(gone)) is not None:
                async with asyncio.timeout(self._patience):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            scope["extensions"][ABORT]["call"]()
        finally:
            gone.cancel()
            self._seat.close()
            await self._source.aclose()

    async def _piece(self, gone: "asyncio.Task[None]") -> bytes | None:
        following = asyncio.ensure_future(anext(self._source, None))
        try:
            await asyncio.wait((following, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:  # also when this is cancelled: a source at work cannot be closed
            if is_left := not following.done():
                following.cancel()
                await asyncio.wait((following,))
        if is_left:
            return None
        try:
            return following.result()
        except Exception as error:
            if is_unusable(error):  # who reads comes again
                return None
            raise


async def until_gone(receive: Receive) -> None:
    """Until whoever asked has hung up; all that they ask was read before."""
    while (await receive())["type"] != "http.disconnect":
        pass
