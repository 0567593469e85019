"""Telemetry that a test can read."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class FakeTelemetry:
    """bot.ports.Telemetry; `warnings` should be empty unless the test is about trouble."""

    records: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    warnings: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    told: Callable[[], None] = lambda: None  # after each of them

    def record(self, event: str, **fields: object) -> None:
        self.records.append((event, fields))
        self.told()

    def warn(self, event: str, **fields: object) -> None:
        self.warnings.append((event, fields))
        self.told()

    def count(self, event: str) -> int:
        return sum(name == event for name, _ in self.records + self.warnings)
