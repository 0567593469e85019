"""Untrusted JSON, and UTF-16."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.json_text import to_json
from bot.telegram.wire import (
    integer,
    parse_writable,
    utf16_index,
    utf16_length,
    writable,
)


@pytest.mark.parametrize("value", [None, "7", 7.0, True, 2**63, -(2**63) - 1])
def test_only_what_a_database_holds_is_a_number(value: object) -> None:
    assert integer(value) is None


@given(st.text(st.characters(exclude_categories=["Cs"])), st.data())
def test_offsets_point_at_characters(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    assert utf16_index(text, utf16_length(text[:index])) == index


@given(st.text(), st.integers(-5, 50))
def test_any_offset_points_into_the_text(text: str, offset: int) -> None:
    assert 0 <= utf16_index(writable(text), offset) <= len(text)


@given(st.text(st.characters()), st.text(st.characters()))
def test_what_is_read_can_be_written(name: str, text: str) -> None:
    read = parse_writable(json.dumps({name: [text]}))
    assert "\0" not in str([*read, *read.values()])
    assert json.loads(to_json(read).encode()) == read


def test_only_what_cannot_be_written_is_left_out() -> None:
    assert parse_writable(json.dumps({"text": "a\0b\ud800c\\u0000 è"})) == {
        "text": "ab\N{REPLACEMENT CHARACTER}c\\u0000 è"
    }
