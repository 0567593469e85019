"""Days and times as admins read them: in their company's time zone."""

from datetime import datetime
from typing import Final

from bot.turns.zones import clock_of

_DAY: Final = {"en": "%d %b %Y", "it": "%d/%m/%Y", "ru": "%d.%m.%Y"}  # else as ISO 8601 has it
_ISO: Final = "%Y-%m-%d"


def shown_day(at: float, language: str, *, zone: str) -> str:
    """The day of a moment in seconds since the epoch; `zone` is an IANA name."""
    return _there(at, zone).strftime(_DAY.get(language, _ISO))


def moment(at: float, language: str, *, zone: str) -> str:
    """The day and the time."""
    return f"{shown_day(at, language, zone=zone)} {_there(at, zone):%H:%M}"


def _there(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, clock_of(zone))
