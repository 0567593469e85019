from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from tenants.defaults import TEXTS
from tenants.hours import DAY_MINUTES, Day, Hours, Open, Span, fits, in_order, lines
from tenants.hours_reading import read
from tenants.hours_tokens import Unread
from tenants.profile import Profile
from tests.tenants.strategies import anything

DATES, YEARS = range(1, 29), range(2026, 2031)
LANGUAGES = sorted({language for language, _ in TEXTS})

spans = st.builds(Span, st.integers(0, DAY_MINUTES - 1), st.integers(1, DAY_MINUTES))
opens: st.SearchStrategy[Open] = st.lists(spans, max_size=3).map(sorted).map(tuple).filter(fits)
days = st.builds(
    Day, st.integers(1, 12), st.integers(1, 31), st.none() | st.integers(2026, 2028)
).filter(lambda day: day.exists)
hours = st.builds(
    Hours,
    st.lists(st.none() | opens, min_size=7, max_size=7).map(tuple),
    st.lists(st.tuples(days, opens), max_size=5).map(in_order),
)


@given(hours, st.sampled_from(LANGUAGES), st.sampled_from(("\n", "; ")))
def test_what_is_shown_is_read_as_the_same(told: Hours, language: str, joint: str) -> None:
    assume(lines(told, language))
    assert read(joint.join(lines(told, language))) == told


