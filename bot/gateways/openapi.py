"""The gateways as OpenAPI 3.1 describes them. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.gateways.completions import SESSIONS
from bot.gateways.update import FIELDS

Schema = Mapping[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_WORDS: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 4096}
_CALLER: Final[Schema] = {"type": ["string", "integer"], "minLength": 1, "maxLength": 1024}
_ERROR: Final[Schema] = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": _TEXT, "thread_id": _TEXT, "user_id": _TEXT},
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
            "properties": {"message": _TEXT, "type": _TEXT, "code": _TEXT},
        }
    },
}
_MODEL: Final[Schema] = {
    "type": "object",
    "required": ["id", "object", "created", "owned_by"],
    "properties": {"id": _TEXT, "object": {"const": "model"}, "owned_by": _TEXT},
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


def _object(required: Sequence[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


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
    assistant = {"name": "assistant", "in": "path", "required": True, "schema": _TEXT}
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
    texts = {"type": "array", "items": _TEXT}
    answer = _object(
        ["assistant", "thread_id", "message", "messages"],
        assistant=_TEXT,
        thread_id=_TEXT,
        message=_TEXT,
        messages=texts,
        ignored=texts,
    )
    body = _object(
        ["content"],
        content=_WORDS,
        files={"type": "array"},
        thread_id={"anyOf": [_CALLER, {"type": "null"}]},
        client_info={},
    )
    return _operation("Say something in a thread, or in a new one.", answer, _ERROR, body=body)


def _update() -> dict[str, Any]:
    answer = _object(
        ["id", "object", "name", "instructions", "model", "metadata"],
        id=_TEXT,
        object={"const": "assistant"},
        name=_TEXT,
        instructions=_TEXT,
        model=_TEXT,
        metadata={"type": "object"},
    )
    said = {"type": ["string", "null"]}
    body = _object([], **dict.fromkeys(FIELDS, said))
    made = _operation("Publish what the company says of itself.", answer, _ERROR, body=body)
    return {**made, "parameters": []}


def _models() -> dict[str, Any]:
    answer = _object(["object", "data"], object=_TEXT, data={"type": "array", "items": _MODEL})
    return _operation("The company's assistant as a model.", answer, _OPENAI_ERROR)


def _model() -> dict[str, Any]:
    named = {"name": "model", "in": "path", "required": True, "schema": _TEXT}
    return _operation("That one model.", _MODEL, _OPENAI_ERROR, parameters=[named])


def _complete() -> dict[str, Any]:
    message = _object(["role", "content"], role=_TEXT, content={"type": ["string", "array"]})
    body = _object(
        ["model", "messages"],
        model={**_TEXT, "minLength": 1, "maxLength": 256},
        messages={"type": "array", "items": message, "minItems": 1},
        stream={"type": ["boolean", "null"]},
        stream_options={"type": ["object", "null"]},
        user={"anyOf": [_CALLER, {"type": "null"}]},
    )
    answer = _object(
        ["id", "object", "created", "model", "choices", "usage"],
        id=_TEXT,
        object=_TEXT,
        created={"type": "integer"},
        model=_TEXT,
        choices={"type": "array", "items": {"type": "object"}},
        usage={"type": "object"},
    )
    named = [
        {"name": name, "in": "header", "required": False, "schema": _TEXT} for name in SESSIONS
    ]
    made = _operation("Ask as of a model.", answer, _OPENAI_ERROR, body=body, parameters=named)
    made["responses"]["200"]["content"]["text/event-stream"] = {"schema": _TEXT}
    return made


def _ask() -> dict[str, Any]:
    answer = _object(["session_id", "response"], session_id=_TEXT, response=_TEXT)
    body = _object(["session_id", "user_input"], session_id=_CALLER, user_input=_WORDS)
    return _operation("Say something in a session.", answer, _DETAIL, body=body)


def _greet() -> dict[str, Any]:
    answer = _object(["message"], message=_TEXT)
    return _operation("A greeting.", answer, _DETAIL, security=False)


def _chat() -> dict[str, Any]:
    answer = _object(["answer", "user_id"], answer=_TEXT, user_id=_TEXT)
    body = _object(["message"], user_id={"anyOf": [_CALLER, {"type": "null"}]}, message=_WORDS)
    return _operation("Say something as a user.", answer, _ERROR, body=body)


def _prompt() -> dict[str, Any]:
    refusal = _object(["message"], message=_TEXT)
    said = _object(["role"], role=_TEXT, content={})
    body = _object([], uuid=_CALLER, message=_WORDS, messages={"type": "array", "items": said})
    made = _operation("Say something in a phone call.", _TEXT, refusal, body=body)
    spoken: dict[str, Any] = {"content": {"text/event-stream": {"schema": _TEXT}}}
    spoken["description"] = "JSON objects with nothing between them, one in each chunk."
    named = {"name": "X-UUID", "in": "header", "required": False, "schema": _TEXT}
    return {**made, "parameters": [named], "responses": {**made["responses"], "200": spoken}}
