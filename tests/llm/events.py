"""Events of a streamed response, written by hand."""

import json
from collections.abc import Iterable
from typing import Any

from bot.llm.responses import AnswerStream
from bot.ports import Answer, ModelEvent


def event(kind: str, **fields: Any) -> bytes:
    data = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def created(response_id: str = "resp_1") -> bytes:
    return event("response.created", response={"id": response_id, "status": "in_progress"})


def delta(text: str, *, output: int = 0, **fields: Any) -> bytes:
    place = {"output_index": output, "content_index": 0, **fields}
    return event("response.output_text.delta", **place, delta=text)


def added(*, output: int = 0, **fields: Any) -> bytes:
    item = {"type": "message", "status": "in_progress", **fields}
    return event("response.output_item.added", output_index=output, item=item)


def done(*, output: int = 0, **fields: Any) -> bytes:
    item = {"type": "message", "status": "completed", **fields}
    return event("response.output_item.done", output_index=output, item=item)


def message(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}], **fields}


def ended(status: str = "completed", **fields: Any) -> bytes:
    response = {"id": "resp_1", "status": status, "model": "gpt-6-luna", "output": [], **fields}
    return event(f"response.{status}", response=response)


def read(chunks: Iterable[bytes]) -> tuple[list[ModelEvent], Answer | None]:
    stream = AnswerStream()
    return [fresh for chunk in chunks for fresh in stream.feed(chunk)], stream.answer
