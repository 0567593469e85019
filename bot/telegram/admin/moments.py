"""Days and times as admins read them: in their company's time zone."""

from datetime import datetime
from typing import Final

from bot.turns.zones import clock_of

_DAY: Final = {"en": "%d %b %Y", "it": "%d/%m/%Y", "ru": "%d.%m.%Y"}  # else as ISO 8601 has it
_ISO: Final = "%Y-%m-%d"
_SHORT: Final = {"en": "%d %b", "it": "%d/%m", "ru": "%d.%m"}  # of this year


def shown_day(at: float, language: str, *, zone: str) -> str:
    """The day of a moment in seconds since the epoch; `zone` is an IANA name."""
    return _there(at, zone).strftime(_DAY.get(language, _ISO))


def moment(at: float, language: str, *, zone: str) -> str:
    """The day and the time."""
    return f"{shown_day(at, language, zone=zone)} {_there(at, zone):%H:%M}"


def brief_moment(at: float, language: str, *, zone: str, now: float) -> str:
    """The same as far as it is not today's, for a key."""
    there, today = _there(at, zone), _there(now, zone)
    if there.date() == today.date():
        return f"{there:%H:%M}"
    if there.year != today.year:
        return shown_day(at, language, zone=zone)
    return f"{there.strftime(_SHORT.get(language, '%m-%d'))} {there:%H:%M}"


def _there(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, clock_of(zone))
