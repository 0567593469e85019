"""Writing a response to its client: as events in time, as one object, or to nobody."""

import asyncio
import time

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.playground.openai.api_error import ApiError
from bot.playground.openai.events import Frame
from bot.playground.openai.faults import FaultKind
from bot.playground.openai.generation import Ending, Generation
from bot.playground.serve import abort_connection

_HALF_AN_EVENT = b'event: response.output_text.delta\ndata: {"type":"response.outp'
_PING_SECONDS = 0.1
_SHORT_SECONDS = 0.1  # a wait below this is not worth watching for the client's leaving


class GeneratedResponse(Response):
    """Runs a generation for the client that asked, and beyond it when the client leaves."""

    def __init__(self, generation: Generation) -> None:
        super().__init__(media_type="text/event-stream")
        del self.headers["content-length"]
        self._generation = generation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        generation = self._generation
        watcher = asyncio.create_task(_watch(receive, generation.stop))
        if generation.request.background and not generation.request.stream:
            watcher.cancel()  # its client is expected to leave
        try:
            generation.begin()
            if await self._hang():
                await generation.outlive(generation.plan.seconds)
            elif generation.request.stream:
                await self._stream(scope, receive, send)
            else:
                await self._answer(scope, receive, send)
        finally:
            watcher.cancel()
            generation.release()

    async def _hang(self) -> bool:
        """Hold the headers back, if the fault says so; whether the client left meanwhile."""
        fault = self._generation.plan.fault
        if fault.kind is FaultKind.HANG:
            await _pause(fault.seconds, self._generation.stop)
        return self._generation.stop.is_set()

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        generation, began = self._generation, time.monotonic()
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await self._write_deltas(send)
        if generation.stop.is_set():
            left = generation.plan.seconds - (time.monotonic() - began)
            return await generation.outlive(left)
        if generation.plan.ending is Ending.CUT:
            await _write(send, _HALF_AN_EVENT)
            await asyncio.sleep(0)  # let the loop flush what was written
            await abort_connection(scope, receive)
            return await generation.outlive(0)
        if generation.plan.ending is Ending.PINGS:
            while not generation.stop.is_set():
                await _write(send, b": ping\n\n")
                await _pause(_PING_SECONDS, generation.stop)
            return await generation.outlive(0)
        for frame in generation.closing():
            await _write(send, frame.data)
        await _write(send, b"", more=False)
        if generation.plan.ending is Ending.SILENT_END:
            await generation.outlive(0)

    async def _write_deltas(self, send: Send) -> None:
        """Write up to the last delta, each when it is due on a schedule that does not drift."""
        generation, due = self._generation, time.monotonic()
        rhythm = generation.plan.rhythm
        wait = rhythm.first_seconds
        for frame in generation.opening():
            if frame.delta and wait:
                due += wait
                await _pause(due - time.monotonic(), generation.stop)
            if generation.stop.is_set():
                return
            if frame.delta:
                wait = rhythm.delta_seconds
                self._note(frame)
            await _write(send, frame.data)

    def _note(self, frame: Frame) -> None:
        """Record a delta just before it is written, so that no client can be earlier."""
        timing = self._generation.timing
        if frame.closings or timing.first_delta is None:
            now = time.monotonic()
            timing.first_delta = timing.first_delta or now
            timing.closed.extend([now] * frame.closings)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        generation = self._generation
        if generation.request.background:
            await JSONResponse(generation.answered.body)(scope, receive, send)
            await _pause(generation.plan.seconds, generation.stop)
            return await generation.outlive(0)
        await _pause(generation.plan.seconds, generation.stop)
        if generation.plan.ending in {Ending.SILENT_END, Ending.CUT, Ending.PINGS}:
            await abort_connection(scope, receive)
        if generation.stop.is_set():
            return await generation.outlive(0)
        await self._whole()(scope, receive, send)

    def _whole(self) -> Response:
        generation = self._generation
        generation.settle()
        if generation.plan.ending in {Ending.ERROR_EVENT, Ending.ERROR_FIELD}:
            fault = generation.plan.fault
            error = ApiError(500, fault.message, fault.code or "server_error", None, "server_error")
            return JSONResponse({"error": error.body()}, error.status)
        return JSONResponse(generation.answered.body)


async def _write(send: Send, data: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def _watch(receive: Receive, left: asyncio.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    left.set()


async def _pause(seconds: float, left: asyncio.Event) -> None:
    """Wait, but not longer than the client does."""
    if seconds < _SHORT_SECONDS:
        await asyncio.sleep(seconds)
        return
    try:
        async with asyncio.timeout(seconds):
            await left.wait()
    except TimeoutError:
        pass
