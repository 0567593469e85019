"""Open or closed, and until when: as one finds it out who looks at each minute in turn."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.turns.open_now import Opening, open_on, opening_at
from tenants.hours import Day, Hours, Open, Span, fits
from tenants.hours_reading import read

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONES = ("Europe/Rome", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Etc/UTC")
CHANGES = [
    datetime(2026, *day, tzinfo=UTC)
    for day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1), (12, 31))
]

moments = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    st.builds(
        lambda day, minutes: day + minutes * MINUTE,
        st.sampled_from(CHANGES),
        st.integers(-1_440, 2_880),
    ),
)
STRUCK = (0, 60, 150, 180, 540, 780, 900, 1_320, 1_440)  # few, so that hours meet and pass midnight
spans = st.builds(Span, st.sampled_from(STRUCK[:-1]), st.sampled_from(STRUCK[1:]))
opens: st.SearchStrategy[Open] = st.lists(spans, max_size=2).map(sorted).map(tuple).filter(fits)
weeks = st.one_of(
    st.lists(opens, min_size=7, max_size=7), st.lists(st.none() | opens, min_size=7, max_size=7)
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours with exceptions near a moment, and that moment in some zone."""
    at = draw(moments).replace(second=0, microsecond=0)
    at = at.astimezone(ZoneInfo(draw(st.sampled_from(ZONES))))
    near = st.integers(-2, 3).map(lambda ahead: at.date() + ahead * DAY)
    named = st.builds(
        lambda day, yearly: Day(day.month, day.day, None if yearly else day.year),
        near,
        st.booleans(),
    )
    exceptions = draw(st.dictionaries(named, opens, max_size=3))
    dates = tuple(sorted(exceptions.items(), key=lambda one: one[0].order))
    return Hours(tuple(draw(weeks)), dates), at


class Oracle:
    """Every open minute of some days, written down one by one."""

    def __init__(self, hours: Hours, at: datetime) -> None:
        self.hours, self.zone, self.minutes = hours, at.tzinfo, set[datetime]()
        for ahead in range(-2, 6):
            self._write_down(at, ahead)

    def _write_down(self, at: datetime, ahead: int) -> None:
        day = at.date() + ahead * DAY
        midnight = datetime.combine(day, time())
        for span in self.spans(at, ahead) or ():
            end = span.end if span.end > span.start else span.end + 1_440
            minute = self._utc(midnight + span.start * MINUTE)
            while minute < self._utc(midnight + end * MINUTE):
                self.minutes.add(minute)
                minute += MINUTE

    def _utc(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(UTC)

    def spans(self, at: datetime, ahead: int) -> Open | None:
        day = at.date() + ahead * DAY
        found: Open | None = None
        if any(spans is not None for spans in self.hours.week):
            found = self.hours.week[day.weekday()] or ()
        for known, spans in self.hours.dates:
            if (known.month, known.day) == (day.month, day.day) and known.year in (None, day.year):
                found = spans
        return found

    def is_open(self, at: datetime) -> bool:
        return at.astimezone(UTC) in self.minutes


@given(cases())
def test_each_minute_agrees(case: tuple[Hours, datetime]) -> None:
    hours, at = case
    oracle, told = Oracle(hours, at), opening_at(hours, at)
    if told is None:
        assert not oracle.is_open(at)
        assert oracle.spans(at, 0) is None
        return
    assert told.is_open == oracle.is_open(at)
    minute = at.astimezone(UTC)
    for _ in range(3 * 1_440):
        minute += MINUTE
        if oracle.is_open(minute) != told.is_open:
            assert told.until == minute
            return
    assert told.until is None or told.until > minute


ROME = ZoneInfo("Europe/Rome")
SHOP = read("Mon-Fri 9-13, 15-18; Sat 9-13; 25 Dec closed; 26 Dec closed; 24 Dec 9-12")
BAR = read("Fri-Sat 22:00-3:00")


def rome(*moment: int, fold: int = 0) -> datetime:
    return datetime(*moment, tzinfo=ROME, fold=fold)  # type: ignore[arg-type, misc]  # a date's parts


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (SHOP, rome(2026, 12, 23, 10), Opening(is_open=True, until=rome(2026, 12, 23, 13))),
        (SHOP, rome(2026, 12, 23, 13), Opening(is_open=False, until=rome(2026, 12, 23, 15))),
        (SHOP, rome(2026, 12, 24, 11), Opening(is_open=True, until=rome(2026, 12, 24, 12))),
        (SHOP, rome(2026, 12, 24, 12), Opening(is_open=False, until=rome(2026, 12, 28, 9))),
        (BAR, rome(2026, 12, 5, 2, 59), Opening(is_open=True, until=rome(2026, 12, 5, 3))),
        # The hour that comes twice: three o'clock is struck after it.
        (BAR, rome(2026, 10, 25, 2, 30), Opening(is_open=True, until=rome(2026, 10, 25, 3))),
        (
            BAR,
            rome(2026, 10, 25, 2, 30, fold=1),
            Opening(is_open=True, until=rome(2026, 10, 25, 3)),
        ),
        (read("every day 24 hours"), rome(2026, 10, 25, 2), Opening(is_open=True, until=None)),
        (read("Mon-Sun closed"), rome(2026, 10, 25, 2), Opening(is_open=False, until=None)),
        (read("24 Dec closed"), rome(2026, 12, 24, 2), Opening(is_open=False, until=None)),
        (read("24 Dec closed"), rome(2026, 12, 23, 2), None),
        # From November to spring.
        (
            replace(read("daily 9-18"), dates=read("1 Nov - 30 Apr closed").dates),
            rome(2026, 11, 2, 10),
            Opening(is_open=False, until=rome(2027, 5, 1, 9)),
        ),
    ],
)
def test_days_that_matter(hours: Hours, at: datetime, expected: Opening | None) -> None:
    assert opening_at(hours, at) == expected


