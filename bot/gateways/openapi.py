"""The gateways as OpenAPI 3.1 describes them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.gateways.completions import SESSIONS
from bot.gateways.update import FIELDS
from bot.web.openapi import TEXT, Schema, object_of

_WORDS: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 4096}
_CALLER: Final[Schema] = {"type": ["string", "integer"], "minLength": 1, "maxLength": 1024}
_WHOLE: Final[Schema] = {"type": "integer"}
_ERROR: Final[Schema] = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": TEXT, "thread_id": TEXT, "user_id": TEXT},
}
_DETAIL: Final[Schema] = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": ["string", "array"]}},
}
_OPENAI_ERROR: Final[Schema] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {"message": TEXT, "type": TEXT, "code": TEXT},
        }
    },
}
_MODEL: Final[Schema] = {
    "type": "object",
    "required": ["id", "object", "created", "owned_by"],
    "properties": {"id": TEXT, "object": {"const": "model"}, "owned_by": TEXT},
}
_OK: Final[Schema] = {
    "type": "object",
    "required": ["ok"],
    "properties": {"ok": {"type": "boolean"}},
}
_SAYS: Final[Mapping[int, str]] = {
    400: "The request is not as it should be.",
    401: "The key is none, or no longer good.",
    403: "Not with this key, or not from this page.",
    404: "There is nothing here.",
    408: "The body took too long.",
    413: "The body is too large.",
    422: "The body is not as it should be, or another message has this Idempotency-Key.",
    429: "Too many requests; Retry-After says when there may be more.",
    500: "It failed.",
    503: "Not just now; Retry-After says when.",
    504: "The answer takes longer: ask again with the same Idempotency-Key.",
}
_ONCE: Final[Schema] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key is the same question.",
    "schema": {"type": "string", "pattern": "^[!#-~]{1,255}$"},
}


def _operation(
    summary: str,
    answer: Schema,
    refusal: Schema,
    *,
    body: Schema | None = None,
    parameters: Sequence[Schema] = (),
    security: bool = True,
) -> dict[str, Any]:
    def told(schema: Schema) -> Schema:
        return {"application/json": {"schema": schema}}

    responses: dict[str, Any] = {"200": {"description": "The answer.", "content": told(answer)}}
    for status, said in _SAYS.items():
        responses[str(status)] = {"description": said, "content": told(refusal)}
    made: dict[str, Any] = {"summary": summary, "responses": responses}
    made["security"] = [{"token": []}] if security else []
    made["parameters"] = [*parameters, _ONCE] if body else [*parameters]
    if body:
        made["requestBody"] = {"required": True, "content": told(body)}
    return made


def paths() -> Schema:
    """Each also stands behind `/k/{key}`, for those who can send no header."""
    threads = _threads()
    assistant = {"name": "assistant", "in": "path", "required": True, "schema": TEXT}
    named = {**threads, "parameters": [assistant, _ONCE]}
    ask, greet = {"post": _ask()}, {"get": _greet()}
    return {
        "/health": {"get": _operation("Whether it serves.", _OK, _OK, security=False)},
        "/v1/threads/chat": {"post": threads},
        "/v1/threads/chat/{assistant}": {"post": named},
        "/v1/threads/update": {"post": _update()},
        "/v1/models": {"get": _models()},
        "/v1/models/{model}": {"get": _model()},
        "/v1/chat/completions": {"post": _complete()},
        "/": greet,
        "/api/": greet,
        "/ask": ask,
        "/api/ask": ask,
        "/api/chat": {"post": _chat()},
        "/prompt-stream": {"post": _prompt()},
    }


def _threads() -> dict[str, Any]:
    texts = {"type": "array", "items": TEXT}
    left_out = object_of(["url", "reason"], url=TEXT, reason=TEXT)
    named = object_of(["url"], url=TEXT, mediaType=TEXT)
    answer = object_of(
        ["assistant", "thread_id", "message", "messages"],
        assistant=TEXT,
        thread_id=TEXT,
        message=TEXT,
        messages=texts,
        ignored={"type": "array", "items": left_out},
    )
    body = object_of(
        [],
        content=_WORDS,
        files={"type": "array", "items": named},
        thread_id={"anyOf": [_CALLER, {"type": "null"}]},
        client_info={},
    )
    return _operation("Say something in a thread, or in a new one.", answer, _ERROR, body=body)


def _update() -> dict[str, Any]:
    answer = object_of(
        ["id", "object", "name", "instructions", "model", "metadata"],
        id=TEXT,
        object={"const": "assistant"},
        name=TEXT,
        instructions=TEXT,
        model=TEXT,
        metadata={"type": "object"},
    )
    said = {"type": ["string", "null"]}
    body = object_of([], **dict.fromkeys(FIELDS, said))
    made = _operation("Publish what the company says of itself.", answer, _ERROR, body=body)
    return {**made, "parameters": []}


def _models() -> dict[str, Any]:
    answer = object_of(["object", "data"], object=TEXT, data={"type": "array", "items": _MODEL})
    return _operation("The company's assistant as a model.", answer, _OPENAI_ERROR)


def _model() -> dict[str, Any]:
    named = {"name": "model", "in": "path", "required": True, "schema": TEXT}
    return _operation("That one model.", _MODEL, _OPENAI_ERROR, parameters=[named])


def _complete() -> dict[str, Any]:
    left_out = object_of(["part", "type", "reason"], part=_WHOLE, type=TEXT, reason=TEXT)
    message = object_of(["role", "content"], role=TEXT, content={"type": ["string", "array"]})
    body = object_of(
        ["model", "messages"],
        model={**TEXT, "minLength": 1, "maxLength": 256},
        messages={"type": "array", "items": message, "minItems": 1},
        stream={"type": ["boolean", "null"]},
        stream_options={"type": ["object", "null"]},
        user={"anyOf": [_CALLER, {"type": "null"}]},
    )
    answer = object_of(
        ["id", "object", "created", "model", "choices", "usage"],
        id=TEXT,
        object=TEXT,
        created=_WHOLE,
        model=TEXT,
        choices={"type": "array", "items": {"type": "object"}},
        usage={"type": "object"},
        ignored={"type": "array", "items": left_out},
    )
    named = [{"name": name, "in": "header", "required": False, "schema": TEXT} for name in SESSIONS]
    made = _operation("Ask as of a model.", answer, _OPENAI_ERROR, body=body, parameters=named)
    made["responses"]["200"]["content"]["text/event-stream"] = {"schema": TEXT}
    return made


def _ask() -> dict[str, Any]:
    answer = object_of(["session_id", "response"], session_id=TEXT, response=TEXT)
    body = object_of(["session_id", "user_input"], session_id=_CALLER, user_input=_WORDS)
    return _operation("Say something in a session.", answer, _DETAIL, body=body)


def _greet() -> dict[str, Any]:
    answer = object_of(["message"], message=TEXT)
    return _operation("A greeting.", answer, _DETAIL, security=False)


def _chat() -> dict[str, Any]:
    answer = object_of(["answer", "user_id"], answer=TEXT, user_id=TEXT)
    body = object_of(["message"], user_id={"anyOf": [_CALLER, {"type": "null"}]}, message=_WORDS)
    return _operation("Say something as a user.", answer, _ERROR, body=body)


def _prompt() -> dict[str, Any]:
    refusal = object_of(["message"], message=TEXT)
    said = object_of(["role"], role=TEXT, content={})
    body = object_of([], uuid=_CALLER, message=_WORDS, messages={"type": "array", "items": said})
    made = _operation("Say something in a phone call.", TEXT, refusal, body=body)
    spoken: dict[str, Any] = {"content": {"text/event-stream": {"schema": TEXT}}}
    spoken["description"] = "JSON objects with nothing between them, one in each chunk."
    named = {"name": "X-UUID", "in": "header", "required": False, "schema": TEXT}
    return {**made, "parameters": [named], "responses": {**made["responses"], "200": spoken}}
