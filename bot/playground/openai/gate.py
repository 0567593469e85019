"""What every request passes: recording, the key, the faults, and errors as the API shows them."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.playground.openai.api_error import ApiError, Json, incorrect_key, missing_key
from bot.playground.openai.faults import Fault, FaultKind, Faults, refuse
from bot.playground.openai.items import new_id
from bot.playground.openai.timing import Received, Records

_STREAMED = "responses.create"  # hangs by itself: its answer may go on meanwhile
_NO_FAULT = Fault(FaultKind.NONE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be answered."""

    path: dict[str, Any]
    query: dict[str, str]
    body: Json
    fault: Fault
    received: float  # seconds, monotonic


Handler = Callable[[Asked], Response]


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets requests through to their handlers."""

    faults: Faults
    records: Records
    revoked_keys: set[str] = field(default_factory=set)

    def guard(self, operation: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint for this operation, such as `responses.create`."""

        async def endpoint(request: Request) -> Response:
            try:
                asked = await self._admit(operation, request)
                page = asked.fault.kind is FaultKind.NO_STREAM
                if asked.fault.kind is FaultKind.HANG and operation != _STREAMED:
                    await asyncio.sleep(asked.fault.seconds)
                response = HTMLResponse(asked.fault.text) if page else handler(asked)
            except ApiError as error:
                response = JSONResponse({"error": error.body()}, error.status, error.headers)
            response.headers["x-request-id"] = new_id("req")
            return response

        return endpoint

    async def _admit(self, operation: str, request: Request) -> Asked:
        received = time.monotonic()
        body = await _read_body(request)
        self.records.note(Received(request.method, request.url.path, body, received))
        key = self._check_key(request.headers.get("authorization", ""))
        conversation = request.path_params.get("conversation_id") or _conversation(body)
        fault = self.faults.take(operation, conversation) or _NO_FAULT
        refusal = refuse(fault, key=key)
        if refusal is not None:
            raise refusal
        return Asked(request.path_params, dict(request.query_params), body or {}, fault, received)

    def _check_key(self, authorization: str) -> str:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise missing_key()
        if key in self.revoked_keys:
            raise incorrect_key(key)
        return key


async def _read_body(request: Request) -> Json | None:
    if request.method != "POST" or not await request.body():
        return None
    try:
        body = await request.json()
        if b"\\ud" in (await request.body()).lower():  # half a pair could not be written back
            json.dumps(body, ensure_ascii=False).encode()
    except ValueError:
        raise ApiError(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise ApiError(400, "The body of the request must be a JSON object.")
    if isinstance(body.get("instructions"), str):  # the same 10 kB in each request of a tenant
        body["instructions"] = sys.intern(body["instructions"])
    return body


def _conversation(body: Json | None) -> str | None:
    conversation = (body or {}).get("conversation")
    return conversation.get("id") if isinstance(conversation, dict) else conversation
