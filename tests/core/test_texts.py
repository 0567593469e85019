"""What the texts for clients say, and in which language."""

from typing import Final

import pytest

from bot.core.texts import LANGUAGES, Text, command_descriptions, say
from bot.core.texts.client import Access
from bot.front.commands import Place, what_is_kept
from tenants.profile import Profile

VALUES: Final = {"count": 2} | dict.fromkeys(
    ("beside", "company", "contact", "hosts", "name", "site", "tries", "minutes"), "…"
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.parametrize(
    ("tag", "answer"),
    [
        ("it", "Sì, cancella"),
        ("it-IT", "Sì, cancella"),
        ("ru", "Да, удалить"),
        ("RU_ru", "Да, удалить"),
        ("en-GB", "Yes, erase it"),
        ("de", "Yes, erase it"),
        ("", "Yes, erase it"),
        (None, "Yes, erase it"),
    ],
)
def test_an_unknown_language_is_answered_in_its_base_or_in_english(
    tag: str | None, answer: str
) -> None:
    assert say(Text.FORGET_YES, tag) == answer


@every_language
def test_telegram_takes_the_command_menu(language: str) -> None:
    # core.telegram.org/bots/api#botcommand: a name of 1-32, a description of 1-256 characters
    menu = command_descriptions(language)
    assert list(menu) == ["start", "new", "stop", "help", "language", "privacy", "forget"]
    assert all(1 <= len(description) <= 256 for description in menu.values())


@every_language
def test_nothing_that_is_said_on_a_web_page_speaks_of_telegram(language: str) -> None:
    """But what is told of it as another place, and what only people of Telegram are told."""
    there = {Text.HELP, Text.FORGOTTEN, Text.WENT_ON_IN_TELEGRAM, Text.GROUP_BOUND_UNKNOWN}
    hosts = {text for text in Text if text.name.startswith("HOST_")}
    for text in {*Text, *Access} - there - hosts:
        assert "telegram" not in say(text, language, **VALUES).lower(), text


@every_language
def test_help_explains_every_command(language: str) -> None:
    menu = command_descriptions(language).items()
    for text, left_out in ((Text.HELP, ""), (Text.HELP_WEB, "start")):  # on a page one just writes
        told = f"{say(text, language)}\n"
        unsaid = [name for name, what in menu if f"/{name} – {what}\n" not in told]
        assert unsaid == [*filter(None, [left_out])]


@every_language
def test_a_button_press_is_answered_within_telegrams_limit(language: str) -> None:
    # core.telegram.org/bots/api#answercallbackquery: text of 0-200 characters
    assert len(say(Text.BUTTON_EXPIRED, language)) <= 200


@every_language
def test_privacy_names_the_ai_its_maker_and_the_way_to_erase(language: str) -> None:
    for text in (Text.PRIVACY, Text.PRIVACY_COPIES):
        assert "OpenAI" in say(text, language, **VALUES)
    others = (Text.PRIVACY_HERE, Text.PRIVACY_OTHER, Text.PRIVACY_FILES)
    for text in (*others, Text.FORGET_ASK, Text.FORGOTTEN):
        assert "OpenAI" not in say(text, language, **VALUES)
    for text in (Text.PRIVACY_DAYS, Text.PRIVACY_FOR_EVER):
        assert "/forget" in say(text, language, count=365)


@every_language
@pytest.mark.parametrize("place", Place)
def test_privacy_says_what_becomes_of_files(language: str, place: Place) -> None:
    told = what_is_kept(Profile(), language, host_days=365, place=place)
    assert say(Text.PRIVACY_FILES, language) in told.split("\n\n")
