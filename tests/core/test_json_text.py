"""JSON that can always be stored."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.core.json_text import to_json


@given(st.text(st.characters()))
def test_json_keeps_what_it_can_write(text: str) -> None:
    written = to_json({"text": text})
    assert json.loads(written.encode()) == {"text": text}


def test_json_shows_letters_as_they_are() -> None:
    assert to_json({"text": "Привет 😀"}) == '{"text":"Привет 😀"}'
