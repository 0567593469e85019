"""What is said is found by language, area and number; another language is one more folder."""

from enum import auto
from pathlib import Path
from typing import Any

import pytest

from bot.core.texts.catalogue import Catalogues
from bot.core.texts.key import Key

HEAD = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"""
ENGLISH = (
    HEAD
    + r"""
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "stay.room"
msgstr "Room {name}, {name}!"

msgid "stay.nights"
msgid_plural "stay.nights"
msgstr[0] "one night"
msgstr[1] "{count} nights"
"""
)
POLISH = (
    HEAD
    + r"""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20)"
" ? 1 : 2);\n"

msgid "stay.nights"
msgid_plural "stay.nights"
msgstr[0] "{count} noc"
msgstr[1] "{count} noce"
msgstr[2] "{count} nocy"
"""
)


class Stay(Key):
    """Of an area named as it is."""

    ROOM = auto()
    NIGHTS = auto()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    add(tmp_path, "en", ENGLISH)
    return tmp_path


def add(folder: Path, language: str, text: str, area: str = "stay") -> None:
    (folder / language).mkdir(exist_ok=True)
    (folder / language / f"{area}.po").write_text(text, encoding="utf-8")


def said(folder: Path, text: Key, language: str | None, **values: Any) -> str:
    return Catalogues.read(folder).say(text, language, values)


def test_a_value_takes_the_place_of_a_variable_as_it_is(folder: Path) -> None:
    assert said(folder, Stay.ROOM, "en", name="{count} %s") == "Room {count} %s, {count} %s!"


@pytest.mark.parametrize(("count", "text"), [(0, "0 nights"), (1, "one night"), (2, "2 nights")])
def test_the_count_chooses_the_form(folder: Path, count: int, text: str) -> None:
    assert said(folder, Stay.NIGHTS, "en", count=count) == text


def test_a_count_may_be_said_where_there_is_one_form(folder: Path) -> None:
    assert said(folder, Stay.ROOM, "en", name="12", count=1) == "Room 12, 12!"


def test_another_language_is_one_more_folder(folder: Path) -> None:
    add(folder, "pl", POLISH)
    assert list(Catalogues.read(folder).languages) == ["en", "pl"]
    forms = [said(folder, Stay.NIGHTS, "pl-PL", count=count) for count in (1, 2, 5, 22)]
    assert forms == ["1 noc", "2 noce", "5 nocy", "22 noce"]


def test_what_a_language_has_not_got_is_said_in_english(folder: Path) -> None:
    add(folder, "pl", POLISH)
    assert said(folder, Stay.ROOM, "pl", name="12") == "Room 12, 12!"


def test_an_area_that_a_language_has_not_got_is_said_in_english(folder: Path) -> None:
    add(folder, "pl", HEAD, area="another")
    assert said(folder, Stay.NIGHTS, "pl", count=3) == "3 nights"


def test_a_country_may_have_texts_of_its_own(folder: Path) -> None:
    add(folder, "pt-BR", POLISH.replace("nocy", "noites"))
    assert said(folder, Stay.NIGHTS, "pt_br", count=5) == "5 noites"
    assert said(folder, Stay.NIGHTS, "pt", count=5) == "5 nights"


def test_a_variable_without_a_value_is_a_mistake(folder: Path) -> None:
    with pytest.raises(KeyError, match="name"):
        said(folder, Stay.ROOM, "en")


def test_a_text_that_nobody_wrote_is_a_mistake(tmp_path: Path) -> None:
    add(tmp_path, "en", HEAD)
    with pytest.raises(LookupError, match=r"stay\.room"):
        said(tmp_path, Stay.ROOM, "it", name="12")
