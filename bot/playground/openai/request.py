"""Reading the body of POST /responses, as strictly as the real API does."""

from dataclasses import dataclass

from bot.playground.openai.api_error import (
    ApiError,
    Json,
    invalid_type,
    invalid_value,
    missing_parameter,
    mutually_exclusive,
    too_long,
    too_many,
    too_small,
    unknown_parameter,
    unsupported_parameter,
)
from bot.playground.openai.items import read_input
from bot.playground.openai.mcp import without_secrets
from bot.playground.openai.schemas import check_strict
from bot.playground.openai.tools import read_tools

_REFUSED = frozenset(
    {"temperature", "top_p", "top_logprobs", "presence_penalty", "frequency_penalty", "logprobs"}
)
_KNOWN = frozenset(
    {
        "background",
        "context_management",
        "conversation",
        "include",
        "input",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "model",
        "moderation",
        "parallel_tool_calls",
        "previous_response_id",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning",
        "safety_identifier",
        "service_tier",
        "store",
        "stream",
        "stream_options",
        "text",
        "tool_choice",
        "tools",
        "truncation",
        "user",
    }
)
_TYPES: dict[str, type | tuple[type, ...]] = {
    "conversation": (str, dict),
    "input": (str, list),
    "instructions": str,
    "max_output_tokens": int,
    "metadata": dict,
    "previous_response_id": str,
    "prompt_cache_key": str,
    "reasoning": dict,
    "safety_identifier": str,
    "stream_options": dict,
    "text": dict,
    "tools": list,
}
_EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max"})
_LEAST_OUTPUT_TOKENS = 16
_MOST_METADATA = 16
_MOST_KEY = 64
_MOST_VALUE = 512
_MOST_IDENTIFIER = 128


@dataclass(frozen=True, slots=True)
class ResponseRequest:
    """A valid request for a response."""

    model: str
    effort: str | None
    items: list[Json]
    instructions: str
    conversation_id: str | None
    previous_response_id: str | None
    structured: bool
    keys: tuple[str, ...]  # of a structured reply
    max_output_tokens: int | None
    cache_key: str
    truncate: bool
    store: bool
    stream: bool
    background: bool
    obfuscate: bool
    tools: str  # all of them, as a text
    callable: tuple[Json, ...]  # those that may be called
    echo: Json  # the parameters that the response object repeats


def read_request(body: Json) -> ResponseRequest:
    """Check a request. Raises ApiError in the API's words."""
    _check_names(body)
    _check_types(body)
    _check_limits(body)
    metadata = read_metadata(body)
    reasoning = body.get("reasoning") or {}
    if reasoning.get("effort") not in {None, *_EFFORTS}:
        raise invalid_value("reasoning.effort", f"'{reasoning['effort']}'.")
    text_format = _read_format(body.get("text") or {})
    tools, callable_ = read_tools(body)
    return ResponseRequest(
        model=body["model"],
        effort=reasoning.get("effort"),
        items=read_input(body.get("input", [])),
        instructions=body.get("instructions") or "",
        conversation_id=_read_conversation(body),
        previous_response_id=body.get("previous_response_id"),
        structured=text_format["type"] == "json_schema",
        keys=tuple((text_format.get("schema") or {}).get("properties") or ()),
        max_output_tokens=body.get("max_output_tokens"),
        cache_key=body.get("prompt_cache_key") or "",
        truncate=body.get("truncation") == "auto",
        store=body.get("store") is not False,
        stream=bool(body.get("stream")),
        background=bool(body.get("background")),
        obfuscate=(body.get("stream_options") or {}).get("include_obfuscation") is not False,
        tools=tools,
        callable=callable_,
        echo=_echo(body, metadata=metadata, text_format=text_format),
    )


def read_metadata(body: Json) -> Json:
    """Check the `metadata` of a response or a conversation. Raises ApiError."""
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise invalid_value("metadata", "expected an object.")
    if len(metadata) > _MOST_METADATA:
        raise too_many("metadata", len(metadata), most=_MOST_METADATA)
    for key, value in metadata.items():
        if len(key) > _MOST_KEY:
            raise too_long("metadata", len(key), most=_MOST_KEY)
        if not isinstance(value, str):
            raise invalid_value(f"metadata.{key}", "expected a string.")
        if len(value) > _MOST_VALUE:
            raise too_long(f"metadata.{key}", len(value), most=_MOST_VALUE)
    return metadata


def _check_names(body: Json) -> None:
    for name, value in body.items():
        if name in _REFUSED and value is not None:
            raise unsupported_parameter(name)
        if name not in _KNOWN | _REFUSED:
            raise unknown_parameter(name)
    if not isinstance(body.get("model"), str):
        raise missing_parameter("model")
    if not any(body.get(name) for name in ("input", "previous_response_id", "conversation")):
        raise ApiError(
            400,
            'One of "input" or "previous_response_id" or "conversation" must be provided.',
            "missing_required_parameter",
        )
    if body.get("conversation") and body.get("previous_response_id"):
        raise mutually_exclusive()


def _check_types(body: Json) -> None:
    for name, expected in _TYPES.items():
        value = body.get(name)
        if value is not None and not isinstance(value, expected):
            names = expected if isinstance(expected, tuple) else (expected,)
            wanted = " or ".join(one.__name__ for one in names)
            raise invalid_type(name, value, expected=wanted)


def _check_limits(body: Json) -> None:
    least = body.get("max_output_tokens")
    if least is not None and least < _LEAST_OUTPUT_TOKENS:
        raise too_small("max_output_tokens", least, least=_LEAST_OUTPUT_TOKENS)
    identifier = body.get("safety_identifier") or ""
    if len(identifier) > _MOST_IDENTIFIER:
        raise too_long("safety_identifier", len(identifier), most=_MOST_IDENTIFIER)


def _read_conversation(body: Json) -> str | None:
    conversation = body.get("conversation")
    if isinstance(conversation, dict):
        return str(conversation.get("id"))
    return conversation


def _read_format(text: Json) -> Json:
    form: Json = text.get("format") or {"type": "text"}
    if form.get("type") not in {"text", "json_schema", "json_object"}:
        raise invalid_value("text.format.type", f"'{form.get('type')}'.")
    if form["type"] != "json_schema":
        return form
    for name in ("name", "schema"):
        if not form.get(name):
            raise missing_parameter(f"text.format.{name}")
    if form.get("strict"):
        _check_schema(form)
    return {"description": None, "strict": False, **form}


def _check_schema(form: Json) -> None:
    def refuse(path: tuple[str, ...], detail: str) -> ApiError:
        said = f"Invalid schema for response_format '{form['name']}': In context={path}, {detail}"
        return ApiError(400, said, "invalid_json_schema", "text.format.schema")

    check_strict(form["schema"], refuse)


def _echo(body: Json, *, metadata: Json, text_format: Json) -> Json:
    text = body.get("text") or {}
    reasoning = body.get("reasoning") or {}
    conversation = _read_conversation(body)
    return {
        "background": bool(body.get("background")),
        "conversation": {"id": conversation} if conversation else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "metadata": metadata,
        "model": body["model"],
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "reasoning": {"effort": reasoning.get("effort", "medium"), "summary": None},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": body.get("service_tier") or "default",
        "store": body.get("store") is not False,
        "temperature": 1.0,
        "text": {"format": text_format, "verbosity": text.get("verbosity", "medium")},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": [*map(without_secrets, body.get("tools") or [])],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": body.get("truncation") or "disabled",
        "user": body.get("user"),
    }
