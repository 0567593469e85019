"""Tools of the program under test: each books in a file, which counts and outlives all kills."""

import asyncio
import json
import random
from binascii import crc32
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.core.calls import Effect, Status, ToolDefinition, write_output
from bot.ports import Tool, Toolbox, ToolContext
from tenants.profile import Profile

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"what": {"type": "string"}},
    "required": ["what"],
    "additionalProperties": False,
}
KEYED, PROBED, BLIND, READS = "keyed", "probed", "blind", "reads"
TAPPED = "tapped"  # the client is asked before it is called
BEFORE, AFTER = (0.0, 0.2), (0.0, 0.2)  # seconds until it is booked, and until that is told


def wanted(words: str) -> tuple[str, ...]:
    """Which tools the model calls for these words: none, one, or two at once."""
    choices: tuple[tuple[str, ...], ...] = (
        *((), (KEYED,), (PROBED,), (BLIND,), (READS,), (KEYED, PROBED), (BLIND, READS)),
        *((TAPPED,), (TAPPED,), (TAPPED, READS)),
    )
    return choices[crc32(words.encode()) % len(choices)]


@dataclass(frozen=True, slots=True)
class CrashTool:
    """Appends a line for each booking; under a key that is known, `keyed` appends nothing."""

    name: str
    book: Path

    @property
    def definition(self) -> ToolDefinition:
        return ToolDefinition(self.name, "Books.", SCHEMA)

    @property
    def effect(self) -> Effect:
        return Effect.READ if self.name == READS else Effect.WRITE

    timeout = 10.0
    on_phone = False
    host = ""

    @property
    def confirm(self) -> bool:
        return self.name == TAPPED

    @property
    def idempotent(self) -> bool:
        return self.name == KEYED

    @property
    def probes(self) -> bool:
        return self.name == PROBED

    @property
    def secrets(self) -> Mapping[str, str]:
        return {}

    def check(self, arguments: str) -> None:
        return

    async def call(self, context: ToolContext, arguments: str) -> str:
        await asyncio.sleep(random.uniform(*BEFORE))
        what = json.loads(arguments)["what"]
        known = self.name == KEYED and context.key in booked(self.book)
        if self.name != READS and not known:
            with self.book.open("a") as book:
                book.write(f"{context.key} {self.name} {what}\n")
        await asyncio.sleep(random.uniform(*AFTER))
        return write_output(Status.SUCCESS, f"{self.name} {what}")

    async def probe(self, context: ToolContext, arguments: str) -> str | None:
        what = json.loads(arguments)["what"]
        found = context.key in booked(self.book)
        return write_output(Status.SUCCESS, f"{self.name} {what}") if found else None


@dataclass(frozen=True, slots=True)
class CrashTools:
    """bot.ports.Toolbox."""

    book: Path
    declares = False

    def load(self) -> Mapping[str, Tool]:
        return {name: CrashTool(name, self.book) for name in (BLIND, KEYED, PROBED, READS, TAPPED)}

    async def at(self, tenant: int) -> Toolbox:
        return self

    def of(self, profile: Profile) -> Sequence[Tool]:
        return [*self.load().values()]

    def find(self, name: str) -> Tool | None:
        return CrashTool(name, self.book)


def booked(book: Path) -> Counter[str]:
    """How often there was a booking under each key."""
    lines = book.read_text().splitlines() if book.exists() else []
    return Counter(line.split(" ")[0] for line in lines)


def booked_for(book: Path) -> Counter[str]:
    """How often each tool has booked for each client's words."""
    lines = book.read_text().splitlines() if book.exists() else []
    return Counter(line.split(" ", 1)[1] for line in lines)
