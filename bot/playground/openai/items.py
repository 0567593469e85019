"""Conversation items: from what a client may send to what the API stores and shows."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.playground.openai.api_error import (
    ApiError,
    Json,
    call_unanswered,
    invalid_value,
    missing_parameter,
    output_without_call,
    unknown_parameter,
)

_PREFIXES = {"message": "msg", "function_call": "fc", "function_call_output": "fco"}
_REQUIRED = {
    "message": ("role", "content"),
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
}
_ROLES = ("user", "assistant", "system", "developer")
_BREAKPOINT = "prompt_cache_breakpoint"
_LIFETIMES = ("30m", "12h")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the history as the model sees it."""

    role: str
    text: str


def new_id(prefix: str) -> str:
    """A fresh identifier, such as `msg_…`."""
    return f"{prefix}_{secrets.token_hex(24)}"


def read_input(value: object, *, param: str = "input") -> list[Json]:
    """Give the `input` of a request (a string or a list of items) as stored items.

    Raises ApiError in the API's words.
    """
    if isinstance(value, str):
        return [message("user", [{"type": "input_text", "text": value}])]
    if not isinstance(value, list):
        raise invalid_value(param, "expected a string or an array of items.")
    return [_read_item(item, param=f"{param}[{index}]") for index, item in enumerate(value)]


def message(role: str, content: list[Json], *, status: str = "completed") -> Json:
    """Build a message item with a fresh id."""
    return {
        "id": new_id("msg"),
        "type": "message",
        "status": status,
        "content": content,
        "role": role,
    }


def _read_item(item: object, *, param: str) -> Json:
    if not isinstance(item, dict):
        raise invalid_value(param, "expected an object.")
    kind = item.get("type", "message")
    if kind not in _PREFIXES:
        supported = ", ".join(f"'{name}'" for name in _PREFIXES)
        raise invalid_value(f"{param}.type", f"'{kind}'. Supported values are: {supported}.")
    for name in _REQUIRED[kind]:
        if name not in item:
            raise missing_parameter(f"{param}.{name}")
    if kind == "message":
        return _read_message(item, param=param)
    stored = {name: item[name] for name in _REQUIRED[kind]}
    return {"id": new_id(_PREFIXES[kind]), "type": kind, "status": "completed", **stored}


def _read_message(item: Json, *, param: str) -> Json:
    role = item["role"]
    if role not in _ROLES:
        raise invalid_value(f"{param}.role", f"'{role}'.")
    return message(role, _read_content(item["content"], role=role, param=f"{param}.content"))


def _read_content(content: Any, *, role: str, param: str) -> list[Json]:
    if isinstance(content, str):
        return [_part(role, content)]
    if not isinstance(content, list):
        raise invalid_value(param, "expected a string or an array of parts.")
    return [_read_part(part, role=role, param=f"{param}[{i}]") for i, part in enumerate(content)]


def _read_part(part: Any, *, role: str, param: str) -> Json:
    expected = "output_text" if role == "assistant" else "input_text"
    if not isinstance(part, dict) or part.get("type") not in {expected, "input_image", "refusal"}:
        raise ApiError(
            400, f"Invalid value. Supported values are: '{expected}'.", "invalid_value", param
        )
    if part["type"] != expected:
        return part
    if not isinstance(part.get("text"), str):
        raise missing_parameter(f"{param}.text")
    read = _part(role, part["text"])
    if _BREAKPOINT in part:
        read[_BREAKPOINT] = _read_breakpoint(part, role=role, param=f"{param}.{_BREAKPOINT}")
    return read


def _read_breakpoint(part: Json, *, role: str, param: str) -> Json:
    """Where a prefix ends that is to be kept: in what is put in, and never in an answer."""
    mark = part[_BREAKPOINT]
    if role == "assistant":
        raise unknown_parameter(param)
    if not isinstance(mark, dict) or mark.get("mode") != "explicit":
        raise invalid_value(f"{param}.mode", "Supported values are: 'explicit'.")
    if mark.get("ttl", _LIFETIMES[0]) not in _LIFETIMES:
        raise invalid_value(f"{param}.ttl", "Supported values are: '30m' and '12h'.")
    return mark


def marked(item: Json) -> bool:
    """Whether a prefix that is to be kept ends with this item."""
    return any(_BREAKPOINT in part for part in item.get("content", ()))


def _part(role: str, text: str) -> Json:
    if role == "assistant":
        return output_text(text)
    return {"type": "input_text", "text": text}


def output_text(text: str) -> Json:
    """Build the content part of an assistant's text."""
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def check_calls(items: Iterable[Json]) -> None:
    """Every function call must have its output, and every output its call. Raises ApiError."""
    calls: dict[str, None] = {}
    outputs: dict[str, None] = {}
    for item in items:
        match item["type"]:
            case "function_call":
                calls[item["call_id"]] = None
            case "function_call_output":
                outputs[item["call_id"]] = None
    for call_id in calls:
        if call_id not in outputs:
            raise call_unanswered(call_id)
    for call_id in outputs:
        if call_id not in calls:
            raise output_without_call(call_id)


def said(items: Iterable[Json]) -> tuple[Said, ...]:
    """The messages among the items, as plain text."""
    return tuple(
        Said(item["role"], "\n".join(part.get("text", "") for part in item["content"]))
        for item in items
        if item["type"] == "message"
    )
