"""No engineer's word reaches a client or an owner; texts of hosts stand apart."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from bot.core.texts import LANGUAGES
from bot.core.texts.client import Access, Menu, Text
from bot.core.texts.profile import Versions
from tests.core.texts.reading import ADDRESSING, addressed, areas, entries

# As regular expressions; each catches the word's other forms.
WORDS: Final = {
    "en": r"slug|cach\w+|diff|json|utc|utf|prompt\w*|offset|defaults?|tokens?|toml|parse\w*|null",
    "it": r"slug|cache|diff|json|utc|utf|prompt|offset|predefinit\w|default|token|toml|stringa",
    "ru": r"slug|слаг\w*|к[еэ]ш\w*|дифф?\w{0,2}|json|utc|utf|промпт\w*|смещени\w+|токен\w*|toml"
    r"|по умолчанию|дефолт\w*",
}
OF_HOSTS: Final = {"tenants", "troubles"}
# Behind More, for those who want it: a file with all settings, and what a model reads.
OF_EXPERTS: Final = {
    *(f"configure.{name}" for name in ("cost", "size", "send_several", "exported")),
    *(f"configure.{name}" for name in ("file_not_toml", "file_not_utf8")),
    *(f"problems.{name}" for name in ("toml_syntax", "not_typed")),
}
# Where a bot is pasted; explained as the long line that BotFather gives.
WHERE_A_BOT_IS_PASTED: Final = {
    "bots.ask_token",
    "bots.ask_new_token",
    "bots.offer",
    "bots.offer_which",
}


def texts_for_people(language: str) -> Iterator[tuple[str, str]]:
    """What clients and owners read, by its msgid."""
    for keys in areas():
        area = next(iter(keys)).area
        if area not in OF_HOSTS:
            for msgid, forms in entries(language, area).items():
                yield from ((msgid, form) for form in forms)


def engineers_words(language: str, text: str) -> list[str]:
    """Those of the list that a text holds; names in braces are filled in."""
    said = re.sub(r"{\w*}|/\w+|\w+\.toml\b", " ", text)
    return re.findall(rf"(?<!\w)(?:{WORDS[language]})(?!\w)", said, re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_engineers_word_reaches_a_client_or_an_owner(language: str) -> None:
    of_hosts = {text.msgid for text in Text if text.name.startswith("HOST_")}
    exempt = of_hosts | OF_EXPERTS | WHERE_A_BOT_IS_PASTED
    found = {
        msgid: (words, text)
        for msgid, text in texts_for_people(language)
        if msgid not in exempt and (words := engineers_words(language, text))
    }
    assert found == {}


@pytest.mark.parametrize("language", ADDRESSING)
def test_what_all_clients_read_fits_each_form_of_address(language: str) -> None:
    clients = (text for text in Text if not text.name.startswith("HOST_"))
    keys = [*Access, *Menu, *clients, Versions.ARCHIVED]
    said = {key.msgid: " ".join(entries(language, key.area)[key.msgid]) for key in keys}
    assert {
        msgid: found for msgid, text in said.items() if (found := addressed(language, text))
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_bot_is_pasted_the_token_is_explained(language: str) -> None:
    said = dict(texts_for_people(language))
    explained = {"en": "the long line", "it": "la lunga riga", "ru": "длинную строку"}
    assert all(explained[language] in said[msgid] for msgid in WHERE_A_BOT_IS_PASTED)


@pytest.mark.parametrize("exempt", [OF_EXPERTS, WHERE_A_BOT_IS_PASTED])
def test_nothing_is_exempt_that_need_not_be(exempt: set[str]) -> None:
    said = {language: dict(texts_for_people(language)) for language in LANGUAGES}
    assert {
        msgid
        for msgid in exempt
        if not any(engineers_words(one, said[one].get(msgid, "")) for one in LANGUAGES)
    } == set()
