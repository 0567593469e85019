"""What happened, in the log."""

from dataclasses import dataclass, field
from typing import Any

import structlog


@dataclass(frozen=True, slots=True)
class LogTelemetry:
    """bot.ports.Telemetry: records at debug level, warnings as warnings."""

    log: Any = field(default_factory=structlog.get_logger)  # structlog's proxies have no type

    def record(self, event: str, **fields: object) -> None:
        """Something worth counting."""
        self.log.debug(event, **fields)

    def warn(self, event: str, **fields: object) -> None:
        """Something that the host should know."""
        self.log.warning(event, **fields)
