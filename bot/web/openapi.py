"""The API as OpenAPI 3.1 describes it: bodies by the very models that read them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from bot.core.attachments import LARGEST_BYTES, Sent
from bot.web.api import LARGEST_PAGE, LARGEST_SEQ, LONGEST_POLL
from bot.web.bodies import NewIdentity, NewMessage, NewSession, ProgramMessage, Rated, ReadTo
from bot.web.letter import EXTERNAL_ID
from bot.web.problems import MEDIA_TYPE

Schema = Mapping[str, Any]
VERSION: Final = "1"  # of the API
NUMBERED: Final = ("message", "keys", "read", "erased")  # events

TEXT: Final[Schema] = {"type": "string"}
_SEQ: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": LARGEST_SEQ}
_AT: Final[Schema] = {"type": "string", "format": "date-time"}
_BUTTONS: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["text", "data"],
            "properties": {"text": TEXT, "data": TEXT},
        },
    },
}
_ATTACHMENT: Final[Schema] = {
    "type": "object",
    "required": ["kind", "name", "size"],
    "description": "What came along: its kind by its bytes, its name as it was told, its bytes.",
    "properties": {
        "kind": {"enum": [Sent.PHOTO, Sent.AUDIO, Sent.VIDEO, Sent.FILE]},
        "name": TEXT,
        "size": {"type": "integer", "minimum": 1},
    },
}
_ENTITY: Final[Schema] = {
    "type": "object",
    "required": ["type", "offset", "length"],
    "description": "As Telegram's: offset and length in UTF-16 units.",
    "properties": {
        "type": TEXT,
        "offset": {"type": "integer", "minimum": 0},
        "length": {"type": "integer", "minimum": 1},
        "url": TEXT,
    },
}


def object_of(required: Sequence[str], **properties: Schema) -> Schema:
    """Of an object with these properties."""
    return {"type": "object", "required": list(required), "properties": properties}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_SCHEMAS: Final[Mapping[str, Schema]] = {
    "Message": object_of(
        ["seq", "id", "from", "text", "entities", "at"],
        seq=_SEQ,
        id=TEXT,
        **{"from": {"enum": ["client", "assistant", "notice", "operator"]}},
        text=TEXT,
        entities={"type": "array", "items": _ENTITY},
        buttons=_BUTTONS,
        attachments={"type": "array", "items": _ATTACHMENT},
        at=_AT,
    ),
    "Page": object_of(
        ["messages", "before", "seq"],
        messages={"type": "array", "items": _ref("Message")},
        before={"type": ["integer", "null"]},
        seq=_SEQ,
        read=_SEQ,
    ),
    "Event": object_of(
        ["seq", "event", "data"],
        seq={"type": ["integer", "null"]},
        event={"enum": [*NUMBERED, "typing", "reset", "identity", "moved"]},
        data={"type": "object"},
    ),
    "Events": object_of(
        ["events", "after"], events={"type": "array", "items": _ref("Event")}, after=_SEQ
    ),
    "Session": object_of(["chat", "token", "seq"], chat=TEXT, token=TEXT, seq=_SEQ),
    "Link": object_of(["url", "expires_at"], url=TEXT, expires_at=_AT),
    "Upload": object_of(
        ["file", "kind", "size", "until"],
        file=TEXT,
        kind={"enum": [Sent.PHOTO, Sent.AUDIO, Sent.FILE]},
        size={"type": "integer", "minimum": 1, "maximum": LARGEST_BYTES},
        until=_AT,
    ),
    "Accepted": object_of(["id", "seq", "at"], id=TEXT, seq=_SEQ, at=_AT),
    "Answer": object_of(
        ["chat", "seq"],
        chat=TEXT,
        seq=_SEQ,
        messages={"type": "array", "items": _ref("Message")},
    ),
    "Problem": object_of(
        ["type", "title", "status"],
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        errors={"type": "array", "items": {"type": "object"}},
        challenge=TEXT,
        bits={"type": "integer"},
        expires_at=_AT,
    ),
}
_REFUSALS: Final[Mapping[int, str]] = {
    400: "The request is not as it should be.",
    401: "The token is none, or no longer good.",
    403: "Not from this page, or not with this key.",
    404: "There is nothing here.",
    408: "The body took too long.",
    409: "It cannot be had here, or not yet.",
    411: "The length of the body is not told.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Another message has this id, or a file that it names is not there.",
    429: "Too many requests; Retry-After says when there may be more.",
    500: "It failed.",
    503: "Not just now; Retry-After says when.",
}
_CHAT: Final[Schema] = {
    "name": "chat",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": f"^{EXTERNAL_ID}$"},
}
_KEY: Final[Schema] = {
    "name": "key",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"},
}


def _query(name: str, what: str, *, least: int, most: int) -> Schema:
    number = {"type": "integer", "minimum": least, "maximum": most}
    return {"name": name, "in": "query", "required": False, "schema": number, "description": what}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _operation(
    summary: str,
    *,
    answers: Mapping[int, tuple[str, Schema | None]],
    body: type[BaseModel] | None = None,
    parameters: Sequence[Schema] = (),
    security: bool = True,
) -> Schema:
    responses: dict[str, Any] = {}
    for status, (said, schema) in answers.items():
        responses[str(status)] = {"description": said}
        if schema:
            responses[str(status)]["content"] = _json(schema)
    for status, said in _REFUSALS.items():
        content = {MEDIA_TYPE: {"schema": _ref("Problem")}}
        responses.setdefault(str(status), {"description": said, "content": content})
    made: dict[str, Any] = {"summary": summary, "responses": responses}
    made["parameters"] = list(parameters)
    made["security"] = [{"token": []}] if security else []
    if body:
        made["requestBody"] = {"required": True, "content": _json(_ref(body.__name__))}
    return made


def _upload() -> Schema:
    made = _operation(
        "Send a file as it is; a message names it, before `until`.",
        answers={201: ("It is kept until then.", _ref("Upload"))},
        parameters=[_CHAT],
    )
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {**made, "requestBody": {"required": True, "content": content}}


def document(url: str, besides: Schema) -> Schema:
    """The whole; `url`: where it is served, if that is known; `besides`: the paths of others."""
    schemas: dict[str, Any] = dict(_SCHEMAS)
    for model in (NewSession, NewIdentity, NewMessage, ProgramMessage, ReadTo, Rated):
        made = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= made.pop("$defs", {})
        schemas[model.__name__] = made
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sportello", "version": VERSION},
        "servers": [{"url": url}] if url else [],
        "paths": {**_paths(), **besides},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> Schema:
    page, events, answer = _ref("Page"), _ref("Events"), _ref("Answer")
    after = _query("after", "everything after this number", least=0, most=LARGEST_SEQ)
    streamed = _operation(
        "Everything after a number: as a stream (Accept: text/event-stream), or what there is "
        "within so many seconds.",
        answers={200: ("Events", events)},
        parameters=[
            _CHAT,
            after,
            _query("wait", "seconds", least=0, most=int(LONGEST_POLL)),
        ],
    )
    streamed["responses"]["200"]["content"]["text/event-stream"] = {"schema": TEXT}
    return {
        "/healthz": {
            "get": _operation(
                "Whether it serves.",
                answers={200: ("It does.", object_of(["ok"], ok={"type": "boolean"}))},
                security=False,
            )
        },
        "/v1/sites/{key}/session": {
            "post": _operation(
                "A visitor's session, from a page of the site's.",
                answers={201: ("The token is told once.", _ref("Session"))},
                body=NewSession,
                parameters=[_KEY],
                security=False,
            )
        },
        "/v1/session": {
            "delete": _operation("End the session.", answers={204: ("It is over.", None)})
        },
        "/v1/chats/{chat}/messages": {
            "get": _operation(
                "The last messages, or those before a number.",
                answers={200: ("Oldest first.", page)},
                parameters=[
                    _CHAT,
                    _query("before", "a number", least=1, most=LARGEST_SEQ),
                    _query("limit", "how many", least=1, most=LARGEST_PAGE),
                ],
            ),
            "post": _operation(
                "Say something, once under its id.",
                answers={
                    202: ("It is accepted.", _ref("Accepted")),
                    200: ("It was accepted before.", _ref("Accepted")),
                },
                body=NewMessage,
                parameters=[_CHAT],
            ),
        },
        "/v1/chats/{chat}/files": {"post": _upload()},
        "/v1/chats/{chat}/events": {"get": streamed},
        "/v1/chats/{chat}/read": {
            "post": _operation(
                "The client has read up to a number.",
                answers={204: ("It is noted.", None)},
                body=ReadTo,
                parameters=[_CHAT],
            )
        },
        "/v1/chats/{chat}/identity": {
            "post": _operation(
                "The company proves who the visitor is: they go on in their own chat.",
                answers={200: ("This token is over, and the new one told once.", _ref("Session"))},
                body=NewIdentity,
                parameters=[_CHAT],
            )
        },
        "/v1/chats/{chat}/telegram": {
            "post": _operation(
                "A link that takes the talk along to the company's bot in Telegram, once.",
                answers={201: ("It is good for 15 minutes.", _ref("Link"))},
                parameters=[_CHAT],
            )
        },
        "/v1/chats/{chat}/rating": {
            "post": _operation(
                "What the visitor thinks of it; the last one counts.",
                answers={204: ("It is noted.", None)},
                body=Rated,
                parameters=[_CHAT],
            )
        },
        "/v1/chats/{chat}/forget": {
            "post": _operation(
                "Erase the chat.",
                answers={202: ("It is being erased.", {"type": "object"})},
                parameters=[_CHAT],
            )
        },
        "/v1/messages": {
            "post": _operation(
                "Say something for a client of the company's, and wait for the answer.",
                answers={
                    200: ("The answer.", answer),
                    202: ("It is not there yet: ask again with the same id.", answer),
                },
                body=ProgramMessage,
            )
        },
    }
