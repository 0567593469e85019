"""Logs: constant events with fields, for a person or as JSON; secrets never get through."""

import logging
import re
import sys
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from bot.core.visible import visible

Event = MutableMapping[str, Any]
HIDDEN = "***"
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
_KEY = re.compile(r"sk-[A-Za-z0-9_-]{8,}")
QUIET = (
    "aiohttp.access",
    "alembic",
    "filelock",
    "httpcore2",
    "httpx2",
    "openai",
    "telegram",
    "uvicorn",
)


def set_up_logging(
    *, level: str, form: Literal["console", "json"], secrets: Sequence[str] = ()
) -> None:
    """Log to standard error. `secrets` and whatever looks like a token or a key is blotted out."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=form == "json"),
        structlog.processors.format_exc_info,
        LogRedaction(secrets),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _route_standard_logging(
        level,
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        ),
    )


def _route_standard_logging(level: str, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class LogRedaction:
    """Takes secrets out of every text of an event, and what would act on a terminal."""

    def __init__(self, secrets: Sequence[str]) -> None:
        known = [re.escape(secret) for secret in secrets if secret]
        self._known = re.compile("|".join(known)) if known else None

    def __call__(self, _: object, __: str, event: Event) -> Event:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if self._known:
            value = self._known.sub(HIDDEN, value)
        return visible(_KEY.sub(HIDDEN, _TOKEN.sub(HIDDEN, value)))


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
