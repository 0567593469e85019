"""What can be tapped in a bubble of the web, as in Telegram's apps."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.json_text import to_json
from bot.ports import Rendered
from bot.web.tappable import tappable


def found(text: str, *entities: object) -> list[tuple[str, str]]:
    """Each kind, and the words."""
    told = tappable(Rendered(text, to_json(entities) if entities else None))
    whole = text.encode("utf-16-le")
    return [
        (one["type"], whole[2 * one["offset"] :][: 2 * one["length"]].decode("utf-16-le"))
        for one in json.loads(told.entities or "[]")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Chiami il +39 045 000 0142.", [("phone_number", "+39 045 000 0142")]),
        ("☎️ +390450000142, sempre", [("phone_number", "+390450000142")]),
        ("+1 (212) 555-0142", [("phone_number", "+1 (212) 555-0142")]),
        ("Scriva a info@aurora.example!", [("email", "info@aurora.example")]),
        ("(https://aurora.example/menu?a=1).", [("url", "https://aurora.example/menu?a=1")]),
        ("Tel. 045 000 0142, 18+2 = 20, +5 °C, dal 12.12.2026", []),
        ("anna@ e @aurora, http:// e https://", []),
    ],
)
def test_numbers_and_addresses_are_found(text: str, told: list[tuple[str, str]]) -> None:
    assert found(text) == told


def test_what_is_a_link_already_stays_that() -> None:
    link = {"type": "text_link", "offset": 0, "length": 19, "url": "https://aurora.example"}
    bold = {"type": "bold", "offset": 20, "length": 16}
    text = "info@aurora.example +39 045 000 0142"
    assert found(text, link, bold) == [
        ("text_link", "info@aurora.example"),
        ("bold", "+39 045 000 0142"),
        ("phone_number", "+39 045 000 0142"),
    ]


@given(st.text(st.sampled_from("a@.+1 0🙂:/hps-()\n"), max_size=60))
def test_each_is_a_part_of_the_text_and_none_meets_another(text: str) -> None:
    entities = json.loads(tappable(Rendered(text)).entities or "[]")
    ends = [(one["offset"], one["offset"] + one["length"]) for one in entities]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
    assert all(words and words in text for _, words in found(text))
