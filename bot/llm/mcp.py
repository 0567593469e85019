"""What was called at MCP servers, by OpenAI itself, as items of a response or a conversation.

Of an error only its kind is passed on: its text is the server's, or the API's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.core.calls import Call, RemoteCall, Status, write_output
from bot.core.json_text import to_json
from bot.llm.requests import APPROVAL

LISTED: Final = "list_tools"  # what the call is called that asks a server for its tools
_LIST: Final = "mcp_list_tools"
_CALL: Final = "mcp_call"
_BY_THE_TOOL: Final = "mcp_tool_execution_error"  # all else is the server's
_FAILED: Final = write_output(Status.FAILURE, "This did not work.")


@dataclass(slots=True)
class RemoteItems:
    """Those of a response that is streamed: what is under way, by its place, and what is over."""

    waits: dict[object, str] = field(default_factory=dict)  # the label of the server
    over: list[Mapping[str, Any]] = field(default_factory=list)

    def take(self, item: Mapping[str, Any], *, place: object, ended: bool) -> bool:
        """Whether it is one."""
        if not is_remote(item):
            return False
        if ended:
            self.waits.pop(place, None)
            self.over.append(item)
        else:
            self.waits[place] = _label(item)
        return True


def is_remote(item: Mapping[str, Any]) -> bool:
    """Whether an MCP server was asked something."""
    return item.get("type") in {_LIST, _CALL}


def read_remote(item: Mapping[str, Any]) -> RemoteCall:
    """What it was asked, and what came of it."""
    label, error = _label(item), item.get("error")
    if item["type"] == _LIST:
        tools = [str(tool.get("name") or "") for tool in item.get("tools") or ()]
        call = Call(item["id"], f"{label}.{LISTED}", "{}", label)
        output = _FAILED if error else to_json({"tools": tools})
        return RemoteCall(call, output, failed=bool(error), is_down=bool(error))
    call = Call(item["id"], _name(item), str(item.get("arguments") or "{}"), label)
    if error or item.get("status") in {"failed", "incomplete"}:
        kind = error.get("type") if isinstance(error, Mapping) else None
        return RemoteCall(call, _FAILED, failed=True, is_down=bool(error) and kind != _BY_THE_TOOL)
    return RemoteCall(call, str(item.get("output") or ""))


def is_approval(item: Mapping[str, Any]) -> bool:
    """Whether somebody is to allow a call of a tool that may change something."""
    return item.get("type") == "mcp_approval_request" and isinstance(item.get("id"), str)


def read_approval(item: Mapping[str, Any]) -> Call:
    """As a call that wants an output: no."""
    call_id = f"{APPROVAL}{item['id']}"
    return Call(call_id, _name(item), str(item.get("arguments") or "{}"), _label(item))


def _name(item: Mapping[str, Any]) -> str:
    return f"{_label(item)}.{item.get('name') or ''}"


def _label(item: Mapping[str, Any]) -> str:
    return str(item.get("server_label") or "")
