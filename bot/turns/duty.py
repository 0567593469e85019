"""When somebody of a company wants to be told of its clients. Pure."""

from datetime import datetime, timedelta
from typing import Final

from tenants.hours import HOUR_MINUTES, Day, Hours, Open, Span
from tenants.hours_reading import read

NEVER: Final = ""


def is_on_duty(hours: str, local: datetime) -> bool:
    """Whether these hours, as they are kept, have this moment in them, by the company's clock."""
    if hours == NEVER:
        return False
    known = read(hours)
    minute = local.hour * HOUR_MINUTES + local.minute
    today, before = _of(known, local), _of(known, local - timedelta(days=1))
    began = any(_begins_before(span, minute) for span in today)
    return began or any(_is_overnight(span) and minute < span.end for span in before)


def _of(hours: Hours, local: datetime) -> Open:
    """Of a date: what is said of it, else of it in each year, else of that day of the week."""
    dates = dict(hours.dates)
    exact = Day(local.month, local.day, local.year)
    yearly = Day(local.month, local.day)
    spans = dates.get(exact, dates.get(yearly, hours.week[local.weekday()]))
    return spans or ()


def _begins_before(span: Span, minute: int) -> bool:
    return span.start <= minute and (_is_overnight(span) or minute < span.end)


def _is_overnight(span: Span) -> bool:
    return span.end <= span.start
