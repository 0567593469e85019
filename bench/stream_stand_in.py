"""A stand-in for OpenAI that streams one reply, as cheaply as can be, for bench.stream_paths."""

import asyncio
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, cast

from bot.llm.requests import write_request
from bot.ports import Line, Question, Speaker

BUBBLES: Final = (
    "Buongiorno! Il check-in comincia alle 14:00 e la camera resta sua fino alle 11:00.",
    "Se arriva prima, può lasciare i bagagli alla reception, senza alcun supplemento.",
    "A che ora pensa di arrivare, e con quale mezzo?",
)
DELTAS: Final = 60
GAP_SECONDS: Final = 0.012
QUESTION: Final = Question(
    opens=False,
    told=(),
    conversation_id="conv_1",
    model="gpt-6-luna",
    effort="none",
    instructions="You work at the desk of Hotel Aurora. " * 150,
    lines=(Line(Speaker.CLIENT, "Buongiorno, a che ora è il check-in?"),),
    cache_key="tenant-1-1",
    safety_identifier="0" * 64,
)


def compose_body() -> dict[str, Any]:
    """The request of one turn."""
    return write_request(QUESTION)


def compose_events() -> Iterator[bytes]:
    """A reply's events, with the fields and the sizes that the API gives them."""
    text = json.dumps({"messages": BUBBLES}, ensure_ascii=False, separators=(",", ":"))
    part = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed"}
    at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    shell = {"id": "resp_1", "object": "response", "created_at": 1, **compose_body(), "output": []}
    running, ended = {**shell, "status": "in_progress"}, {**shell, "status": "completed"}
    ended["output"] = [{**item, "content": [part]}]
    cuts = [len(text) * n // DELTAS for n in range(DELTAS + 1)]
    table: list[tuple[str, dict[str, Any]]] = [
        ("created", {"response": running}),
        ("in_progress", {"response": running}),
        ("output_item.added", {"output_index": 0, "item": {**item, "content": []}}),
        ("content_part.added", {**at, "part": {**part, "text": ""}}),
        *(
            ("output_text.delta", {**at, "delta": text[start:end], "logprobs": []})
            for start, end in pairwise(cuts)
        ),
        ("output_text.done", {**at, "text": text, "logprobs": []}),
        ("content_part.done", {**at, "part": part}),
        ("output_item.done", {"output_index": 0, "item": {**item, "content": [part]}}),
        ("completed", {"response": ended}),
    ]
    for number, (name, fields) in enumerate(table):
        data = {"type": f"response.{name}", "sequence_number": number, **fields}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        yield f"event: response.{name}\ndata: {text}\n\n".encode()


class StandIn(asyncio.Protocol):
    """Answers whatever it is asked with the same reply, one event per write."""

    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    gap_seconds = GAP_SECONDS
    chunks = tuple(b"%x\r\n%s\r\n" % (len(event), event) for event in compose_events())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if found and len(body) >= int(length):
            self.received = b""
            self.transport.write(self.head)
            self.write(iter(self.chunks))

    def write(self, chunks: Iterator[bytes]) -> None:
        if self.transport.is_closing():
            return
        if chunk := next(chunks, b""):
            self.transport.write(chunk)
            asyncio.get_running_loop().call_later(self.gap_seconds, self.write, chunks)
        else:
            self.transport.write(b"0\r\n\r\n")


async def serve() -> None:
    """Be the stand-in; says on which port."""
    server = await asyncio.get_running_loop().create_server(StandIn, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
