"""Conversation items: from what a client may send to what the API stores and shows."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.playground.openai.api_error import (
    Json,
    call_unanswered,
    invalid_value,
    missing_parameter,
    output_without_call,
)
from bot.playground.openai.parts import MEDIA, count_part, read_content
from bot.playground.openai.tokens import count_tokens

_PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "function_call_output": "fco",
    "mcp_approval_response": "mcprs",
}
_REQUIRED = {
    "message": ("role", "content"),
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
    "mcp_approval_response": ("approval_request_id", "approve"),
}
_ROLES = ("user", "assistant", "system", "developer")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the history as the model sees it."""

    role: str
    text: str
    shown: tuple[str, ...] = ()  # the types of its pictures and files


@dataclass(frozen=True, slots=True)
class Called:
    """A function that was called, and its output, as far as that is text."""

    name: str
    arguments: str
    output: str


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
    return message(role, read_content(item["content"], role=role, param=f"{param}.content"))


def check_calls(items: Iterable[Json]) -> None:
    """Every function call must have its output, and every output its call. Raises ApiError.

    So it is with what is asked for and whether it is allowed.
    """
    waiting = Counter[str]()  # one id may be given again once it is answered
    for item in items:
        match item["type"]:
            case "function_call":
                waiting[item["call_id"]] += 1
            case "function_call_output":
                waiting[item["call_id"]] -= 1
            case "mcp_approval_request":
                waiting[item["id"]] += 1
            case "mcp_approval_response":
                waiting[item["approval_request_id"]] -= 1
    for call_id, number in waiting.items():
        if number:
            raise (call_unanswered if number > 0 else output_without_call)(call_id)


def said(items: Iterable[Json]) -> tuple[Said, ...]:
    """The messages among the items, as plain text, and what is shown with them."""
    return tuple(
        Said(
            item["role"],
            "\n".join(part["text"] for part in item["content"] if "text" in part),
            tuple(part["type"] for part in item["content"] if part["type"] in MEDIA),
        )
        for item in items
        if item["type"] == "message"
    )


def called(items: Sequence[Json]) -> tuple[Called, ...]:
    """What was called since the last message of a user, with what it brought."""
    asked = max((at for at, one in enumerate(items) if one.get("role") == "user"), default=-1)
    since = items[asked + 1 :]
    calls = {one["call_id"]: one for one in items if one["type"] == "function_call"}
    return tuple(
        Called(
            calls[one["call_id"]]["name"], calls[one["call_id"]]["arguments"], str(one["output"])
        )
        for one in since
        if one["type"] == "function_call_output"
    )


def count_item(item: Json) -> int:
    """About how many tokens an item costs."""
    if item["type"] == "message":
        return sum(map(count_part, item["content"]))
    return count_tokens(item.get("arguments", "") + str(item.get("output", "")))
