"""Days and times as admins read them: in their company's time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from tenants.zones import ZONES


def _rules(zone: str) -> tzinfo:
    """A machine that has not got the zone shows UTC."""
    try:
        return ZoneInfo(zone)
    except (OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return UTC


# Read while importing: later, reading files would hold up the event loop.
_RULES: Final[Mapping[str, tzinfo]] = {zone: _rules(zone) for zone in ZONES}
_DAY: Final = {"en": "%d %b %Y", "it": "%d/%m/%Y", "ru": "%d.%m.%Y"}  # else as ISO 8601 has it
_ISO: Final = "%Y-%m-%d"


def shown_day(at: float, language: str, *, zone: str) -> str:
    """The day of a moment in seconds since the epoch; `zone` is an IANA name."""
    return _there(at, zone).strftime(_DAY.get(language, _ISO))


def moment(at: float, language: str, *, zone: str) -> str:
    """The day and the time."""
    return f"{shown_day(at, language, zone=zone)} {_there(at, zone):%H:%M}"


def _there(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, _RULES.get(zone, UTC))
