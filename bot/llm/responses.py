"""One answer: asked for, and read as it comes."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import httpx2
import jiter
from openai import AsyncOpenAI, AsyncStream

from bot.errors import InDoubt, NoStream, ServersDown, SportelloError, Trouble, Why
from bot.llm.answers import ResponseText, read_answer
from bot.llm.catalogue import tell_apart
from bot.llm.errors import FAILURES, translate, translated
from bot.llm.mcp import RemoteItems, is_approval
from bot.llm.refusal import ErrorObject, as_code
from bot.llm.sse import EventSplitter, RawEvent
from bot.ports import AllSaid, Answer, Began, BubbleClosed, ModelEvent, Speaking

SERVER_SECONDS: Final = 30.0  # for one answer of an MCP server
LAST_EVENT_SECONDS: Final = 20.0  # from the last bubble to the event that ends the answer
REPLY_CHARACTERS: Final = 200_000  # some ten times what `max_output_tokens` allows
EVENT_BYTES: Final = 8 * 1024 * 1024  # one repeats the instructions, whatever they are
STREAM_BYTES: Final = 64 * 1024 * 1024
_NO_EVENT: Final = (b"<", b"{", b"[")  # how pages and plain JSON begin, and no event does
_DRAIN_SECONDS: Final = 0.2
_ENDED: Final = "response.output_item.done"
_SKIPPED: Final = frozenset(
    {
        b"response.in_progress",  # repeats the whole request
        b"response.content_part.added",
        b"response.content_part.done",
        b"response.output_text.done",
        b"response.refusal.done",
    }
)


async def stream_answer(
    api: AsyncOpenAI,
    body: Mapping[str, Any],
    *,
    timeouts: httpx2.Timeout,
    last_event_seconds: float = LAST_EVENT_SECONDS,
) -> AsyncGenerator[ModelEvent, None]:
    """Ask, and give what comes as bot.ports.Model.ask describes it."""
    async with tell_apart(api):
        response = await translated(_post(api, body, timeouts), repeatable=False)
    chunks = _open_body(response)
    stream = AnswerStream(response.headers.get("x-request-id", ""))
    try:
        async for chunk in chunks:
            for event in stream.feed(chunk):
                yield event
            if stream.answer is not None or stream.whole or stream.remote.waits:
                break
        limit = Limit(last_event_seconds)
        while stream.answer is None:
            async with asyncio.timeout_at(limit.of(stream)):
                last = await anext(chunks, None)
            if last is None:
                break
            for event in stream.feed(last):
                yield event
        await _drain(chunks)
    except FAILURES as error:
        if failure := stream.lost(error):
            raise failure from None
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
        await response.aclose()
    yield stream.end()


@dataclass(slots=True)
class Limit:
    """How long the last event is waited for once all is said, or a server, whatever else comes."""

    seconds: float
    server_seconds: float = SERVER_SECONDS
    _until: float | None = None
    _waits: tuple[object, ...] = ()  # for what, at servers

    def of(self, stream: "AnswerStream") -> float | None:
        """By the loop's clock; None while more is to be said."""
        waits, before = tuple(stream.remote.waits), self._waits
        self._waits = waits
        if not waits and not stream.whole:
            self._until = None
        elif self._until is None or waits != before:
            seconds = self.server_seconds if waits else self.seconds
            self._until = asyncio.get_running_loop().time() + seconds
        return self._until


