"""Which short answers of a reply are shown, and in which rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.turns.keys import LONGEST, MOST, answer_keys, chosen_key, fitting, sizes, turn_of

LONG = "Vorrei parlare con una persona"


@pytest.mark.parametrize(
    ("offered", "shown"),
    [
        (["Sì", "No"], ["Sì", "No"]),
        ([" Sì \n grazie "], ["Sì grazie"]),
        (["Sì", "", " ", "\u200b", "No"], ["Sì", "No"]),
        (["Sì", "sì", "SÌ"], ["Sì"]),
        (["x" * LONGEST, "x" * (LONGEST + 1)], ["x" * LONGEST]),
        (["1", "2", "3", "4", "5"], ["1", "2", "3", "4"]),
        (["👍", "?"], ["👍", "?"]),
        ([], []),
    ],
)
def test_what_fits_is_shown_once_and_trimmed(offered: list[str], shown: list[str]) -> None:
    assert list(fitting(offered)) == shown


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Sì", "No"], [2]),
        (["1", "2", "3", "4"], [4]),
        (["Oggi", "Domani", "Sabato"], [3]),
        (["Oggi", "Domani", "Sabato", "Domenica"], [2, 2]),
        (["Sì", "No", LONG], [2, 1]),
        ([LONG, "Sì", "No"], [1, 2]),
        (["Sì", LONG], [1, 1]),
        ([LONG], [1]),
        ([], []),
        (["14 characters.", "fourteen again"], [2]),
        (["14 characters.", "and one more..."], [1, 1]),
        (["14 characters.", "fourteen again", LONG, "No"], [2, 1, 1]),
        (["8 chars.", "as many.", "as long."], [3]),
        (["9 chars..", "Sì", "No"], [2, 1]),
    ],
)
def test_short_ones_share_a_row(labels: list[str], rows: list[int]) -> None:
    assert list(sizes(labels)) == rows


@given(st.lists(st.text(max_size=LONGEST + 2), max_size=MOST + 2), st.integers(1, 2**62 - 1))
def test_every_key_leads_back_to_its_turn_and_fits_into_64_bytes(
    offered: list[str], turn: int
) -> None:
    keys = [key for row in answer_keys(turn % 10**18, offered) for key in row]
    assert [key.label for key in keys] == list(fitting(offered))
    assert {turn_of(key.data) for key in keys} <= {turn % 10**18}
    assert len({key.data for key in keys}) == len(keys)
    assert all(len(key.data.encode()) <= 64 for key in keys)


@pytest.mark.parametrize("data", ["", "key:", "key:x:0", "key:1", "key:1:10", "home:0:"])
def test_other_data_are_no_key_of_an_answer(data: str) -> None:
    assert turn_of(data) is None


def test_the_chosen_one_is_marked_and_stays_a_key_of_its_turn() -> None:
    ((key,),) = chosen_key("Sì", "key:7:0")
    assert (key.label, turn_of(key.data)) == ("✓ Sì", 7)
