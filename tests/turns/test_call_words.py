"""A call as people read it: whatever the model wrote, and whatever came of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls import Status, write_output
from bot.core.texts import say
from bot.core.texts.people import Chats
from bot.turns.call_words import line_of, told_line
from db.calls import CallRow, CallState
from tests.core.test_tokens import KEY, TOKEN

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