@dataclass(slots=True)
class AnswerStream:
    """Reads the events of one streamed response; does no I/O."""

    request_id: str = ""
    answer: Answer | None = None
    _response_id: str = ""
    _model: str = ""
    _speaking: bool = False
    _silent: bool = False  # after the last bubble
    _calling: bool = False  # a tool: what is said beside it is not the reply
    _bytes: int = 0
    _characters: int = 0  # of what was said
    _splitter: EventSplitter = field(default_factory=EventSplitter)
    _spoken: ResponseText = field(default_factory=ResponseText)
    remote: RemoteItems = field(default_factory=RemoteItems)

    @property
    def whole(self) -> bool:
        """Whether all that the client is to read has come, though perhaps not the last event."""
        return self._spoken.whole and not self._calling

    def end(self) -> Answer:
        """The answer, now that nothing more comes.

        Raises InDoubt when its reply is not whole, NoStream when there was no event of one.
        """
        if self.answer is None and not self.whole:
            raise self._doubt("the stream ended without a terminal event")
        return self.answer or self._conclude()

    def lost(self, error: BaseException) -> SportelloError | None:
        """What it comes to that nothing more comes; None: all was said before."""
        if isinstance(error, TimeoutError) and self.remote.waits:
            return ServersDown(tuple(self.remote.waits.values()), running=True)
        return None if self.whole else translate(error, repeatable=False)

    def feed(self, chunk: bytes) -> list[ModelEvent]:
        """What these bytes bring; the answer itself stays in `answer`.

        Raises InDoubt when they are unreadable or have no end, NoStream when they always were,
        and what ErrorObject.translate gives when the response fails before its first bubble.
        """
        if not self._bytes and chunk.lstrip().startswith(_NO_EVENT):
            raise self._doubt("it begins like a page", trouble=Trouble.NO_API)
        self._bytes += len(chunk)
        fresh: list[ModelEvent] = []
        for raw in self._splitter.feed(chunk):
            if raw.name not in _SKIPPED and self.answer is None:
                fresh += self._take(raw)
        if self._bytes > STREAM_BYTES or self._splitter.pending > EVENT_BYTES:
            self._cut("it does not end")
        return fresh

    def _cut(self, cause: str) -> None:
        if not self.whole:
            raise self._doubt(cause)
        self.answer = self.answer or self._conclude()

    def _take(self, raw: RawEvent) -> tuple[ModelEvent, ...]:
        try:
            return self._read(_load(raw.data))
        except (ValueError, LookupError, TypeError, AttributeError):
            if self.whole:
                return ()
            raise self._doubt("an event is unreadable") from None

    def _doubt(self, cause: str, *, trouble: Trouble | None = None) -> InDoubt:
        began = self._response_id or self._spoken.heard
        why = Why(
            note=cause if began else f"no stream: {cause}",
            request_id=as_code(self.request_id),
            trouble=trouble,
        )
        return (InDoubt if began else NoStream)(why.note).because(why)

    def _conclude(self, **how: Any) -> Answer:
        ended = {"id": self._response_id, "status": "completed", "model": self._model, **how}
        return read_answer(ended, self._spoken, self.remote.over)

    def _read(self, event: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        match event.get("type"):
            case "response.output_text.delta":
                return self._hear(event)
            case "response.refusal.delta":
                return self._hear_refusal(event)
            case "response.created" | "response.queued":
                return self._begin(event["response"])
            case "response.output_item.added" | "response.output_item.done":
                item = event.get("item") or {}
                self._calling |= item.get("type") == "function_call" or is_approval(item)
                if self.remote.take(item, place=_item_of(event), ended=event["type"] == _ENDED):
                    self._spoken.whole = False  # there is more to be said of what it brings
                self._spoken.learn(item, place=_item_of(event))
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
        self._response_id, self._model = response["id"], response.get("model") or ""
        return (Began(self._response_id),)

    def _hear(self, event: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        place = _item_of(event), event.get("content_index")
        closed = self._spoken.hear(
            event.get("delta", ""), place=place, item_id=event.get("item_id")
        )
        self._characters += len(event.get("delta", ""))
        if self._characters > REPLY_CHARACTERS:  # as if the server had kept to its limit
            details = {"reason": "max_output_tokens"}
            self.answer = self._conclude(status="incomplete", incomplete_details=details)
        if self._calling:  # more of the reply is said once the calls were answered
            return ()
        return (*self._speak(), *map(BubbleClosed, closed), *self._fall_silent())

    def _fall_silent(self) -> tuple[ModelEvent, ...]:
        before, self._silent = self._silent, self._spoken.whole
        return (AllSaid(),) if self._silent and not before else ()

    def _hear_refusal(self, event: Mapping[str, Any]) -> tuple[ModelEvent, ...]:
        delta, item = event.get("delta", ""), _item_of(event)
        self._spoken.refuse(delta, item=item, item_id=event.get("item_id"))
        return self._speak()

    def _speak(self) -> tuple[ModelEvent, ...]:
        if self._speaking or not self._spoken.heard:
            return ()
        self._speaking = True
        return (Speaking(),)

    def _fail(self, error: Mapping[str, Any], response: Mapping[str, Any]) -> None:
        if self.whole:
            self.answer = self._conclude()
            return
        refusal = ErrorObject.of_event(error, request_id=self.request_id)
        if not self._spoken.given:
            raise refusal.translate()
        failed = {"id": self._response_id, "status": "failed", "error": error, **response}
        self.answer = replace(read_answer(failed, self._spoken), cause=str(refusal.why))


def _item_of(event: Mapping[str, Any]) -> object:
    """Which item of the output an event is about."""
    index = event.get("output_index")
    return event.get("item_id") if index is None else index


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
