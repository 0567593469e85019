"""What acts on a terminal is shown in its place."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.visible import visible
from tenants import toml
from tenants.profile import Profile

HOSTILE = "\x1b]0;owned\x07\x1b[2J\r\x7f\x9b31m\u202eabc\u2066\u2028\u200f\x08\ud800"
ACTING = st.text(alphabet=HOSTILE + 'ab\n\t"\\')


@given(st.text() | ACTING)
def test_nothing_that_is_shown_acts(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert not {unicodedata.bidirectional(one) for one in shown} & BIDI
    assert not [one for one in shown if unicodedata.category(one) == "Cc" and one not in "\n\t"]
    assert visible(shown) == shown


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize("text", ["Perché? — «sì» 👩‍👧", "שלום", "مرحبا", "a\tb\nc", "C:\\u001b"])
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@given(st.text() | ACTING)
def test_json_says_the_same(text: str) -> None:
    assert json.loads(visible(json.dumps({text: text}, ensure_ascii=False))) == {text: text}


def test_an_exported_profile_says_the_same() -> None:
    profile = Profile(company_name="A\u202eB", knowledge='"""\\\u200f\n\u009b[2J\\u0041')
    assert toml.read(visible(toml.write(profile))) == profile
