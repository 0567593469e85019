"""The clock on the wall where a company is."""

from datetime import UTC
from zoneinfo import ZoneInfo

from bot.turns.zones import _rules, clock_of


def test_it_goes_as_its_zone_does_and_as_utc_where_there_is_none() -> None:
    assert _rules("Europe/Rome") == clock_of("Europe/Rome") == ZoneInfo("Europe/Rome")
    assert _rules("Nowhere/Nothing") is clock_of("Nowhere/Nothing") is UTC
