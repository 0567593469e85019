"""Cutting texts and entities."""

from hypothesis import given
from hypothesis import strategies as st
from telegramify_markdown import MessageEntity

from bot.telegram.render import Part, is_visible, split
from bot.telegram.wire import utf16_length

LIMIT = 24
texts = st.text(st.sampled_from("ab .\n😀é\u200d\u00a0👍🏽"), max_size=120)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[MessageEntity]]:
    """A text and entities at its character boundaries."""
    text = draw(texts)
    edges = st.integers(0, len(text))
    entities = []
    for kind in draw(st.lists(st.sampled_from(["bold", "italic", "code"]), max_size=4)):
        start, end = sorted((draw(edges), draw(edges)))
        if start < end:
            offset, length = utf16_length(text[:start]), utf16_length(text[start:end])
            entities.append(MessageEntity(kind, offset, length))
    return text, entities


def covered(text: str, entity: MessageEntity) -> str:
    """What an entity covers; fails inside a surrogate pair or outside the text."""
    units = text.encode("utf-16-le")
    assert 0 <= entity.offset < entity.offset + entity.length <= len(units) // 2
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


def condense(text: str) -> str:
    return "".join(text.split())


@given(marked())
def test_every_part_fits_and_shows_something(given: tuple[str, list[MessageEntity]]) -> None:
    for part in split(*given, limit=LIMIT):
        assert 1 <= utf16_length(part.text) <= LIMIT
        assert part.text == part.text.strip()
        assert is_visible(part.text)


@given(marked())
def test_nothing_visible_is_lost(given: tuple[str, list[MessageEntity]]) -> None:
    text, entities = given
    shown = "".join(part.text for part in split(text, entities, limit=LIMIT))
    assert condense(shown).replace("\u200d", "") == condense(text).replace("\u200d", "")


@given(marked())
def test_entities_cover_the_same_characters(given: tuple[str, list[MessageEntity]]) -> None:
    text, entities = given
    parts = split(text, entities, limit=LIMIT)
    for kind in ("bold", "italic", "code"):
        before = "".join(covered(text, e) for e in entities if e.type == kind)
        after = "".join(covered(p.text, e) for p in parts for e in p.entities if e.type == kind)
        assert sorted(condense(after).replace("\u200d", "")) == sorted(
            condense(before).replace("\u200d", "")
        )


@given(marked())
def test_it_is_deterministic(given: tuple[str, list[MessageEntity]]) -> None:
    assert split(*given, limit=LIMIT) == split(*given, limit=LIMIT)


def shown(text: str, *entities: MessageEntity, limit: int = LIMIT) -> list[str]:
    return [part.text for part in split(text, entities, limit=limit)]


def test_a_text_that_fits_is_one_part() -> None:
    assert split("Ciao", [MessageEntity("bold", 0, 4)]) == (
        Part("Ciao", (MessageEntity("bold", 0, 4),)),
    )


def test_trimming_moves_the_entities() -> None:
    (part,) = split("\n 😀 Ciao  ", [MessageEntity("bold", 0, 11)])
    assert part == Part("😀 Ciao", (MessageEntity("bold", 0, 7),))


def test_in_a_later_part_entities_count_from_its_start() -> None:
    first, second = split("😀 " * 10 + "uno due", [MessageEntity("bold", 34, 3)], limit=LIMIT)
    assert first == Part("😀 " * 7 + "😀", ())
    assert second == Part("😀 😀 uno due", (MessageEntity("bold", 10, 3),))


def test_an_entity_of_spaces_disappears() -> None:
    assert split("Ciao  ", [MessageEntity("bold", 4, 2)]) == (Part("Ciao", ()),)


def test_a_part_ends_at_a_paragraph_rather_than_at_a_line() -> None:
    assert shown("uno due tre\n\nquattro\ncinque sei") == ["uno due tre", "quattro\ncinque sei"]


def test_a_part_ends_at_a_line_rather_than_at_a_sentence() -> None:
    assert shown("uno due tre quattro\nE. cinque sei") == ["uno due tre quattro", "E. cinque sei"]


def test_a_part_ends_at_a_sentence_rather_than_at_a_word() -> None:
    assert shown("Uno due tre. Quattro cinque sei") == ["Uno due tre.", "Quattro cinque sei"]


def test_a_part_ends_at_a_word_rather_than_inside_it() -> None:
    assert shown("uno due tre quattro cinque") == ["uno due tre quattro", "cinque"]


def test_an_early_paragraph_does_not_make_a_short_part() -> None:
    assert shown("uno\n\ndue tre quattro cinque sei") == ["uno\n\ndue tre quattro", "cinque sei"]


def test_a_part_ends_before_an_entity_rather_than_inside_it() -> None:
    text = "uno due tre quattro cinque sei"
    assert shown(text, MessageEntity("bold", 8, 18)) == ["uno due", "tre quattro cinque sei"]


def test_an_entity_longer_than_a_message_goes_on_in_the_next() -> None:
    text = "uno due tre quattro cinque sei"
    first, second = split(text, [MessageEntity("code", 0, 30)], limit=LIMIT)
    assert first == Part("uno due tre quattro", (MessageEntity("code", 0, 19),))
    assert second == Part("cinque sei", (MessageEntity("code", 0, 10),))


def test_4097_units_of_emoji_are_two_messages() -> None:
    parts = split("x" + "😀" * 2048, [])
    assert [utf16_length(part.text) for part in parts] == [4095, 2]


def test_a_joined_emoji_stays_whole() -> None:
    family = "👨\u200d👩\u200d👧"  # 8 units
    assert shown("ab" + family * 3) == ["ab" + family * 2, family]


def test_a_mark_stays_with_its_letter() -> None:
    assert shown("x" * 23 + "e\u0301") == ["x" * 23, "e\u0301"]


def test_what_shows_nothing_is_no_message() -> None:
    for empty in ("", " \n\t", "\u200b\u200e", "\u2800", "\u3164 \ufeff"):
        assert split(empty, []) == ()
