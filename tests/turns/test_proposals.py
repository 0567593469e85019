"""The bounds of a call: how many, how long, and how much of what came of it is told."""

import json

import pytest

from bot.core.calls import ARGUMENTS_CHARACTERS, RESULT_BYTES, Call
from bot.turns.proposals import PER_ANSWER, TOO_MANY, fit, read_call
from db.calls import CallState
from tests.fakes.tools import FakeTool

LOOK = FakeTool("look")


def read(place: int, characters: int) -> str | None:
    arguments = json.dumps("x" * (characters - 2))
    call = Call("call_1", "look", arguments)
    row = read_call(call, "resp_1", place, tools={"look": LOOK}, before=(), wary=False)
    assert (row.state is CallState.FAILED) == (row.output is not None)
    return row.output


def test_an_answer_makes_so_many_calls() -> None:
    assert read(PER_ANSWER - 1, 10) is None
    assert read(PER_ANSWER, 10) == TOO_MANY


def test_arguments_are_so_long() -> None:
    assert read(0, ARGUMENTS_CHARACTERS) is None
    assert "too long" in (read(0, ARGUMENTS_CHARACTERS + 1) or "")


@pytest.mark.parametrize("letter", ["x", "и"])
def test_an_output_that_is_larger_than_it_may_be_is_told_by_its_first_half(letter: str) -> None:
    whole = letter * (RESULT_BYTES // len(letter.encode()))
    assert fit(whole) == whole
    beginning = json.loads(fit(whole + letter))["data"]["beginning"]
    assert beginning == whole[: len(whole) // 2]
