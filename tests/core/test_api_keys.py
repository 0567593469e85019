"""Keys of companies' programs: read as they are written, and found in any text."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.api_keys import ALPHABET, SECRET, find, read, written
from bot.core.secrets import SecretKind, search
from bot.core.tokens import BULLET, hidden

SECRET_OF_ONE = "0123456789abcdefghijABCDEFGHIJzz"
KEY = written(7, SECRET_OF_ONE)

rows = st.integers(1, 10**18 - 1)
parts = st.text(ALPHABET, min_size=SECRET, max_size=SECRET)


@given(rows, parts)
def test_what_is_written_is_read(row: int, secret: str) -> None:
    assert read(written(row, secret)) == (row, secret)


@given(rows, parts, st.data())
def test_a_sign_that_is_another_makes_it_no_key(row: int, secret: str, data: st.DataObject) -> None:
    key = written(row, secret)
    at = data.draw(st.integers(0, len(key) - 1))
    sign = data.draw(st.sampled_from(ALPHABET))
    assume(sign != key[at])

    assert read(key[:at] + sign + key[at + 1 :]) is None


@given(st.text())
def test_words_are_no_key(text: str) -> None:
    assert read(text) is None
    assert list(find(text)) == []


@pytest.mark.parametrize("other", ["", "spk_", KEY[:-1], f"{KEY}0", f" {KEY}", KEY.upper()])
def test_neither_is_what_is_nearly_one(other: str) -> None:
    assert read(other) is None


def test_it_is_found_in_a_text_and_hidden() -> None:
    text = f"La chiave è «{KEY}», non {KEY[:-1]}x."

    assert hidden(text) == text.replace(KEY, BULLET * len(KEY))
    assert hidden("\u200b".join(KEY)) == BULLET * (2 * len(KEY) - 1)


def test_an_update_is_not_stored_with_it() -> None:
    (secret,) = search("{}", said=(f"eccola {KEY}",)).secrets

    assert (secret.kind, secret.text) == (SecretKind.KEY, KEY)
