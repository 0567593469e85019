"""When a company is open: by day of the week, with exceptions by date. Pure.

What is kept of it are lines that a person can read and change ("Mon-Fri 9:00-18:00", "24 Dec
closed"): the English ones of `lines`. `tenants.hours_reading` reads them, and what people type.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from tenants.hours_words import CLOSED, DAYS, MONTHS, WHOLE_DAY

HOUR_MINUTES: Final = 60
DAY_MINUTES: Final = 24 * HOUR_MINUTES
NOON: Final = DAY_MINUTES // 2
_LEAP: Final = 2024  # a year that has each day that a year may have
_MONTHS: Final = 12
_FIRST_YEAR, _LAST_YEAR = 2000, 9998


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From and until when, in minutes after midnight; an end that is not later is the next day's.

    `start` is below a day's minutes; `end` is above none and at most all of them.
    """

    start: int
    end: int


WHOLE: Final = Span(0, DAY_MINUTES)
Open = tuple[Span, ...]  # of one day, in order; none: closed


@dataclass(frozen=True, slots=True)
class Day:
    """A date; without a year it is that day of each year."""

    month: int
    day: int
    year: int | None = None

    @property
    def exists(self) -> bool:
        """Whether there is such a date, and not long ago."""
        known = self.year is None or _FIRST_YEAR <= self.year <= _LAST_YEAR
        return known and 1 <= self.month <= _MONTHS and 1 <= self.day <= self._last

    @property
    def following(self) -> "Day":
        """The day after."""
        if self.day < self._last:
            return Day(self.month, self.day + 1, self.year)
        if self.month < _MONTHS:
            return Day(self.month + 1, 1, self.year)
        return Day(1, 1, self.year + 1 if self.year else None)

    @property
    def order(self) -> tuple[int, int, int]:
        """Those of each year go first."""
        return self.year or 0, self.month, self.day

    @property
    def _last(self) -> int:
        return monthrange(self.year or _LEAP, self.month)[1]


@dataclass(frozen=True, slots=True)
class Hours:
    """Of the days of the week, Monday first, None where nothing is said; `dates` go before them."""

    week: tuple[Open | None, ...]
    dates: tuple[tuple[Day, Open], ...] = ()  # in order, those of each year first


def in_order(dates: Sequence[tuple[Day, Open]]) -> tuple[tuple[Day, Open], ...]:
    """As `Hours` has them; of two for one day the last counts."""
    return tuple(sorted(dict(dates).items(), key=lambda one: one[0].order))


def fits(spans: Open) -> bool:
    """Whether none begins before the one before it ends; the last may pass midnight."""
    if not spans:
        return True
    last = spans[-1]
    follow = (one.start < one.end <= after.start for one, after in pairwise(spans))
    ends = last.start < last.end or last.end <= spans[0].start
    return all(follow) and last.start != last.end and ends


def lines(hours: Hours, language: str) -> tuple[str, ...]:
    """A line for all days in a row that are the same; English where a language has no words."""
    language = language if language in DAYS else "en"
    return (*_week(hours, language), *_dates(hours, language))


def plain(hours: Hours) -> tuple[str, ...]:
    """The lines that are kept: with the dashes of a keyboard."""
    return tuple(line.replace("–", "-") for line in lines(hours, "en"))


def _week(hours: Hours, language: str) -> Iterator[str]:
    names = DAYS[language]
    for spans, days in groupby(range(7), key=lambda day: hours.week[day]):
        if spans is not None:
            first, last = _ends(days)
            which = names[first] if first == last else f"{names[first]}–{names[last]}"
            yield f"{which} {_spans(spans, language)}"


def _dates(hours: Hours, language: str) -> Iterator[str]:
    rows: list[tuple[Day, Day, Open]] = []
    for day, spans in hours.dates:
        first, last, before = rows[-1] if rows else (None, None, None)
        if first and last and last.following == day and before == spans:
            rows[-1] = (first, day, spans)
        else:
            rows.append((day, day, spans))
    for first, last, spans in rows:
        which = _date(first, language)
        until = "" if first == last else f" – {_date(last, language)}"
        yield f"{which}{until} {_spans(spans, language)}"


def _ends(days: Iterator[int]) -> tuple[int, int]:
    row = list(days)
    return row[0], row[-1]


def _date(day: Day, language: str) -> str:
    named = f"{day.day} {MONTHS[language][day.month - 1]}"
    return f"{named} {day.year}" if day.year else named


def _spans(spans: Open, language: str) -> str:
    if spans == (WHOLE,):
        return WHOLE_DAY[language]
    return ", ".join(f"{_time(one.start)}–{_time(one.end)}" for one in spans) or CLOSED[language]


def _time(minutes: int) -> str:
    return f"{minutes // HOUR_MINUTES}:{minutes % HOUR_MINUTES:02}"
