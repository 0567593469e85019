"""Request bodies in the three ways that the Bot API takes: JSON, urlencoded, multipart."""

import json
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import HTTP
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Json, Upload

MULTIPART: Final = b"multipart/form-data"
JSON_TYPE: Final = b"application/json"
PARSER: Final = BytesHeaderParser(policy=HTTP)


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
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
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
    """Text fields and files by name. Every byte of a part is kept; large ones cost one copy."""
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    for head, content in _parts(body, _headers(content_type).get_boundary("")):
        name = str(head.get_param("name", "", header="content-disposition"))
        if (file_name := head.get_filename()) is None:
            fields[name] = content.decode()
        else:
            count = sum(1 for known in uploads if known.startswith(name))
            name = f"{name}{count + 1}" if count else name  # an album repeats the field
            uploads[name] = Upload(file_name, head.get_content_type(), content)
    return fields, uploads


def _parts(body: bytes, boundary: str) -> Iterator[tuple[Message, bytes]]:
    """The headers and the content of each part (RFC 2046, 5.1.1)."""
    delimiter = b"\r\n--" + boundary.encode()
    start = body.find(delimiter[2:]) + len(delimiter) - 2
    while (end := body.find(delimiter, start)) >= 0:
        middle = body.find(b"\r\n\r\n", start, end)
        if middle >= 0:
            yield PARSER.parsebytes(body[start + 2 : middle + 4]), body[middle + 4 : end]
        start = end + len(delimiter)


def _headers(content_type: bytes) -> Message:
    return PARSER.parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n")
