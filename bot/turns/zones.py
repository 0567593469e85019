"""How clocks go in each time zone. Pure once imported."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
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


def clock_of(zone: str) -> tzinfo:
    """The clock on the wall where a company is; `zone` is an IANA name, UTC if it is none."""
    return _RULES.get(zone, UTC)
