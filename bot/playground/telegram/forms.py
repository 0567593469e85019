"""Request bodies in the three ways that the Bot API takes: JSON, urlencoded, multipart."""

import json
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from bot.playground.multipart import TYPE, read_parts
from bot.playground.telegram.errors import bad_request, too_large
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Json, Upload

MULTIPART: Final = TYPE.encode()
JSON_TYPE: Final = b"application/json"
LARGEST_BODY_BYTES: Final = 100 * 1024 * 1024


async def read_params(scope: Scope, receive: Receive) -> Params:
    """The parameters of a request, of its query and of its body.

    Raises ApiError for a body that cannot be read, and ClientDisconnect.
    """
    values: Json = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    body = await _read_body(receive)
    if not body:
        return Params(values)
    content_type = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if content_type.startswith(JSON_TYPE):
        return Params(values | _parse_json(body))
    if content_type.startswith(MULTIPART):
        fields, uploads = _parse_multipart(content_type, body)
        return Params(values | fields, uploads)
    return Params(values | dict(parse_qsl(body.decode(), keep_blank_values=True)))


async def _read_body(receive: Receive) -> bytes:
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST_BODY_BYTES:
            raise too_large()
        if not message.get("more_body", False):
            return b"".join(chunks)


def _parse_json(body: bytes) -> Json:
    try:
        values = json.loads(body)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return values


def _parse_multipart(content_type: bytes, body: bytes) -> tuple[Json, dict[str, Upload]]:
    """Text fields and files by name."""
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    for part in read_parts(content_type, body):
        name = part.name
        if part.file_name is None:
            fields[name] = part.content.decode()
        else:
            count = sum(1 for known in uploads if known.startswith(name))
            name = f"{name}{count + 1}" if count else name  # an album repeats the field
            uploads[name] = Upload(part.file_name, part.mime_type, part.content)
    return fields, uploads
