"""Opening hours as people type them, in any of the languages, read. Pure.

lun-ven 9-13 e 15-18, sab 9-13, domenica chiuso
Mon-Fri 9-18; 24 Dec closed
ежедневно 8:00-22:00

Three passes: the text becomes tokens (`tenants.hours_tokens`), each with a letter for its kind;
what stands together becomes one (a date, a span, days from one to another), found by the letters;
and days and hours are matched.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Final

from tenants.hours import DAY_MINUTES, HOUR_MINUTES, NOON, Day, Hours, Open, Span, fits, in_order
from tenants.hours_tokens import HoursToken, Tokens, Unread, date_of, text_of, tokens_of
from tenants.hours_words import MONTH_OF

MOST_IN_ROW: Final = 366  # from one date to another
MOST_DATES: Final = 1_000  # in all: each is looked at by itself
MOST_SPANS: Final = 10  # of one day; what is kept of them has to fit its line
_CLOSED: Final[Open] = ()


@lru_cache(maxsize=1_000)
def read(text: str) -> Hours:
    """What a text says. Raises Unread. Each turn asks for that of its company."""
    tokens = [*tokens_of(text)]
    for pattern, make in _TOGETHER:
        tokens = _joined(tokens, pattern, make)
    unknown = [one.text for one in tokens if one.kind in "untmyhMx"]
    known = [one for one in tokens if one.kind in "wdpcs"]
    if unknown or not any(one.kind != "s" for one in known):
        raise Unread(*unknown)
    week: list[Open | None] = [None] * 7
    dates: list[tuple[Day, Open]] = []
    for selectors, spans in _clauses(known):
        for one in selectors:
            if one.kind == "d":
                dates += [(day, spans) for day in one.value]
            else:
                week = [spans if day in one.value else week[day] for day in range(7)]
    shut = frozenset[int]().union(*(one.but for one in known))
    week = [_CLOSED if at in shut and day is None else day for at, day in enumerate(week)]
    return Hours(tuple(week), in_order(dates))


# ---------------------------------------------------------------- what stands together


def _joined(tokens: Tokens, pattern: str, make: Callable[[Tokens], Tokens]) -> list[HoursToken]:
    kinds = "".join(one.kind for one in tokens)
    made: list[HoursToken] = []
    at = dates = 0
    for found in re.finditer(pattern, kinds):
        together = make(tokens[found.start() : found.end()])
        dates += sum(len(one.value) for one in together if one.kind == "d")
        if dates > MOST_DATES:
            raise Unread(text_of(together))
        made += [*tokens[at : found.start()], *together]
        at = found.end()
    return [*made, *tokens[at:]]


def _as_month(tokens: Tokens) -> Tokens:
    return [*tokens[:-1], HoursToken("m", tokens[-1].text, MONTH_OF[tokens[-1].text])]


def _day_of_month(tokens: Tokens) -> Tokens:
    """24 Dec 2026; 24-26 Dec; Dec 24."""
    (month,) = (one.value for one in tokens if one.kind == "m")
    year = next((one.value for one in tokens if one.kind == "y"), None)
    days = [one.value for one in tokens if one.kind == "n"]
    dates = [date_of(text_of(tokens), day, month, year) for day in days]
    return dates if len(dates) == 1 else _row(dates[0], dates[1], text_of(tokens))


def _dates(tokens: Tokens) -> Tokens:
    return _row(tokens[0], tokens[2], text_of(tokens))


def _row(first: HoursToken, last: HoursToken, text: str) -> Tokens:
    """All dates from one to another; without a year the other may be next year's.

    Raises Unread where the one does not lead to the other.
    """
    if first.kind != "d" or last.kind != "d":
        return [HoursToken("u", text)]
    (one,), (other,) = first.value, last.value
    if other.year and not one.year:
        one = Day(one.month, one.day, other.year)
    days = [one]
    while not _is(days[-1], other) and len(days) < MOST_IN_ROW:
        days.append(days[-1].following)
    if not one.exists or not _is(days[-1], other):
        raise Unread(text)
    return [HoursToken("d", text, tuple(days))]


def _is(day: Day, wanted: Day) -> bool:
    return replace(day, year=wanted.year and day.year) == wanted


def _weekdays(tokens: Tokens) -> Tokens:
    """Mon-Fri; Sat-Mon too."""
    first, last = tokens[0].value, tokens[2].value
    if len(first) != 1 or len(last) != 1:
        return [HoursToken("u", text_of(tokens))]
    (begin,), (end,) = first, last
    days = frozenset((begin + more) % 7 for more in range((end - begin) % 7 + 1))
    return [HoursToken("w", text_of(tokens), days)]


def _all_but(tokens: Tokens) -> Tokens:
    """Every day (8-22) except Tuesday, when we are closed."""
    days, *others = (one.value for one in tokens if one.kind == "w")
    but = frozenset[int]().union(*others)
    spans = [one for one in tokens if one.kind == "p"]
    return [HoursToken("w" if days - but else "u", text_of(tokens), days - but, but), *spans]


def _span(tokens: Tokens) -> Tokens:
    """9-18; 9am-6pm; 9-6pm; 20:00-2:00; 12-midnight."""
    at = next(number for number, one in enumerate(tokens) if one.kind == "r")
    start, begins = _minutes(tokens[:at])
    end, ends = _minutes(tokens[at + 1 :])
    if not begins and ends == "p" and start < end - NOON:
        start += NOON  # 1-5pm
    span = Span(start % DAY_MINUTES, end or DAY_MINUTES)
    good = max(start, end) <= DAY_MINUTES and start < DAY_MINUTES and span.start != span.end
    return [HoursToken("p" if good else "u", text_of(tokens), span)]


def _minutes(tokens: Tokens) -> tuple[int, str]:
    """A time and its half of the day, which may be left out."""
    value = tokens[0].value * HOUR_MINUTES if tokens[0].kind == "n" else tokens[0].value
    half = tokens[1].value if len(tokens) > 1 else ""
    if half and NOON <= value < NOON + HOUR_MINUTES:
        value -= NOON
    return value + (NOON if half == "p" else 0), half


_TOGETHER: Final[Sequence[tuple[str, Callable[[Tokens], Tokens]]]] = (
    (r"(?<!w)(?<!w.)nrnM", _as_month),  # “lun 9-13 mar 9-18” is about Tuesday
    (r"(?<!r)nM", _as_month),
    (r"M", lambda tokens: [HoursToken("w", one.text, one.value) for one in tokens]),
    (r"n(?:rn)?my?|mny?", _day_of_month),
    (r"drd", _dates),
    (r"wrw", _weekdays),
    (r"[nt]h?r[nt]h?", _span),
    (r"w(?:s?p)+s?xw(?:s?w(?!s?p))*c?|ws?xw(?:s?w)*c?", _all_but),
)


# ---------------------------------------------------------------- which hours are whose


def _clauses(tokens: Tokens) -> Iterator[tuple[Tokens, Open]]:
    """Days and their hours; the days may come first or last, and no days are all of them."""
    runs: list[Tokens] = [[*run] for _, run in groupby(_tidy(tokens), key=_is_day)]
    at = 0
    while at < len(runs):
        run, follows = runs[at], runs[at + 1] if at + 1 < len(runs) else None
        if _is_day(run[0]):
            if follows is None:
                raise Unread(text_of([one for one in run if one.kind != "s"]))
            hours, closing = _until_closed(follows)
            yield _days(run), _spans(hours)
            runs[at + 1 : at + 2] = [closing] if closing else []
            at += 1
        elif follows is None:
            if at:
                raise Unread(text_of(run))
            yield _EVERY_DAY, _spans(run)
            at += 1
        else:
            mine, others = _shared(run, follows, more=at + 2 < len(runs))
            if not mine and at:
                raise Unread(text_of(run))
            yield _days(mine) or _EVERY_DAY, _spans(run)
            runs[at + 1] = others or follows
            at += 1 if others else 2


_EVERY_DAY: Final = (HoursToken("w", "", frozenset(range(7))),)


def _tidy(tokens: Tokens) -> Iterator[HoursToken]:
    """Without separators at the ends; one between days and hours belongs to what follows it."""
    kept = [*tokens]
    while kept and kept[-1].kind == "s":
        kept.pop()
    waiting: list[HoursToken] = []
    for one in kept:
        if one.kind == "s":
            waiting = [one]
        else:
            yield from (HoursToken("s", "", _is_day(one)) for _ in waiting)
            yield one
            waiting = []


def _is_day(token: HoursToken) -> bool:
    return token.value is True if token.kind == "s" else token.kind in "wd"


def _days(run: Tokens) -> Tokens:
    return [one for one in run if one.kind in "wd"]


def _spans(run: Tokens) -> Open:
    """Raises Unread for hours that overlap, are too many, or that a closed day has."""
    told = [one for one in run if one.kind != "s"]
    spans = tuple(sorted(one.value for one in told if one.kind == "p"))
    if (spans and len(spans) < len(told)) or len(spans) > MOST_SPANS or not fits(spans):
        raise Unread(text_of(told))
    return spans


def _until_closed(run: Tokens) -> tuple[Tokens, Tokens]:
    """Hours, and “closed” after them, which is about the days that follow."""
    at = next((at for at, one in enumerate(run) if at and one.kind == "c"), len(run))
    return run[:at], run[at:]


def _shared(run: Tokens, days: Tokens, *, more: bool) -> tuple[Tokens, Tokens]:
    """Which of the days the hours before them are for, and which the hours after them."""
    if not more:
        return days, ()
    at = max((at for at, one in enumerate(days) if one.kind == "s"), default=-1)
    is_between = days[0].kind == "s"
    if at > 0 or is_between:
        return days[: max(at, 0)], days[max(at, 0) :]
    return days, ()
