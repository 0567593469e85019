"""Long and rich text arrives as it was written."""

from typing import Any

import pytest

from bot.playground.telegram.texts import FORMATS
from bot.telegram.wire import utf16_length
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def asks(stage: Stage, *answer: str) -> Person:
    """Someone who knows that an AI answers, and is about to be answered this."""
    anna = stage.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    stage.will_say(*answer)
    anna.writes("Dica")
    return anna


@pytest.mark.parametrize(
    "text",
    [
        "if a<b and c>d",
        "Press <Enter> to go on",
        "2*3*4 = 24",
        "<div>\nHello guest\n</div>",
        "__init__ and file_name_here",
        "5 < 6 && 7 > 3",
        "Da $5 a $6, ~10 minuti",
        "1. uno\n2. due",
        "C:\\Users\\anna",
        "Tavolo #3, ore 20:00 | 21:00",
        "😀 👩‍👩‍👧‍👦 è già così",
        'Disse: "ecco"',
    ],
)
async def test_text_that_looks_like_markup_arrives_as_written(stage: Stage, text: str) -> None:
    anna = await asks(stage, text)
    (message,) = await anna.receives(1)
    assert message["text"] == text
    assert [one for one in message.get("entities", []) if one["type"] in FORMATS] == []


async def test_a_link_that_runs_code_is_none(stage: Stage) -> None:
    anna = await asks(stage, "[premio](javascript:alert(1))")
    (message,) = await anna.receives(1)
    assert "premio" in message["text"]
    assert "entities" not in message


@pytest.mark.parametrize(
    ("markdown", "text", "entity"),
    [
        ("La colazione è **inclusa**.", "La colazione è inclusa.", ("bold", 15, 7)),
        ("È *davvero* bello.", "È davvero bello.", ("italic", 2, 7)),
        ("Scriva `/help`.", "Scriva /help.", ("code", 7, 5)),
        ("😀 **sì**", "😀 sì", ("bold", 3, 2)),
    ],
)
async def test_markdown_becomes_entities(
    stage: Stage, markdown: str, text: str, entity: tuple[str, int, int]
) -> None:
    anna = await asks(stage, markdown)
    (message,) = await anna.receives(1)
    assert message["text"] == text
    assert [_span(one) for one in message["entities"]] == [entity]


async def test_a_link_keeps_its_address(stage: Stage) -> None:
    await stage.publishes(knowledge="La mappa: https://example.com/mappa")
    anna = await asks(stage, "Ecco [la mappa](https://example.com/mappa).")
    (message,) = await anna.receives(1)
    (link,) = message["entities"]
    assert (message["text"], link["url"]) == ("Ecco la mappa.", "https://example.com/mappa")


async def test_a_text_one_unit_too_long_comes_in_two_parts(stage: Stage) -> None:
    text = "parola " * 584 + "finale 😀"
    assert utf16_length(text) == 4097
    anna = await asks(stage, text)
    first, second = await anna.receives(2)
    assert f"{first['text']} {second['text']}" == text
    assert utf16_length(first["text"]) <= 4096


async def test_a_text_of_emoji_alone_is_cut_between_two_of_them(stage: Stage) -> None:
    anna = await asks(stage, "😀" * 2049)
    texts = [message["text"] for message in await anna.receives(2)]
    assert "".join(texts) == "😀" * 2049


async def test_bold_goes_on_in_the_next_part(stage: Stage) -> None:
    anna = await asks(stage, f"**{'molto ' * 700}bello**")
    first, second = await anna.receives(2)
    for message in (first, second):
        assert [_span(one) for one in message["entities"]] == [
            ("bold", 0, utf16_length(message["text"]))
        ]


async def test_a_bubble_of_blanks_is_none(stage: Stage) -> None:
    anna = await asks(stage, " \n ", "Uno.", "\u200b")
    await anna.hears("Uno.")


def _span(entity: dict[str, Any]) -> tuple[str, int, int]:
    return entity["type"], entity["offset"], entity["length"]
