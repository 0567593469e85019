"""Whether a company is open at a moment, and until when it stays so. Pure.

Hours are told by the clock on the wall. Where that is put back or forward, a time is taken as
RFC 5545, 3.3.5 takes it: of two the first, and one that is skipped as much later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from tenants.hours import DAY_MINUTES, HOUR_MINUTES, Day, Hours, Open

_DAY: Final = timedelta(days=1)
_FAR: Final = timedelta(days=7)  # open until then is as good as always
_MOST_DAYS: Final = 400  # that are looked through for the next opening


@dataclass(frozen=True, slots=True)
class Opening:
    """`until`, by the company's clock, it stays so; None: as far as one can see."""

    is_open: bool
    until: datetime | None


def opening_at(hours: Hours, at: datetime) -> Opening | None:
    """How it stands at a moment in the company's zone; None where nothing is said of that day."""
    zone, dates = at.tzinfo or UTC, dict(hours.dates)
    for start, end in _periods(hours, dates, at):
        if end > at:
            is_open = start <= at
            until = end if is_open else start
            told = None if is_open and end - at > _FAR else until.astimezone(zone)
            return Opening(is_open, told)
    return None if _spans(hours, dates, at.date()) is None else Opening(is_open=False, until=None)


def open_on(hours: Hours, day: date) -> Open | None:
    """When it is open on a date; None where nothing is said of it."""
    return _spans(hours, dict(hours.dates), day)


def _periods(
    hours: Hours, dates: dict[Day, Open], at: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """When it is open, from the day before on; what meets is one period."""
    zone, far = at.tzinfo or UTC, at + _FAR
    start = end = None
    for day in (at.date() + ahead * _DAY for ahead in range(-1, _MOST_DAYS)):
        spans = _spans(hours, dates, day)
        if spans is None and day > at.date():
            break
        for span in spans or ():
            opens, closes = _moment(day, span.start, zone), _moment(day, span.end, zone)
            if span.end <= span.start:
                closes = _moment(day + _DAY, span.end, zone)
            if start and end and opens <= end:
                end = max(end, closes)
            elif opens < closes:
                if start and end:
                    yield start, end
                start, end = opens, closes
        if end and end > far:
            break
    if start and end:
        yield start, end


def _spans(hours: Hours, dates: dict[Day, Open], day: date) -> Open | None:
    """Of a date; a day of the week of which nothing is said is closed, if others are open."""
    for known in (Day(day.month, day.day, day.year), Day(day.month, day.day)):
        if known in dates:
            return dates[known]
    if all(spans is None for spans in hours.week):
        return None
    return hours.week[day.weekday()] or ()


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    days, rest = divmod(minutes, DAY_MINUTES)
    clock = time(*divmod(rest, HOUR_MINUTES))
    return datetime.combine(day + days * _DAY, clock, zone).astimezone(UTC)
