"""MCP servers as the API asks them: listing, calling, and what may not be called at once.

Made after what is written of it, its guide, the SDK's types and other people's reports: no real
server was ever asked. So no network is used here: what a server says is said beforehand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from bot.playground.openai.api_error import ApiError, Json, invalid_value, missing_parameter
from bot.playground.openai.draft import Call
from bot.playground.openai.items import new_id

_LABEL: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_KNOWN: Final = frozenset(
    {
        *("type", "server_label", "server_url", "server_description", "authorization", "headers"),
        *("allowed_tools", "require_approval", "connector_id", "tunnel_id", "defer_loading"),
        "allowed_callers",
    }
)
_SECRETS: Final = ("authorization", "headers")


@dataclass(frozen=True, slots=True)
class EmulatedTool:
    """A tool of an emulated server: what it says, or how it fails (the `type` of an error)."""

    name: str
    output: str = ""
    read_only: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class EmulatedServer:
    """An emulated server, known by its address. `token`: without it nothing is told."""

    tools: tuple[EmulatedTool, ...] = ()
    token: str = ""
    down: bool = False


@dataclass(frozen=True, slots=True)
class McpServers:
    """Those that there are, by their addresses; any other is one that does not answer."""

    known: dict[str, EmulatedServer] = field(default_factory=dict)

    def ask(
        self, tools: Sequence[Json], calls: Iterable[Call], history: Sequence[Json]
    ) -> list[Json]:
        """The items of a response before its text: lists that are not there yet, then calls.

        Raises ApiError (424) where a server does not answer.
        """
        wanted = {one["server_label"]: one for one in tools if one["type"] == "mcp"}
        listed = {one["server_label"] for one in history if one["type"] == "mcp_list_tools"}
        items = [self._list(one) for label, one in wanted.items() if label not in listed]
        return [*items, *(self._call(wanted, call) for call in calls)]

    def _list(self, tool: Json) -> Json:
        label = tool["server_label"]
        shown = [
            {
                "name": one.name,
                "description": f"What {one.name} is for.",
                "input_schema": {"type": "object"},
                "annotations": {"readOnlyHint": one.read_only},
            }
            for one in self._open(tool).tools
            if _matches(tool.get("allowed_tools"), one)
        ]
        item = {"id": new_id("mcpl"), "type": "mcp_list_tools", "server_label": label}
        return {**item, "tools": shown, "error": None}

    def _call(self, wanted: Mapping[str, Json], call: Call) -> Json:
        label, _, name = call.name.partition(".")
        tool = wanted[label]
        found = next(one for one in self._open(tool).tools if one.name == name)
        item = {"name": name, "arguments": call.arguments, "server_label": label}
        if not _is_free(tool.get("require_approval", "always"), found):
            return {"id": new_id("mcpr"), "type": "mcp_approval_request", **item}
        return {
            "id": new_id("mcp"),
            "type": "mcp_call",
            **item,
            "approval_request_id": None,
            "output": None if found.error else found.output,
            "error": _error(found.error) if found.error else None,
            "status": "failed" if found.error else "completed",
        }

    def _open(self, tool: Json) -> EmulatedServer:
        server, why = self.known.get(tool["server_url"]), "424 (Failed Dependency)"
        if server and server.token and tool.get("authorization") != server.token:
            server, why = None, "401 (Unauthorized)"
        if server is None or server.down:
            label = tool["server_label"]
            said = f"Error retrieving tool list from MCP server: '{label}'. Http status code: {why}"
            raise ApiError(424, said, "http_error", "tools", "external_connector_error")
        return server


def check_server(tool: Json, *, param: str) -> None:
    """An entry of `tools` of the type mcp. Raises ApiError."""
    for name in tool:
        if name not in _KNOWN:
            raise ApiError(400, f"Unknown parameter: '{param}.{name}'.", "unknown_parameter", param)
    if not _LABEL.fullmatch(str(tool.get("server_label", ""))):
        raise invalid_value(f"{param}.server_label", "expected letters, digits, '-' and '_'.")
    if not tool.get("server_url"):
        raise missing_parameter(f"{param}.server_url")
    if not str(tool["server_url"]).startswith("https://"):
        raise invalid_value(f"{param}.server_url", "expected an https URL.")
    _check_filter(tool.get("allowed_tools"), param=f"{param}.allowed_tools")
    approval = tool.get("require_approval")
    if isinstance(approval, dict):
        for name, chosen in approval.items():
            if name not in {"always", "never"}:
                raise invalid_value(f"{param}.require_approval", f"'{name}'.")
            _check_filter(chosen, param=f"{param}.require_approval.{name}")
    elif approval not in {None, "always", "never"}:
        raise invalid_value(f"{param}.require_approval", f"'{approval}'.")


def without_secrets(tool: Json) -> Json:
    """An entry of `tools` as a response repeats it: of the address only the host."""
    shown = {name: value for name, value in tool.items() if name not in _SECRETS}
    if url := shown.get("server_url"):
        shown["server_url"] = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/<redacted>"
    return shown


def steps(item: Json) -> Iterator[tuple[str, Json]]:
    """The events between an item's beginning and its end: each by its name, with its own fields."""
    kind = item["type"]
    if kind == "mcp_list_tools":
        yield "response.mcp_list_tools.in_progress", {}
        yield "response.mcp_list_tools.completed", {}
    elif kind == "mcp_call":
        yield "response.mcp_call.in_progress", {}
        yield "response.mcp_call_arguments.delta", {"delta": item["arguments"]}
        yield "response.mcp_call_arguments.done", {"arguments": item["arguments"]}
        yield f"response.mcp_call.{item['status']}", {}


def begun(item: Json) -> Json:
    """The item as it is when it begins."""
    if item["type"] == "mcp_list_tools":
        return {**item, "tools": []}
    if item["type"] == "mcp_call":
        empty = {"arguments": "", "output": None, "error": None, "status": "in_progress"}
        return {**item, **empty}
    return item


def _check_filter(value: object, *, param: str) -> None:
    if isinstance(value, dict) and not {*value} <= {"read_only", "tool_names"}:
        raise invalid_value(param, "expected 'read_only' or 'tool_names'.")
    if value is not None and not isinstance(value, dict | list):
        raise invalid_value(param, "expected an array or an object.")


def _matches(chosen: object, tool: EmulatedTool) -> bool:
    if isinstance(chosen, list):
        return tool.name in chosen
    if not isinstance(chosen, dict):
        return True
    reads = chosen.get("read_only") in {None, tool.read_only}
    return reads and tool.name in chosen.get("tool_names", [tool.name])


def _is_free(approval: object, tool: EmulatedTool) -> bool:
    """Whether a tool is called without anybody's leave."""
    if isinstance(approval, dict):
        return "never" in approval and _matches(approval["never"], tool)
    return approval == "never"


def _error(kind: str) -> Json:
    if kind == "mcp_tool_execution_error":
        return {"type": kind, "content": [{"type": "text", "text": "It said no."}]}
    return {"type": kind, "code": 500, "message": "It broke."}
