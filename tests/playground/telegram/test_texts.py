import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.telegram.errors import ApiError
from bot.playground.telegram.records import Json
from bot.playground.telegram.texts import (
    detect_entities,
    format_caption,
    format_text,
    slice_units,
    units,
)


def bold(offset: int, length: int) -> Json:
    return {"type": "bold", "offset": offset, "length": length}


def refusal(text: str, *entities: Json) -> str:
    with pytest.raises(ApiError) as raised:
        format_text(text, list(entities))
    assert raised.value.code == 400
    return raised.value.description


def found(text: str) -> list[tuple[str, str]]:
    return [
        (entity["type"], slice_units(text, entity["offset"], entity["length"]))
        for entity in detect_entities(text)
    ]


def test_lengths_count_utf16_units() -> None:
    assert units("così") == 4
    assert units("👍🏽") == 4


def test_an_empty_text_is_refused() -> None:
    assert refusal("") == "Bad Request: message text is empty"


def test_a_text_of_blanks_is_refused() -> None:
    assert refusal(" \n\t ") == "Bad Request: text must be non-empty"


def test_a_text_of_4096_units_passes() -> None:
    assert format_text("😀" * 2048, []).text == "😀" * 2048


@pytest.mark.parametrize("text", ["x" * 4097, "😀" * 2048 + "x"])
def test_a_longer_text_is_refused(text: str) -> None:
    assert refusal(text) == "Bad Request: message is too long"


def test_blanks_at_the_ends_do_not_count() -> None:
    assert format_text("\n " + "x" * 4096 + "  \n", []).text == "x" * 4096


def test_a_long_caption_is_refused() -> None:
    with pytest.raises(ApiError, match="message caption is too long"):
        format_caption("x" * 1025, [])


@pytest.mark.parametrize(
    ("entity", "sentence"),
    [
        (bold(-1, 1), "receive an entity with incorrect offset -1"),
        (bold(0, -1), "receive an entity with incorrect length -1"),
        (bold(6, 1), "entity begins after the end of the text at UTF-16 offset 6"),
        (
            bold(3, 9),
            "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 "
            "offset 12",
        ),
        (bold(4, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 7"),
        (
            bold(0, 4),
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte "
            "offset 7",
        ),
        (
            {"type": "sparkling", "offset": 0, "length": 1},
            "can't parse MessageEntity: Unsupported type specified",
        ),
        (
            {"type": "text_link", "offset": 0, "length": 1},
            "can't parse MessageEntity: Can't find field \"url\"",
        ),
    ],
)
def test_a_bad_entity_is_refused(entity: Json, sentence: str) -> None:
    assert refusal("abc👍", entity) == f"Bad Request: {sentence}"


def test_an_empty_entity_is_dropped() -> None:
    assert format_text("abc", [bold(1, 0)]).entities == []


def test_entities_move_with_the_trimmed_text() -> None:
    formatted = format_text("  a word  ", [bold(4, 6)])
    assert (formatted.text, formatted.entities) == ("a word", [bold(2, 4)])


def test_blanks_inside_the_first_entity_stay() -> None:
    formatted = format_text("  word", [bold(0, 6)])
    assert (formatted.text, formatted.entities) == ("  word", [bold(0, 6)])


def test_a_link_is_normalised() -> None:
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": "example.com"}
    assert format_text("here", [entity]).entities == [entity | {"url": "http://example.com/"}]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "not-a-url", "ftp://example.com", "", "http://[", "http://a b.c"]
)
def test_an_unusable_link_is_dropped(url: str) -> None:
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": url}
    assert format_text("here", [entity]).entities == []


def test_what_a_text_has_by_itself_is_found() -> None:
    text = (
        "/start@desk_bot 👍 @anna_r, scrivi a info@aurora.it o su https://aurora.it/a?b=1. #estate"
    )
    assert found(text) == [
        ("bot_command", "/start@desk_bot"),
        ("mention", "@anna_r"),
        ("email", "info@aurora.it"),
        ("url", "https://aurora.it/a?b=1"),
        ("hashtag", "#estate"),
    ]


@pytest.mark.parametrize("text", ["1/2", "a/b/c", "https", "#1", "a@b", "//x", "e/o", "</body>"])
def test_what_only_looks_like_it_is_not_found(text: str) -> None:
    assert found(text) == []


def test_nothing_is_found_inside_code() -> None:
    code = {"type": "code", "offset": 0, "length": 6}
    assert format_text("/start /help", [code]).entities == [
        code,
        {"type": "bot_command", "offset": 7, "length": 5},
    ]


@given(st.text(min_size=1, max_size=60), st.data())
def test_kept_entities_always_lie_within_the_text(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, units(text)))
    length = data.draw(st.integers(0, units(text) - offset))
    try:
        formatted = format_text(text, [bold(offset, length)])
    except ApiError:
        return
    for entity in formatted.entities:
        assert entity["offset"] >= 0
        assert 0 < entity["length"] <= units(formatted.text) - entity["offset"]
