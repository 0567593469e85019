"""The `tools` of a request, and what may be chosen of them, checked as the real API does."""

import json
import re
from typing import Final

from bot.playground.openai.api_error import ApiError, Json, invalid_value, missing_parameter
from bot.playground.openai.mcp import check_server
from bot.playground.openai.schemas import check_strict

_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_CHOICES: Final = frozenset({None, "auto", "none", "required"})


def read_tools(body: Json) -> tuple[str, tuple[Json, ...]]:
    """All tools as a text, and those that may be called. Raises ApiError."""
    tools = body.get("tools") or []
    for index, tool in enumerate(tools):
        if tool.get("type") == "mcp":
            check_server(tool, param=f"tools[{index}]")
            continue
        _check_name(tool, param=f"tools[{index}]")
        if tool.get("strict"):
            _check_schema(tool, param=f"tools[{index}].parameters")
    choice = body.get("tool_choice")
    if not isinstance(choice, dict) and choice not in _CHOICES:
        raise invalid_value("tool_choice", f"'{choice}'.")
    if choice == "required" and not tools:
        raise invalid_value("tool_choice", "'required' is only allowed when 'tools' are specified.")
    functions = tuple(tool for tool in tools if tool["type"] == "function")
    return json.dumps(tools) if tools else "", () if choice == "none" else functions


def _check_name(tool: Json, *, param: str) -> None:
    if tool.get("type") != "function":
        raise invalid_value(f"{param}.type", f"'{tool.get('type')}'.")
    name = tool.get("name")
    if name is None:
        raise missing_parameter(f"{param}.name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        detail = "string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'."
        raise invalid_value(f"{param}.name", detail)


def _check_schema(tool: Json, *, param: str) -> None:
    schema = tool.get("parameters") or {}

    def refuse(path: tuple[str, ...], detail: str) -> ApiError:
        said = f"Invalid schema for function '{tool['name']}': In context={path}, {detail}"
        return ApiError(400, said, "invalid_function_parameters", param)

    if schema.get("type") != "object":
        raise refuse((), f"schema must have type 'object' and not '{schema.get('type')}'.")
    check_strict(schema, refuse)
