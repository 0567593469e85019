"""What stands behind the bubbles of a reply."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply import ReplyEnd, ReplyParser, read_reply
from bot.core.reply.tail import read_stated
from db.records import Outcome, Stated

WORDS = st.text(min_size=1, max_size=8) | st.sampled_from(
    ['"', "\\", "]", "}", '"],"outcome":"declined"', "[1]", "😀", "sì", '{"messages":["x"]}', "\0"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
WHOLE = {
    "messages": ["Dalle 14:00.", "Con o senza colazione?"],
    "buttons": ["Con colazione", "Senza"],
    "outcome": "asked",
    "about": "Orario del check-in",
    "sources": ["Listino"],
}
STATED = Stated(Outcome.ASKED, "Orario del check-in", ("Con colazione", "Senza"), ("Listino",))


def write(reply: Any) -> str:
    return json.dumps(reply, ensure_ascii=False)


def parse(text: str) -> ReplyParser:
    parser = ReplyParser()
    parser.feed(text)
    return parser


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "messages": [f"x{text}" for text in draw(st.lists(WORDS, max_size=3))],
        "buttons": draw(st.lists(WORDS, max_size=4)),
        "outcome": draw(st.sampled_from(Outcome)),
        "about": draw(WORDS),
        "sources": draw(st.lists(WORDS, max_size=3)),
    }


def test_all_of_it_is_read() -> None:
    assert parse(write(WHOLE)).stated == STATED


def test_the_bubbles_alone_are_a_whole_reply_that_states_nothing() -> None:
    parser = parse('{"messages":["Uno."]}')

    assert parser.whole
    assert (parser.finish(), parser.stated) == (("Uno.",), Stated())


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"outcome": "solved"}, {"outcome": None}),
        ({"outcome": None}, {"outcome": None}),
        ({"outcome": ["asked"]}, {"outcome": None}),
        ({"outcome": " Asked"}, {"outcome": None}),
        ({"about": 7}, {"about": ""}),
        ({"about": " due\nrighe\0 "}, {"about": "due righe"}),
        ({"about": "x" * 300}, {"about": "x" * 200}),
        ({"buttons": "Sì"}, {"buttons": ()}),
        ({"buttons": ["Sì", 2]}, {"buttons": ()}),
        ({"buttons": ["Sì", " ", "Sì", "No"]}, {"buttons": ("Sì", "No")}),
        ({"buttons": list("abcdef")}, {"buttons": tuple("abcd")}),
        ({"sources": {"name": "Listino"}}, {"sources": ()}),
        ({"sources": [None]}, {"sources": ()}),
        ({"sources": ["Listino\ud83d"]}, {"sources": ("Listino\ufffd",)}),
    ],
)
def test_what_is_of_another_kind_is_not_stated_and_harms_nothing_else(
    changed: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert read_stated(json.dumps({**WHOLE, **changed})) == replace(STATED, **expected)


def test_what_stands_before_the_bubbles_is_not_stated() -> None:
    text = write({"outcome": "unknown", "messages": ["Uno."], "about": "Altro"})

    assert read_reply(text) == ("Uno.",)
    assert read_stated(text) == Stated()


@pytest.mark.parametrize("key", ["buttons", "outcome", "about", "sources"])
def test_what_is_missing_is_not_stated(key: str) -> None:
    left = read_stated(write({name: value for name, value in WHOLE.items() if name != key}))

    empty = getattr(Stated(), key)
    assert getattr(left, key) == empty
    assert [name for name in Stated.__slots__ if getattr(left, name) != getattr(STATED, name)] == [
        key
    ]


def test_the_first_of_two_keys_counts() -> None:
    assert read_stated('{"messages":[],"outcome":"asked","outcome":"unknown"}') == Stated(
        Outcome.ASKED
    )


@pytest.mark.parametrize(
    "text",
    [
        "```json\n{}\n```",
        "<think>Ask.</think>\n{}",
        "\n {} ",
    ],
)
def test_it_is_read_in_the_dress_of_a_server_that_enforces_nothing(text: str) -> None:
    dressed = text.replace("{}", write(WHOLE))

    assert read_reply(dressed) == tuple(WHOLE["messages"])
    assert parse(dressed).stated == STATED


def test_a_whole_reply_within_a_bubble_shows_its_bubbles_alone() -> None:
    assert read_reply(write({"messages": [write(WHOLE)]})) == tuple(WHOLE["messages"])


def test_another_word_for_the_bubbles_shows_them_alone() -> None:
    assert read_reply('{"reply":["Uno."],"outcome":"answered","about":"Orari"}') == ("Uno.",)


@given(replies(), st.sampled_from([ReplyEnd.WHOLE, ReplyEnd.CUT]), st.booleans(), st.data())
def test_a_cut_loses_and_invents_no_bubble(
    reply: dict[str, Any], ending: ReplyEnd, ascii_only: bool, data: st.DataObject
) -> None:
    text = json.dumps(reply, ensure_ascii=ascii_only)
    closed = len(json.dumps({"messages": reply["messages"]}, ensure_ascii=ascii_only)) - 1
    cut = data.draw(st.integers(closed, len(text)))

    assert read_reply(text[:cut], ending) == read_reply(write({"messages": reply["messages"]}))


@given(replies(), st.data())
def test_a_cut_states_only_what_was_whole(reply: dict[str, Any], data: st.DataObject) -> None:
    text = write(reply)
    cut = data.draw(st.integers(0, len(text)))

    stated, whole = read_stated(text[:cut]), read_stated(text)
    for name in ("outcome", "about", "buttons", "sources"):
        assert getattr(stated, name) in (getattr(whole, name), getattr(Stated(), name))
    if cut == len(text):
        assert stated.outcome is reply["outcome"]


def test_each_cut_of_one_reply_states_key_after_key() -> None:
    text = write(WHOLE)
    seen = [read_stated(text[:cut]) for cut in range(len(text) + 1)]

    assert list(dict.fromkeys(seen)) == [
        Stated(),
        Stated(buttons=STATED.buttons),
        Stated(Outcome.ASKED, buttons=STATED.buttons),
        Stated(Outcome.ASKED, STATED.about, STATED.buttons),
        STATED,
    ]


@given(st.text() | ANYTHING.map(write) | st.dictionaries(WORDS, ANYTHING).map(write))
def test_no_text_breaks_it(text: str) -> None:
    stated = read_stated(text)

    assert "\0" not in "".join((stated.about, *stated.buttons, *stated.sources))


@given(replies(), st.integers(1, 9))
def test_all_is_said_with_the_end_of_the_list(reply: dict[str, Any], size: int) -> None:
    text, parser, said = write(reply), ReplyParser(), list[str]()
    closed = len(write({"messages": reply["messages"]})) - 1
    for start in range(0, len(text), size):
        said += parser.feed(text[start : start + size])
        assert parser.whole == (start + size >= closed)
        if parser.whole:
            assert tuple(said) == parser.finish()
