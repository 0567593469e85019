"""A tool's call, as the model asks for it, and as it is answered. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.core.json_text import to_json

RESULT_BYTES: Final = 16_000  # of one output
ARGUMENTS_CHARACTERS: Final = 65_536
TURN_SECONDS: Final = 60.0  # for all that a turn calls


class Effect(StrEnum):
    """Whether a tool changes something outside the conversation."""

    READ = "read"
    WRITE = "write"


class Status(StrEnum):
    """How a call went, as the model is told."""

    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """What the model is told about a tool; `parameters` is a strict JSON schema.

    `titles`: what clients read for its name and those of its parameters, by language.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a tool, as the model wrote it; `call_id` is the API's."""

    call_id: str
    name: str
    arguments: str  # JSON, unless the model erred
    server: str = ""  # the label of the MCP server that has the tool; empty: it is one of ours


@dataclass(frozen=True, slots=True)
class Output:
    """What the model is told of a call: the JSON that `write_output` makes."""

    call_id: str
    text: str


@dataclass(frozen=True, slots=True)
class McpServer:
    """An MCP server of a company's, whose tools the API itself calls, if they only read."""

    label: str
    url: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RemoteCall:
    """What an MCP server was asked within an answer: a call of a tool, or what tools it has.

    `is_down`: the server failed, not what was called.
    """

    call: Call
    output: str
    failed: bool = False
    is_down: bool = False


def write_output(status: Status, message: str, **more: object) -> str:
    """The one form of an output: `{"data": {"status", "message", ...}}`."""
    return to_json({"data": {"status": status, "message": message, **more}})


def canonical(arguments: str) -> str:
    """The same text for the same arguments, however they are spaced and ordered.

    What is no JSON stays as it is: it is the same only to itself.
    """
    try:
        return json.dumps(json.loads(arguments), sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        return arguments
