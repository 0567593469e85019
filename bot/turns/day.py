"""The UTC day, by which tokens are counted and alerts repeated."""

from datetime import UTC, datetime


def days(now: float) -> tuple[str, str]:
    """The day of a moment, and the one that follows."""
    return day(now), day(now + 86_400.0)


def day(now: float) -> str:
    """The day of a moment, as YYYY-MM-DD."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()
