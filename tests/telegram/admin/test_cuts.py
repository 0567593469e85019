from datetime import UTC, datetime

import pytest
from telegram import Chat, Message

from bot.telegram.admin.cuts import asked_before, is_cut

AT = 1_795_000_000


def message(text: str, *, at: int = AT) -> Message:
    return Message(1, datetime.fromtimestamp(at, UTC), Chat(1001, "private"), text=text)


@pytest.mark.parametrize(
    ("text", "cut"), [("a" * 3_999, False), ("a" * 4_000, True), ("🙂" * 2_000, True), ("", False)]
)
def test_a_text_near_telegrams_limit_may_have_been_cut(text: str, cut: bool) -> None:
    assert is_cut(message(text)) == cut


@pytest.mark.parametrize(("after", "is_rest"), [(0, True), (5, True), (6, False), (600, False)])
def test_what_comes_at_once_is_the_rest_and_what_comes_later_an_answer(
    after: int, is_rest: bool
) -> None:
    rest = message("...", at=AT + after)
    assert asked_before(f"cut {AT} welcome", rest) == ("welcome", is_rest)


@pytest.mark.parametrize("step", ["welcome", "*"])
def test_other_steps_stay_what_they_are(step: str) -> None:
    assert asked_before(step, message("Ciao!")) == (step, False)
