"""One answer: asked for and streamed, or looked up again."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

import httpx2
import jiter
from openai import AsyncOpenAI, AsyncStream

from bot.errors import InDoubt
from bot.llm.answers import Spoken, read_answer
from bot.llm.errors import FAILURES, translate, translated
from bot.llm.refusal import Refusal
from bot.llm.sse import EventSplitter, RawEvent
from bot.ports import Answer, Began, BubbleClosed, ModelEvent, Speaking

_DRAIN_SECONDS: Final = 0.2
_SKIPPED: Final = frozenset(
    {
        b"response.in_progress",  # repeats the whole request
        b"response.output_item.added",
        b"response.output_item.done",
        b"response.content_part.added",
        b"response.content_part.done",
        b"response.output_text.done",
        b"response.refusal.done",
    }
)


async def stream_answer(
    api: AsyncOpenAI, body: Mapping[str, Any], *, timeouts: httpx2.Timeout
) -> AsyncGenerator[ModelEvent, None]:
    """Ask, and give what comes as bot.ports.Model.ask describes it."""
    response = await translated(_post(api, body, timeouts), repeatable=False)
    chunks = _open_body(response)
    stream = AnswerStream()
    try:
        async for chunk in chunks:
            for event in stream.feed(chunk):
                yield event
            if stream.answer is not None:
                break
        if stream.answer is None:
            raise InDoubt("the stream ended without a terminal event")
        await _drain(chunks)
        yield stream.answer
    except FAILURES as error:
        raise translate(error, repeatable=False) from None
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
        await response.aclose()


async def retrieve_answer(api: AsyncOpenAI, response_id: str) -> Answer:
    """An answer by its id."""
    response = await translated(api.responses.retrieve(response_id))
    return read_answer(response.to_dict(warnings=False))


@dataclass(slots=True)
class AnswerStream:
    """Reads the events of one streamed response; does no I/O."""

    answer: Answer | None = None
    _response_id: str = ""
    _splitter: EventSplitter = field(default_factory=EventSplitter)
    _spoken: Spoken = field(default_factory=Spoken)

    def feed(self, chunk: bytes) -> list[ModelEvent]:
        """What these bytes bring; the answer itself stays in `answer`.

        Raises InDoubt when they are unreadable, and what Refusal.translate gives when the
        response fails before its first bubble.
        """
        fresh: list[ModelEvent] = []
        for raw in self._splitter.feed(chunk):
            if raw.name not in _SKIPPED and self.answer is None:
                fresh += self._take(raw)
        return fresh

    def _take(self, raw: RawEvent) -> tuple[ModelEvent, ...]:
        try:
            return self._read(_load(raw.data))
        except (ValueError, LookupError, TypeError, AttributeError):
            raise InDoubt("an event is unreadable") from None

    def _read(self, event: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        match event.get("type"):
            case "response.output_text.delta":
                return self._hear(event)
            case "response.refusal.delta":
                return self._hear_refusal(event)
            case "response.created" | "response.queued":
                return self._begin(event["response"])
            case "response.completed" | "response.incomplete" | "response.cancelled":
                began = self._begin(event["response"])
                self.answer = read_answer(event["response"], self._spoken)
                return began
            case "response.failed":
                began = self._begin(event["response"])
                self._fail(event["response"].get("error") or {}, event["response"])
                return began
            case _:
                if event.get("type") == "error" or event.get("error"):
                    self._fail(event.get("error") or event, {})
                return ()

    def _begin(self, response: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        if self._response_id:
            return ()
        self._response_id = response["id"]
        return (Began(self._response_id),)

    def _hear(self, event: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        first = () if self._spoken.heard else (Speaking(),)
        place = event.get("output_index"), event.get("content_index")
        closed = self._spoken.hear(event.get("delta", ""), place=place)
        return (*first, *(BubbleClosed(text) for text in closed))

    def _hear_refusal(self, event: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        first = () if self._spoken.heard else (Speaking(),)
        self._spoken.refusal += event.get("delta", "")
        return first

    def _fail(self, error: Mapping[str, Any], response: Mapping[str, Any]) -> None:
        if not self._spoken.given:
            raise Refusal.of_event(error).translate()
        failed = {"id": self._response_id, "status": "failed", "error": error, **response}
        self.answer = read_answer(failed, self._spoken)


async def _post(
    api: AsyncOpenAI, body: Mapping[str, Any], timeouts: httpx2.Timeout
) -> httpx2.Response:
    """The response with its body unread; see docs/decisions/0010-stream-path.md."""
    response = await api.post(
        "/responses",
        cast_to=httpx2.Response,
        body=body,
        stream=True,
        stream_cls=AsyncStream[Any],
        options={"timeout": timeouts, "headers": {"Accept-Encoding": "identity"}},
    )
    # With this `cast_to` the SDK hands out the response, whatever the signature says.
    return cast("httpx2.Response", response)


def _open_body(response: httpx2.Response) -> AsyncIterator[bytes]:
    """The bytes as they arrive: three layers less than `aiter_bytes`, where none is encoded."""
    stream = response.stream
    if "content-encoding" in response.headers or not isinstance(stream, httpx2.AsyncByteStream):
        return response.aiter_bytes()
    return aiter(stream)


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    """Read to the end, so that the connection can be used again."""
    with suppress(*FAILURES):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for _ in chunks:
                pass


def _load(data: bytes) -> Any:
    try:
        return jiter.from_json(data)
    except ValueError:
        # A lone surrogate, which jiter refuses: a pair may have been cut between two deltas.
        return {} if data == b"[DONE]" else json.loads(data)
