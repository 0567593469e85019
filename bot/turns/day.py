"""The UTC day, by which tokens are counted and alerts repeated."""

from datetime import UTC, datetime


def day(now: float) -> str:
    """The day of a moment, as YYYY-MM-DD."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()
