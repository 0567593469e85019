import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from bot.telegram.admin.pages import page_of


def turn(label: str, at: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=str(at))


@given(st.integers(0, 70), st.integers(1, 30))
def test_turning_the_pages_shows_each_item_once(count: int, size: int) -> None:
    shown: list[int] = []
    words = ""
    while True:
        page = page_of(range(count), words, size=size)
        shown += page.items
        ahead = [one for row in page.turns(turn) for one in row if one.text == "›"]
        if not ahead:
            break
        words = str(ahead[0].callback_data)
    assert shown == [*range(count)]


@pytest.mark.parametrize("words", ["", "-1", "40", "²", "x", "9" * 50])
def test_a_page_that_is_none_is_the_first(words: str) -> None:
    page = page_of(range(40), words, size=20)
    assert (page.first, [one.text for row in page.turns(turn) for one in row]) == (0, ["›"])