@given(
    anything
    | st.lists(
        st.sampled_from(
            ["mar", "9", "-", "24", "dic", "chiuso", ",", "18:00", "lun", "pm", "2026", "e"]
        )
    )
)
def test_any_text_is_read_or_refused(text: Any) -> None:
    try:
        told = read(text if isinstance(text, str) else " ".join(text))
    except Unread:
        return
    assert read("\n".join(lines(told, "it"))) == told


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("lun-ven 9-18, sab 9-13, domenica chiuso", "Mon–Fri 9:00–18:00|Sat 9:00–13:00|Sun closed"),
        ("Mon-Fri 9-18; 24 Dec closed", "Mon–Fri 9:00–18:00|24 Dec closed"),
        ("ежедневно 8:00-22:00", "Mon–Sun 8:00–22:00"),
        ("9-18", "Mon–Sun 9:00–18:00"),
        ("9-18, dom chiuso", "Mon–Sat 9:00–18:00|Sun closed"),
        ("dalle 9 alle 18 dal lunedì al venerdì", "Mon–Fri 9:00–18:00"),
        ("lun-ven 9-13 e 15-18, chiuso domenica", "Mon–Fri 9:00–13:00, 15:00–18:00|Sun closed"),
        ("closed Sundays, Mon-Sat 9am-6pm", "Mon–Sat 9:00–18:00|Sun closed"),
        ("chiuso domenica e lunedì, mar-sab 9-18", "Mon closed|Tue–Sat 9:00–18:00|Sun closed"),
        ("lun/ven 9-18, sab/dom chiuso", "Mon–Fri 9:00–18:00|Sat–Sun closed"),
        ("lun/mer/ven 9-18", "Mon 9:00–18:00|Wed 9:00–18:00|Fri 9:00–18:00"),
        ("9-18 lun-ven, 9-13 sab", "Mon–Fri 9:00–18:00|Sat 9:00–13:00"),
        ("lun 9-13 mar 9-18", "Mon 9:00–13:00|Tue 9:00–18:00"),
        ("24 mar chiuso", "24 Mar closed"),
        ("Sabato: 9.30-12.30 / 15.00-19.00", "Sat 9:30–12:30, 15:00–19:00"),
        ("weekdays 9-6pm", "Mon–Fri 9:00–18:00"),
        ("sat 1-5pm", "Sat 13:00–17:00"),
        ("every day 7am till midnight", "Mon–Sun 7:00–24:00"),
        ("fri-sat 20:00-2:00", "Fri–Sat 20:00–2:00"),
        ("sat-mon 12am-noon", "Mon 0:00–12:00|Sat–Sun 0:00–12:00"),
        ("24/7", "Mon–Sun 24 hours"),
        ("пн-пт с 9 до 18, сб, вс выходной", "Mon–Fri 9:00–18:00|Sat–Sun closed"),
        ("по будням 9–18, по выходным 10–16", "Mon–Fri 9:00–18:00|Sat–Sun 10:00–16:00"),
        ("вторник — пятница: 12–23, понедельник — выходной", "Mon closed|Tue–Fri 12:00–23:00"),
        ("24-26 dicembre chiuso", "24 Dec – 26 Dec closed"),
        ("24 dic - 1 gen chiuso", "1 Jan closed|24 Dec – 31 Dec closed"),
        ("24.12.2026 10-14", "24 Dec 2026 10:00–14:00"),
        ("2026-12-24 closed", "24 Dec 2026 closed"),
        ("Dec 24 closed", "24 Dec closed"),
        ("31 Dec 2026 - 2 Jan 2027 closed", "31 Dec 2026 – 2 Jan 2027 closed"),
        ("31 Dec 2026 - 2 Jan closed", "31 Dec 2026 – 2 Jan 2027 closed"),
        ("24-26 dic 2026 chiuso", "24 Dec 2026 – 26 Dec 2026 closed"),
        (
            "dalle 8 alle 22 tutti i giorni tranne il martedì che siamo chiusi",
            "Mon 8:00–22:00|Tue closed|Wed–Sun 8:00–22:00",
        ),
        ("every day except Sunday 9-18", "Mon–Sat 9:00–18:00|Sun closed"),
        (
            "ежедневно с 9 до 18, кроме среды и воскресенья",
            "Mon–Tue 9:00–18:00|Wed closed|Thu–Sat 9:00–18:00|Sun closed",
        ),
        (
            "tutti i giorni eccetto sab 9-18, sab 9-13",
            "Mon–Fri 9:00–18:00|Sat 9:00–13:00|Sun 9:00–18:00",
        ),
        (
            "tutti i giorni 8-12, 14-22 tranne lun e mar",
            "Mon–Tue closed|Wed–Sun 8:00–12:00, 14:00–22:00",
        ),
        (
            "lun-sab 9-13 tranne mer, dom 10-12",
            "Mon–Tue 9:00–13:00|Wed closed|Thu–Sat 9:00–13:00|Sun 10:00–12:00",
        ),
        ("Siamo sempre aperti", "Mon–Sun 24 hours"),
    ],
)
def test_hours_are_typed_as_people_do(typed: str, understood: str) -> None:
    assert "|".join(lines(read(typed), "en")) == understood


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("lun-ven 9-18 pausa 13-14", ("pausa",)),
        ("Reception 24 ore su 24", ("reception",)),
        ("lun-ven", ("lun - ven",)),
        ("lun 9", ("9",)),
        ("lun 25-26", ("25 - 26",)),
        ("lun 9-12, 11-15", ("9 - 12 11 - 15",)),
        ("lun chiuso 9-12", ("chiuso 9 - 12",)),
        ("30 feb chiuso", ("30 feb",)),
        ("24-26 lun 9-18", ("24 - 26",)),
        ("lun 9-18 24 dic", ("24 dic",)),
        ("tutti i giorni tranne tutti i giorni 9-18", ("daily tranne daily",)),
        ("tranne lun 9-18", ("tranne",)),
        ("", ()),
    ],
)
def test_what_is_not_understood_is_named(typed: str, words: tuple[str, ...]) -> None:
    with pytest.raises(Unread) as refused:
        read(typed)
    assert refused.value.words == words


@pytest.mark.parametrize(
    "typed",
    [
        ["Mon 9-18"] * 101,
        ["; ".join(f"{day} Jan {year} 9-{10 + day % 2}" for day in DATES) for year in YEARS],
        ["a" * 1_001],
        ["2/1-1/1," * 120] * 99 + ["1/1 closed"],  # a year day by day, twelve thousand times
        [f"{at // 6}:{at % 6}0-{at // 6}:{at % 6}5" for at in range(90)],  # one day's, no line's
        ["1 Jan 2027 - 1 Jan 2026 closed"],
    ],
)
def test_more_than_a_profile_holds_is_refused(typed: list[str]) -> None:
    with pytest.raises(ValidationError):
        Profile(opening_hours=tuple(typed))


def test_what_is_kept_is_kept_again() -> None:
    kept = Profile.model_validate({"opening_hours": "lun-ven 9-18\n24-26 dic chiuso"})
    assert kept.opening_hours == ("Mon-Fri 9:00-18:00", "24 Dec - 26 Dec closed")
    assert Profile.model_validate_json(kept.model_dump_json()) == kept
