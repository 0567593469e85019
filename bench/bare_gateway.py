"""The least that a gateway can be: `python -m bench.bare_gateway`.

Starlette and openai as they come, a conversation per caller in a dictionary; what the model writes
is passed on as it comes. No keys and no database: whatever is under way when it dies is lost. The
model is told the same as by Sportello. Prints its address when it answers.
"""

import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import uvloop
from openai import AsyncOpenAI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bench.floor import REQUEST
from bench.processes import serve_until_ended

PLAIN: Final[dict[str, Any]] = {name: REQUEST[name] for name in REQUEST if name != "text"}
STREAM: Final = "text/event-stream"


class BareGateway:
    """Two routes and what they remember."""

    def __init__(self, api: AsyncOpenAI) -> None:
        self._api = api
        self._conversations: dict[str, str] = {}

    async def prompt(self, request: Request) -> Response:
        """`POST /prompt-stream`: bare objects, one in each chunk."""
        body = await request.json()
        return StreamingResponse(self._speak(body["uuid"], body["message"]), media_type=STREAM)

    async def complete(self, request: Request) -> Response:
        """`POST /v1/chat/completions`: as OpenAI streams it."""
        body = await request.json()
        answer = self._complete(body["user"], body["messages"][-1]["content"])
        return StreamingResponse(answer, media_type=STREAM)

    async def _speak(self, caller: str, text: str) -> AsyncIterator[str]:
        async for words in self._words(caller, text):
            yield json.dumps({"type": "text", "content": words})

    async def _complete(self, caller: str, text: str) -> AsyncIterator[str]:
        head = {"id": caller, "object": "chat.completion.chunk", "created": int(time.time())}
        async for words in self._words(caller, text):
            choice = {"index": 0, "delta": {"content": words}, "finish_reason": None}
            yield f"data: {json.dumps({**head, 'model': 'default', 'choices': [choice]})}\n\n"
        yield "data: [DONE]\n\n"

    async def _words(self, caller: str, text: str) -> AsyncIterator[str]:
        if caller not in self._conversations:
            self._conversations[caller] = (await self._api.conversations.create()).id
        async for event in await self._api.responses.create(
            conversation=self._conversations[caller], input=text, stream=True, **PLAIN
        ):
            if event.type == "response.output_text.delta":
                yield event.delta


def build_app(api: AsyncOpenAI) -> Starlette:
    """Both routes."""
    gateway = BareGateway(api)
    return Starlette(
        routes=[
            Route("/prompt-stream", gateway.prompt, methods=["POST"]),
            Route("/v1/chat/completions", gateway.complete, methods=["POST"]),
        ]
    )


async def main() -> None:
    """Serve until SIGTERM."""
    await serve_until_ended(build_app(AsyncOpenAI()))


if __name__ == "__main__":
    uvloop.run(main())
