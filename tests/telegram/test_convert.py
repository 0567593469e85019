"""The model's Markdown, as a client sees it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Rendered
from bot.telegram.render import render
from bot.telegram.wire import utf16_length

MARK = "👁 "


def shown(markdown: str) -> str:
    """The text of the one message."""
    (message,) = render(markdown)
    return message.text


def marked(markdown: str) -> list[tuple[str, str]]:
    """What each entity covers: (type, text)."""
    return [
        (entity["type"], covered(message.text, entity))
        for message in render(markdown)
        for entity in entities_of(message)
    ]


def entities_of(message: Rendered) -> list[dict[str, Any]]:
    return list(json.loads(message.entities or "[]"))


def covered(text: str, entity: dict[str, int]) -> str:
    units, start = text.encode("utf-16-le"), entity["offset"]
    end = start + entity["length"]
    assert 0 <= start < end <= len(units) // 2
    return units[2 * start : 2 * end].decode("utf-16-le")  # fails inside a surrogate pair


AS_WRITTEN = [
    "Buongiorno! Il check-in parte dalle 14:00, la doppia costa 90 €.",
    "a<b and c>d",
    "Press <Enter> to go on",
    "2*3*4",
    "2 * 3 * 4 = 24",
    "2**8**2",
    "__init__",
    "<div>\nHello guest\n</div>",
    "<!-- nothing -->",
    "[clicca](javascript:alert(1))",
    "![foto](javascript:alert(1))",
    "[sito](file:///etc/passwd)",
    "[foto]()",
    "![](https://hotel.it/a.png)",
    "[chiamaci](tel:+39055123)",
    "[r][1]\n\n[1]: javascript:alert(1)",
    "$5 or $6, or 7$",
    "Costa $5 o $$6$$",
    "a || b || c",
    "circa ~5 minuti o ~10",
    "snake_case_name",
    "- uno\n- due",
    "1. uno\n2. due",
    "3) tre\n7) sette",
    "Tom & Jerry",
    "#hashtag e nota #2",
    ">3 persone",
    "a|b",
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_it_arrives_as_written(text: str) -> None:
    assert render(text) == (Rendered(text),) or shown(text) == text


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_it_arrives_as_written_beside_markup(text: str) -> None:
    assert shown(f"**Nota**\n\n{text}\n\n*fine*") in (
        f"Nota\n\n{text}\n\nfine",
        f"**Nota**\n\n{text}\n\n*fine*",
    )


@pytest.mark.parametrize(
    ("markdown", "kind", "text"),
    [
        ("**Doppia**: 90 €", "bold", "Doppia"),
        ("*con* colazione", "italic", "con"),
        ("_con_ colazione", "italic", "con"),
        ("~~100~~ 90", "strikethrough", "100"),
        ("codice `a<b>`", "code", "a<b>"),
        ("```py\nif a<b and c>d:\n```", "pre", "if a<b and c>d:"),
        ("```\na || b || c\n```", "pre", "a || b || c"),
        ("> la colazione", "blockquote", "la colazione"),
        ("# Camere", "bold", "Camere"),
        ("### Camere", "bold", "Camere"),
        ("Camere\n---", "bold", "Camere"),
        ("[il sito](https://hotel.it)", "text_link", "il sito"),
        ("[il sito](www.hotel.it)", "text_link", "il sito"),
        ("![la vista](https://hotel.it/v.png)", "text_link", "la vista"),
        ("😀 **Ciao** 😀", "bold", "Ciao"),
        ("**due parole**", "bold", "due parole"),
        ("__due parole__", "bold", "due parole"),
    ],
)
def test_markup_becomes_entities(markdown: str, kind: str, text: str) -> None:
    assert marked(markdown) == [(kind, text)]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("## Camere\n\n- **Doppia**\n- Singola", "Camere\n\n- Doppia\n- Singola"),
        ("- **a**\n  - b\n- c", "- a\n  - b\n- c"),
        ("1. **a**\n2. b", "1. a\n2. b"),
        ("[info@hotel.it](mailto:info@hotel.it)", "info@hotel.it"),
        ("[+39 055 123](tel:+39055123)", "+39 055 123"),
        ("<https://hotel.it> **ok**", "https://hotel.it ok"),
        ("**Tom** &amp; Jerry", "Tom & Jerry"),
        ("- [x] **fatto**\n- [ ] da fare", "✅ fatto\n☑ da fare"),
        (r"5 \* 3", "5 * 3"),
    ],
)
def test_it_reads_well(markdown: str, text: str) -> None:
    assert shown(markdown) == text


def test_an_address_is_left_to_telegram() -> None:
    assert marked("[info@hotel.it](mailto:info@hotel.it)") == []


def test_a_link_in_a_table_keeps_its_target_in_sight() -> None:
    table = "| Camera | Foto |\n|---|---|\n| Doppia | [qui](https://hotel.it/d) |"
    assert "https://hotel.it/d" in shown(table)


def test_a_conversion_that_would_lose_a_word_is_not_made() -> None:
    text = "| **Orari** |\n|---|\n| dalle 14 | alle 22 |"  # CommonMark drops the second cell
    assert render(text) == (Rendered(text),)


def test_a_list_that_would_be_renumbered_is_left_alone() -> None:
    assert shown("**Passi**\n1. uno\n5. due") == "**Passi**\n1. uno\n5. due"


@pytest.mark.parametrize("nothing", ["", "  \n", "\u200b", "```\n```"])
def test_nothing_to_show_is_no_message_or_as_written(nothing: str) -> None:
    assert [message.text for message in render(nothing)] in ([], [nothing])


def test_a_lone_surrogate_is_replaced() -> None:
    assert shown("Ciao \ud83d") == "Ciao \ufffd"


def test_4097_units_with_emoji_arrive_whole_in_two_messages() -> None:
    text = "x" * 4095 + "😀"
    assert [message.text for message in render(text)] == ["x" * 4095, "😀"]


def test_a_long_text_is_split_at_a_paragraph_with_its_markup() -> None:
    paragraph = "**Ciao** " + "parola " * 300
    first, second = render(f"{paragraph}\n\n{paragraph}")
    assert first == second
    assert json.loads(first.entities or "") == [{"type": "bold", "offset": 0, "length": 4}]


WORDS = st.text(st.sampled_from("aàбz9😀"), min_size=1, max_size=6).map(lambda word: f"k{word}k")
WRAPS = st.sampled_from(
    [
        "{}", "**{}**", "*{}*", "_{}_", "__{}__", "`{}`", "~~{}~~", "||{}||", "<{}>", "</{}>",
        "${}$", "[{}](https://hotel.it)", "[{}](javascript:x)", "![{}](https://hotel.it/a.png)",
        "\n- {}", "\n# {}", "\n> {}", "\n```\n{}\n```\n", "\n    {}", "\n| {} | b |\n|---|---|\n",
        "\\{}", "&{};", "<!--{}-->", "2*{}*4", "[{}]", "\n1. {}",
    ]
)  # fmt: skip
PIECES = st.tuples(WORDS, WRAPS).map(lambda piece: (piece[0], piece[1].format(piece[0])))


@given(st.lists(st.tuples(PIECES, st.sampled_from([" ", "\n", "\n\n", ""])), max_size=12))
def test_every_word_is_shown_in_order(pieces: list[tuple[tuple[str, str], str]]) -> None:
    markdown = "".join(piece + gap for (_, piece), gap in pieces)
    text = "".join(message.text for message in render(markdown))
    place = 0
    for (word, _), _ in pieces:
        place = text.index(word, place) + len(word)


MARKDOWN = st.text(st.sampled_from("a1 é😀\n\t*_`~[]()<>#-+.!|\\&;$=:/\ud83d\u200b"), max_size=80)


@given(MARKDOWN)
def test_whatever_is_written_can_be_sent(markdown: str) -> None:
    for message in render(markdown):
        assert 1 <= utf16_length(message.text) <= 4096
        assert message.text == message.text.strip()
        for entity in entities_of(message):
            covered(message.text, entity)


@given(MARKDOWN)
def test_the_same_text_gives_the_same_messages(markdown: str) -> None:
    assert render(markdown) == render(markdown)


@given(MARKDOWN)
def test_no_link_leads_anywhere_but_to_the_web(markdown: str) -> None:
    for message in render(markdown):
        for entity in entities_of(message):
            assert entity.get("url", "https://").lower().startswith(("http://", "https://", "www."))


@given(MARKDOWN)
def test_a_mark_stands_before_a_message_and_changes_nothing_in_it(markdown: str) -> None:
    plain, marked_one = render(markdown), render(markdown, mark=MARK)
    assert [one.text for one in marked_one] == [MARK + one.text for one in plain]
    for one, other in zip(plain, marked_one, strict=True):
        entities = zip(entities_of(one), entities_of(other), strict=True)
        assert all(covered(one.text, a) == covered(other.text, b) for a, b in entities)


def test_each_message_of_a_long_text_is_marked() -> None:
    messages = render("parola " * 1_200, mark=MARK)
    assert len(messages) == 3
    assert all(one.text.startswith(f"{MARK}parola") for one in messages)
    assert max(utf16_length(one.text) for one in messages) <= 4096
