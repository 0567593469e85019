"""A company's books, played by a test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.tools import ToolContext

AT = datetime(2026, 12, 24, 10, tzinfo=UTC)
NOWHERE = ToolContext("aurora", 7, "it", "key-1", AT, 10.0)


@dataclass(slots=True)
class FakeDesk:
    """`noted` by others: no tool changes it."""

    request_fields: Sequence[str] = ("Nome", "Numero di telefono")
    noted: Mapping[str, str] = field(default_factory=dict)
    taken: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)

    @property
    def context(self) -> ToolContext:
        """Of a call at this desk."""
        return replace(NOWHERE, desk=self)

    async def take_request(self, fields: Sequence[tuple[str, str]], *, key: str) -> int:
        self.taken.setdefault(key, fields)
        return [*self.taken].index(key) + 1

    async def remember(self, name: str, value: str) -> bool:
        if name in self.noted:
            return False
        self.remembered[name] = value
        return True

    async def forget(self, name: str) -> bool:
        self.remembered.pop(name, None)
        return name not in self.noted

    async def recall(self) -> Mapping[str, str]:
        return {**self.noted, **self.remembered}
