"""Days and times as admins read them, in UTC."""

from datetime import UTC, datetime
from typing import Final

_DAY: Final = {"it": "%d/%m/%Y", "ru": "%d.%m.%Y"}  # else as ISO 8601 has it
_ISO: Final = "%Y-%m-%d"


def shown_day(at: float, language: str) -> str:
    """The day of a moment in seconds since the epoch."""
    return datetime.fromtimestamp(at, UTC).strftime(_DAY.get(language, _ISO))


def moment(at: float, language: str) -> str:
    """The day and the time."""
    return f"{shown_day(at, language)} {datetime.fromtimestamp(at, UTC):%H:%M} UTC"
