"""Every text exists in every language with the same variables, and is said somewhere."""

import pytest

from bot.core.texts import LANGUAGES, Key
from tests.core.texts.reading import (
    CATALOGUES,
    area_of,
    areas,
    calls,
    catalogue,
    entries,
    needed,
    plurals,
    said,
    variables,
)

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_area = pytest.mark.parametrize("keys", areas(), ids=area_of)


@every_language
@every_area
def test_each_text_has_an_entry_and_each_entry_a_text(keys: type[Key], language: str) -> None:
    assert set(entries(language, area_of(keys))) == {key.msgid for key in keys}


@every_language
def test_each_catalogue_has_an_area(language: str) -> None:
    found = {path.stem for path in (CATALOGUES / language).glob("*.po")}
    assert found == {area_of(keys) for keys in areas()}


@every_language
@every_area
def test_nothing_is_left_to_be_translated(keys: type[Key], language: str) -> None:
    area = area_of(keys)
    assert [m.id for m in catalogue(language, area) if m.id and m.fuzzy] == []
    assert [msgid for msgid, forms in entries(language, area).items() if not all(forms)] == []


@every_language
@every_area
def test_a_text_has_as_many_forms_as_the_language_and_the_same_plural_elsewhere(
    keys: type[Key], language: str
) -> None:
    area = area_of(keys)
    assert plurals(language, area) == plurals("en", area)
    number = catalogue(language, area).num_plurals
    forms = entries(language, area)
    assert {msgid: len(forms[msgid]) for msgid in plurals(language, area)} == dict.fromkeys(
        plurals(language, area), number
    )


@every_language
@every_area
def test_a_text_uses_the_same_variables_in_each_language(keys: type[Key], language: str) -> None:
    for key in keys:
        forms = entries(language, key.area)[key.msgid]
        used = {name for form in forms for name in variables(form)}
        assert used == needed(key), key.msgid
        assert all(name.isidentifier() for name in used), key.msgid


@every_area
def test_every_text_is_said_somewhere(keys: type[Key]) -> None:
    assert {key.msgid for key in keys} - said() == set()


@every_area
def test_every_text_is_said_with_its_values(keys: type[Key]) -> None:
    wanting = [
        f"{call.place}: {key.msgid} wants {sorted(needed(key) - call.values)}"
        for call in calls()
        for key in call.keys
        if isinstance(key, keys) and call.values is not None and not needed(key) <= call.values
    ]
    assert wanting == []