# ------------------------------------------------------------------- to the minute, and no further

MONDAY = datetime(2026, 11, 30, tzinfo=ROME)
CLOSED: Open = ()
ALL_DAY: Open = (Span(0, 1_440),)
FROM_NINE: Open = (Span(540, 600),)


def on(day: datetime, *more: Open, **hours: Open) -> Hours:
    """Nothing but these dates, from that day on; `every`: on each day of the week."""
    week = (hours.get("every"),) * 7
    dates = [(day + ahead * DAY, spans) for ahead, spans in enumerate(more)]
    return Hours(week, tuple((Day(at.month, at.day, at.year), spans) for at, spans in dates))


def test_it_opens_with_the_minute_and_says_until_when_by_the_clock_there() -> None:
    hours, nine = on(MONDAY, every=FROM_NINE), MONDAY + 540 * MINUTE
    assert opening_at(hours, nine) == Opening(is_open=True, until=nine + 60 * MINUTE)
    assert opening_at(hours, nine - MINUTE) == Opening(is_open=False, until=nine)
    found = opening_at(hours, nine)
    assert found
    assert found.until
    assert found.until.tzinfo is ROME
    assert open_on(hours, MONDAY.date()) == FROM_NINE


@pytest.mark.parametrize(("days", "until"), [(7, MONDAY + 7 * DAY), (8, None)])
def test_what_stays_open_for_more_than_a_week_is_as_good_as_always(
    days: int, until: datetime | None
) -> None:
    hours = on(MONDAY, *[ALL_DAY] * days, CLOSED, every=CLOSED)
    assert opening_at(hours, MONDAY) == Opening(is_open=True, until=until)


def test_a_day_of_which_nothing_is_said_ends_what_one_can_see() -> None:
    nine = MONDAY + DAY + 540 * MINUTE
    assert opening_at(on(MONDAY + DAY, FROM_NINE), MONDAY) == Opening(is_open=False, until=nine)
    assert opening_at(on(MONDAY + 2 * DAY, FROM_NINE), MONDAY) is None


def test_from_nine_to_nine_is_a_whole_day() -> None:
    hours = on(MONDAY, (Span(540, 540),), CLOSED, every=CLOSED)
    noon = MONDAY + 720 * MINUTE
    assert opening_at(hours, noon) == Opening(is_open=True, until=MONDAY + DAY + 540 * MINUTE)


def test_an_hour_that_the_clock_skips_opens_nothing() -> None:
    sunday = datetime(2026, 3, 29, tzinfo=ROME)
    hours = on(sunday, (Span(120, 180),), FROM_NINE, every=CLOSED)
    nine = datetime(2026, 3, 30, 9, tzinfo=ROME)
    assert opening_at(hours, sunday) == Opening(is_open=False, until=nine)
