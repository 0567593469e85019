"""Tools of the tests: each does what it is told to, and keeps a book of what it was called with."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.calls import Effect, Status, ToolDefinition, write_output
from bot.errors import ToolError
from bot.ports import Tool, Toolbox, ToolContext
from bot.tools.kit.toolbox import FileToolbox
from tenants.profile import Profile

Act = Callable[[ToolContext, str], Awaitable[str]]
SCHEMA = {
    "type": "object",
    "properties": {"what": {"type": "string"}},
    "required": ["what"],
    "additionalProperties": False,
}


_OWN: Final = FileToolbox(None, {})  # made once: nothing in it changes


def done(message: str = "Done.") -> str:
    return write_output(Status.SUCCESS, message)


@dataclass(slots=True)
class FakeTool:
    """bot.ports.Tool. `acts` is what it does after it has written the call into its book."""

    name: str
    effect: Effect = Effect.WRITE
    timeout: float = 10.0
    confirm: bool = False
    idempotent: bool = False
    on_phone: bool = False
    acts: Act | None = None
    finds: str | Exception | None = None  # what its probe does
    probes: bool = False
    host: str = ""
    book: list[tuple[str, str]] = field(default_factory=list)  # keys and arguments
    contexts: list[ToolContext] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # the keys that were probed
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def definition(self) -> ToolDefinition:
        return ToolDefinition(self.name, f"What {self.name} is for.", SCHEMA)

    def check(self, arguments: str) -> None:
        try:
            fits = isinstance(json.loads(arguments), dict)
        except ValueError:
            fits = False
        if not fits:
            raise ToolError("These arguments are no JSON object.")

    async def call(self, context: ToolContext, arguments: str) -> str:
        self.book.append((context.key, arguments))
        self.contexts.append(context)
        return await self.acts(context, arguments) if self.acts else done()

    async def probe(self, context: ToolContext, arguments: str) -> str | None:
        self.asked.append(context.key)
        if isinstance(self.finds, Exception):
            raise self.finds
        return self.finds


@dataclass(slots=True)
class FakeToolbox:
    """bot.ports.Toolbox: all of them, for everybody, in front of Sportello's own."""

    tools: list[FakeTool] = field(default_factory=list)
    own: Toolbox = _OWN
    declares: bool = False

    def load(self) -> Mapping[str, Tool]:
        return {**{tool.name: tool for tool in self.tools}, **self.own.load()}

    async def at(self, tenant: int) -> Toolbox:
        return self

    def of(self, profile: Profile) -> Sequence[Tool]:
        return [*self.tools, *self.own.of(profile)]

    def find(self, name: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.name == name), None) or self.own.find(name)
