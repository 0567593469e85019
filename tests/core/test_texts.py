"""What the texts for clients say, and in which language."""

import pytest

from bot.core.texts import LANGUAGES, Text, command_descriptions, say
from bot.front.commands import Place, what_is_kept
from tenants.profile import Profile

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
def test_what_is_said_on_a_web_page_too_names_telegram_only_as_another_place(language: str) -> None:
    there = {"en": "on telegram", "it": "su telegram", "ru": "в telegram"}[language]
    privacy = (Text.PRIVACY, Text.PRIVACY_OTHER, Text.PRIVACY_HERE, Text.FORGOTTEN)
    for text in (*privacy, Text.HELP, Text.LANGUAGE_AS_TOLD, Text.LANGUAGE_FOLLOWED):
        assert "telegram" not in say(text, language).lower().replace(there, "")


@every_language
def test_help_explains_every_command(language: str) -> None:
    help_text = say(Text.HELP, language)
    menu = command_descriptions(language).items()
    assert all(f"/{name} – {description}\n" in f"{help_text}\n" for name, description in menu)


@every_language
def test_a_button_press_is_answered_within_telegrams_limit(language: str) -> None:
    # core.telegram.org/bots/api#answercallbackquery: text of 0-200 characters
    assert len(say(Text.BUTTON_EXPIRED, language)) <= 200


@every_language
def test_privacy_names_the_ai_its_maker_and_the_way_to_erase(language: str) -> None:
    for text in (Text.PRIVACY, Text.PRIVACY_COPIES):
        assert "OpenAI" in say(text, language)
    others = (Text.PRIVACY_HERE, Text.PRIVACY_OTHER, Text.PRIVACY_FILES)
    for text in (*others, Text.FORGET_ASK, Text.FORGOTTEN):
        assert "OpenAI" not in say(text, language)
    for text in (Text.PRIVACY_DAYS, Text.PRIVACY_FOR_EVER):
        assert "/forget" in say(text, language, count=365)


@every_language
@pytest.mark.parametrize("place", Place)
def test_privacy_says_what_becomes_of_files(language: str, place: Place) -> None:
    told = what_is_kept(Profile(), language, host_days=365, place=place)
    assert say(Text.PRIVACY_FILES, language) in told.split("\n\n")
