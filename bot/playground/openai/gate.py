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

from bot.playground.multipart import TYPE, Part, read_parts
from bot.playground.openai.api_error import (
    ApiError,
    Json,
    body_too_large,
    incorrect_key,
    missing_key,
)
from bot.playground.openai.faults import Fault, FaultKind, Faults, refuse
from bot.playground.openai.items import new_id
from bot.playground.openai.timing import Received, Records
from bot.playground.serve import AbortedResponse

_STREAMED = "responses.create"  # hangs by itself: its answer may go on meanwhile
_LATE = (FaultKind.HANG, FaultKind.SLOW)
_NO_FAULT = Fault(FaultKind.NONE)
_LARGEST_BODY = 128 * 1024 * 1024  # bytes; the largest files, as base64, fit


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be answered."""

    path: dict[str, Any]
    query: dict[str, str]
    body: Json
    fault: Fault
    received: float  # seconds, monotonic
    upload: Part | None = None  # the file of a form


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
                if asked.fault.kind in _LATE and operation != _STREAMED:
                    await asyncio.sleep(asked.fault.seconds)
                response = _answer(operation, handler, asked)
            except ApiError as error:
                response = JSONResponse({"error": error.body()}, error.status, error.headers)
            response.headers["x-request-id"] = new_id("req")
            return response

        return endpoint

    async def _admit(self, operation: str, request: Request) -> Asked:
        received = time.monotonic()
        body, upload = await _read_body(request)
        size = int(request.headers.get("content-length", 0))
        self.records.note(Received(request.method, request.url.path, body, received, size))
        key = self._check_key(request.headers.get("authorization", ""))
        conversation = request.path_params.get("conversation_id") or _conversation(body)
        fault = self.faults.take(operation, conversation) or _NO_FAULT
        refusal = refuse(fault, key=key)
        if refusal is not None:
            raise refusal
        query = dict(request.query_params)
        return Asked(request.path_params, query, body or {}, fault, received, upload)

    def _check_key(self, authorization: str) -> str:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise missing_key()
        if key in self.revoked_keys:
            raise incorrect_key(key)
        return key


def _answer(operation: str, handler: Handler, asked: Asked) -> Response:
    """The handler's answer, unless the fault puts another in its place."""
    if asked.fault.kind is FaultKind.NO_STREAM:
        return HTMLResponse(asked.fault.text)
    if asked.fault.kind is FaultKind.CUT and operation != _STREAMED:
        return AbortedResponse()
    return handler(asked)


async def _read_body(request: Request) -> tuple[Json | None, Part | None]:
    """What was sent, and the file that came with it."""
    if request.method != "POST":
        return None, None
    if int(request.headers.get("content-length", 0)) > _LARGEST_BODY:
        raise body_too_large()
    content = await request.body()
    if request.headers.get("content-type", "").startswith(TYPE):
        return _read_form(request.headers["content-type"], content)
    return (_read_json(content) if content else None), None


def _read_form(content_type: str, content: bytes) -> tuple[Json, Part | None]:
    """The fields of a form, of which some are lists, and its file."""
    fields: Json = {}
    upload = None
    for part in read_parts(content_type.encode(), content):
        if part.file_name is not None:
            upload = part
        elif part.name.endswith("[]"):
            fields.setdefault(part.name[:-2], []).append(part.content.decode())
        else:
            fields[part.name] = part.content.decode()
    return fields, upload


def _read_json(content: bytes) -> Json:
    try:
        body = json.loads(content)
        if b"\\ud" in content.lower():  # half a pair could not be written back
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
