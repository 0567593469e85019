"""What is sent: a question as a request's body, lines as items."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from bot.core.calls import McpServer, Output, ToolDefinition
from bot.ports import File, Line, Question, Speaker
from db.records import Outcome

_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
REPLY_FORMAT: Final[dict[str, Any]] = {
    "type": "json_schema",
    "name": "multi_turn_reply",
    "strict": True,
    "schema": {
        "type": "object",
        # In this order: the first bubble waits for nothing that the client does not see.
        "properties": {
            "messages": _TEXTS,
            "buttons": _TEXTS,
            "outcome": {"type": "string", "enum": [*Outcome]},
            "about": {"type": "string"},
            "sources": _TEXTS,
        },
        "required": ["messages", "buttons", "outcome", "about", "sources"],
        "additionalProperties": False,
    },
}

OUTPUT_TOKENS: Final = 4_000  # some twenty times a usual reply: a stop for one that never ends
REASONING_TOKENS: Final = 12_000  # reasoning counts as output: without this it eats the reply
_WITHOUT_REASONING: Final = "none"
BEGINNING: Final = "A conversation begins here."  # never another: caches are found by its bytes
APPROVAL: Final = "approval "  # before the id of what is asked for: it is a call of ours then
_KEEPS_A_CACHE: Final = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)(?!\d)")
_KEPT_FOR: Final = "12h"


def write_request(
    question: Question, *, output_tokens: int = OUTPUT_TOKENS, marks_prefix: bool = True
) -> dict[str, Any]:
    """The body of POST /responses; `marks_prefix`: whether a new conversation `begins`."""
    reasoning = question.effort != _WITHOUT_REASONING  # left out, it is as the model likes
    body: dict[str, Any] = {
        "model": question.model,
        "conversation": question.conversation_id,
        "instructions": question.instructions,
        "text": {"format": REPLY_FORMAT},
        "max_output_tokens": output_tokens + (REASONING_TOKENS if reasoning else 0),
        "prompt_cache_key": question.cache_key,
        "safety_identifier": question.safety_identifier,
        "store": True,
        "stream": True,
        "stream_options": {"include_obfuscation": False},
        "truncation": "disabled",
    }
    if question.effort:
        body["reasoning"] = {"effort": question.effort}
    if keeps_cache(question.model):  # others refuse the parameter
        body["prompt_cache_options"] = {"ttl": _KEPT_FOR}
    if tools := [*map(_write_tool, question.tools), *map(_write_server, question.servers)]:
        body["tools"] = tools
        if question.must_speak:
            body["tool_choice"] = "none"  # the tools stay: they are a part of the cached prefix
    said = write_items((*question.told, *question.lines))
    if items := [*write_outputs(question.outputs), *said]:
        if marks_prefix and question.opens and keeps_cache(question.model):
            items.insert(0, write_beginning())
        body["input"] = items
    return body


def keeps_cache(model: str) -> bool:
    """Whether a prefix is kept up to where it is marked, and only up to there."""
    return bool(_KEEPS_A_CACHE.match(model))


def write_beginning() -> dict[str, Any]:
    """What a conversation begins with: before it, all is the same for the company's clients."""
    mark = {"mode": "explicit", "ttl": _KEPT_FOR}
    part = {"type": "input_text", "text": BEGINNING, "prompt_cache_breakpoint": mark}
    return {"type": "message", "role": Speaker.DESK.value, "content": [part]}


def write_items(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """Lines as message items; the bubbles that the assistant said in a row are one reply again."""
    for role, group in groupby(lines, key=lambda line: line.role):
        if role is Speaker.ASSISTANT:
            said: list[Any] = [write_reply([line.text for line in group])]
        else:
            said = [_write_content(line) for line in group]
        for content in said:
            yield {"type": "message", "role": role.value, "content": content}


def write_outputs(outputs: Iterable[Output]) -> Iterator[dict[str, Any]]:
    """What calls brought, as items."""
    for one in outputs:
        if one.call_id.startswith(APPROVAL):
            asked = one.call_id.removeprefix(APPROVAL)
            refused = {"approval_request_id": asked, "approve": False, "reason": one.text}
            yield {"type": "mcp_approval_response", **refused}
        else:
            yield {"type": "function_call_output", "call_id": one.call_id, "output": one.text}


def _write_tool(tool: ToolDefinition) -> dict[str, Any]:
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
        "strict": True,
    }


def _write_server(server: McpServer) -> dict[str, Any]:
    """What only reads is called at once; all else would have to be allowed, and is refused."""
    token = {"authorization": server.token} if server.token else {}
    return {
        "type": "mcp",
        "server_label": server.label,
        "server_url": server.url,
        **token,
        "allowed_tools": {"read_only": True},
        "require_approval": {"never": {"read_only": True}},
    }


def _write_content(line: Line) -> str | list[dict[str, Any]]:
    if not line.files:
        return line.text
    return [{"type": "input_text", "text": line.text}, *map(_write_file, line.files)]


def _write_file(file: File) -> dict[str, Any]:
    """As data: it is gone with the conversation, and expires no sooner.

    Unless bounded, a picture costs what its pixels do, and a page what it costs to read it closely.
    """
    data = f"data:{file.media_type};base64,{b64encode(file.content).decode()}"
    if file.media_type.startswith("image/"):
        return {"type": "input_image", "image_url": data, "detail": "high"}
    return {"type": "input_file", "filename": file.name, "file_data": data, "detail": "low"}


def write_reply(bubbles: Sequence[str]) -> str:
    """Bubbles as the model itself would have written them: what it says besides is left out."""
    return json.dumps({"messages": bubbles}, ensure_ascii=False)
