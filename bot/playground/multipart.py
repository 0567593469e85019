"""Reading multipart/form-data, for both emulators."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import HTTP
from typing import Final

TYPE: Final = "multipart/form-data"
_PARSER: Final = BytesHeaderParser(policy=HTTP)


@dataclass(frozen=True, slots=True)
class Part:
    """One field; one without a `file_name` is a text."""

    name: str
    file_name: str | None
    mime_type: str
    content: bytes


def read_parts(content_type: bytes, body: bytes) -> Iterator[Part]:
    """The fields of a form (RFC 2046, 5.1.1). Every byte is kept; large ones cost one copy."""
    delimiter = b"\r\n--" + _headers(content_type).get_boundary("").encode()
    start = body.find(delimiter[2:]) + len(delimiter) - 2
    while (end := body.find(delimiter, start)) >= 0:
        middle = body.find(b"\r\n\r\n", start, end)
        if middle >= 0:
            head = _PARSER.parsebytes(body[start + 2 : middle + 4])
            yield _part(head, body[middle + 4 : end])
        start = end + len(delimiter)


def _part(head: Message, content: bytes) -> Part:
    name = str(head.get_param("name", "", header="content-disposition"))
    return Part(name, head.get_filename(), head.get_content_type(), content)


def _headers(content_type: bytes) -> Message:
    return _PARSER.parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n")
