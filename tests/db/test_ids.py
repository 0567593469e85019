"""How ids, which are texts, are kept in columns of numbers."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.ids import as_number, own_id, text_beside


@pytest.mark.parametrize("text", ["0", "7", "-1001234567890", str(10**18 - 1)])
def test_a_number_is_kept_as_it_is(text: str) -> None:
    assert (as_number(text), text_beside(text)) == (int(text), None)


@given(st.text())
@example("007")
@example("-0")
@example("+39 333 1234567")
@example("٣")  # a digit, and none of those that are written back
@example("9" * 19)
def test_every_id_comes_back_and_fits_into_a_column(text: str) -> None:
    number = as_number(text)
    assert own_id(number, text_beside(text)) == text
    assert -(2**63) <= number < 2**63


@given(st.text(), st.text())
@example("7", "07")
@example("anna", "Anna")
def test_no_two_texts_have_one_number(one: str, other: str) -> None:
    assert (as_number(one) == as_number(other)) == (one == other)


def test_what_has_no_id_has_no_number() -> None:
    assert (as_number(None), text_beside(None), own_id(None, None)) == (None, None, None)
