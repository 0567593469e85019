"""A call as people read it: whatever the model wrote, and whatever came of it."""

import json
from dataclasses import dataclass, replace
from datetime import date, time

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls import Status, ToolDefinition, write_output
from bot.core.texts import Text, say
from bot.core.texts.people import Chats
from bot.turns.call_words import line_of, titles_of, told_line
from bot.turns.days import in_words
from db.calls import CallRow, CallState
from tests.core.test_tokens import KEY, TOKEN
from tests.fakes.tools import FakeTool

LIMIT = 60
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
JSON = VALUES.map(lambda value: json.dumps(value, ensure_ascii=False))
STORED = st.text(max_size=80) | JSON


def row(
    state: CallState, arguments: str = '{"what": "four"}', output: str | None = None
) -> CallRow:
    return CallRow("call_1", "resp_1", "book_table", arguments, "a", state, output)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (CallState.DONE, Chats.CALL_DONE),
        (CallState.FAILED, Chats.CALL_FAILED),
    ],
)
def test_what_it_was_made_with_and_what_came_of_it(state: CallState, text: Chats) -> None:
    output = write_output(Status.SUCCESS, "Booked: 20:30.", table=7, free=["20:00", "21:00"])
    told = told_line(row(state, output=output), "it", limit=300)
    result = "Booked: 20:30. · table: 7 · free: 20:00, 21:00"
    assert told == f"Book table · what: four → {say(text, 'it')}: {result}"


@pytest.mark.parametrize("state", [CallState.DOUBT, CallState.ASKED, CallState.RUNNING])
def test_what_only_the_model_is_told_is_not_shown(state: CallState) -> None:
    told = told_line(
        row(state, output=write_output(Status.FAILURE, "Do not repeat it.")), "en", limit=300
    )
    assert "repeat" not in told
    assert told.startswith("Book table · what: four → ")


@given(state=st.sampled_from(CallState), arguments=STORED, output=STORED | st.none())
def test_it_is_always_one_short_line(state: CallState, arguments: str, output: str | None) -> None:
    told = told_line(row(state, arguments, output), "en", limit=LIMIT)
    assert told.isprintable()
    assert len(told) <= 2 * LIMIT + len(" → : ") + len(say(Chats.CALL_ASKED, "en"))


@given(before=st.text(alphabet="ab ,", max_size=9), secret=st.sampled_from([KEY, TOKEN]))
def test_secrets_are_never_shown(before: str, secret: str) -> None:
    said = json.dumps({"note": f"{before} {secret}"})
    output = write_output(Status.SUCCESS, f"{before} {secret}", key=secret)
    told = told_line(row(CallState.DONE, said, output), "en", limit=300)
    assert secret not in told


@pytest.mark.parametrize("output", [None, "", "{", "[]", "null", '{"data": 1}', '{"data": null}'])
def test_what_is_no_output_is_shown_as_it_is(output: str | None) -> None:
    told = told_line(row(CallState.DONE, output=output), "en", limit=300)
    assert told == f"{line_of(row(CallState.DONE), 'en')} → done" + (
        f": {output}" if output else ""
    )


def test_of_things_each_is_told_by_what_it_has() -> None:
    rooms = [{"name": "Twin", "nights": 2, "note": None}, {"name": "Suite", "vip": True}]
    arguments = json.dumps({"rooms": rooms, "with": {"dog": "Rex", "cat": None}, "days": [1, 2]})
    told = line_of(row(CallState.DOUBT, arguments), "en")
    assert told == "Book table · Twin: 2 · Suite: true · with: Rex · days: 1, 2"


def test_a_request_that_is_taken_down_is_told_otherwise_than_one_that_is_to_be() -> None:
    taken = replace(row(CallState.DONE, "{}"), tool="take_request")
    told = {line_of(replace(taken, state=state), "en") for state in CallState}
    assert told == {say(Text.DONE_REQUEST, "en"), say(Text.CONFIRM_REQUEST, "en").rstrip(":")}
    assert line_of(taken, "en") == say(Text.DONE_REQUEST, "en")


@dataclass(slots=True)
class Titled(FakeTool):
    """A tool with titles."""

    name: str = "book_table"

    @property
    def definition(self) -> ToolDefinition:
        italian = {"book_table": "Prenotare un tavolo", "day": "giorno"}
        return ToolDefinition(self.name, "Books.", {}, {"it": italian})


DAYS = [
    ("it", "Prenotare un tavolo · giorno: giovedì 3 dicembre 2026 · at: 20:30"),
    ("it-IT", "Prenotare un tavolo · giorno: giovedì 3 dicembre 2026 · at: 20:30"),
    ("en", "Book table · day: Thursday, 3 December 2026 · at: 20:30"),
    ("de", "Book table · day: Thursday, 3 December 2026 · at: 20:30"),
    (None, "Book table · day: Thursday, 3 December 2026 · at: 20:30"),
]


@pytest.mark.parametrize(("language", "told"), DAYS)
def test_names_and_days_are_the_clients(language: str | None, told: str) -> None:
    booking = row(CallState.DOUBT, '{"day": "2026-12-03", "at": "20:30:00"}')
    assert line_of(booking, language, titles_of(Titled(), language)) == told
    assert "четверг, 3 декабря 2026" in line_of(booking, "ru")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-12-03T20:30:00+01:00", "giovedì 3 dicembre 2026, 20:30"),
        ("2026-12-03 20:30", "giovedì 3 dicembre 2026, 20:30"),
        *((one, one) for one in ("2026-13-03", "2026-02-30", "0000-00-00")),
        *((one, one) for one in ("2026-12-03 ore 9", "2026-12-03 25:00", "99:99:99", "12-03", "")),
    ],
)
def test_what_is_no_day_stays_as_it_is(written: str, told: str) -> None:
    assert in_words(written, "it") == told


@given(st.text(max_size=30), st.sampled_from(["en", "it", "ru", "de"]))
def test_words_stay_words(text: str, language: str) -> None:
    assert in_words(f"({text})", language) == f"({text})"


@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB"), ("it", "it"), ("ru", "ru")])
def test_a_day_is_told_as_unicode_has_it(language: str, locale: str) -> None:
    first = date(2026, 1, 1).toordinal()
    days = [date.fromordinal(first + 25 * n) for n in range(14)]  # each month, each day of a week
    told = [in_words(f"{day}", language) for day in days]
    assert told == [format_date(day, "full", locale=locale) for day in days]


@given(st.dates(min_value=date(1900, 1, 1)), st.times())
def test_each_day_is_read(day: date, at: time) -> None:
    told = in_words(f"{day}T{at:%H:%M:%S}", "en")
    assert told.endswith(f" {day.year}, {at:%H:%M}")
