"""Every text exists in every language and is said somewhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.texts import LANGUAGES, Text, command_descriptions, say

ROOT = Path(__file__).parents[2]
every_text = pytest.mark.parametrize("text", Text)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def source_files() -> Iterator[ast.Module]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if path.parent != ROOT / "bot" / "core" / "texts":
            yield ast.parse(path.read_text("utf-8"))


def text_named(node: ast.AST) -> Text | None:
    """The text in an expression `Text.NAME`."""
    match node:
        case ast.Attribute(value=ast.Name(id="Text"), attr=name):
            return Text[name]
        case _:
            return None


@every_language
@every_text
def test_nothing_is_missing_in_any_language(text: Text, language: str) -> None:
    assert say(text, language).strip()


def test_every_text_is_said_somewhere() -> None:
    said = {text_named(node) for tree in source_files() for node in ast.walk(tree)}
    assert set(Text) - said == set()


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
    assert list(menu) == ["start", "new", "help", "language", "privacy", "forget"]
    assert all(1 <= len(description) <= 256 for description in menu.values())


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
    text = say(Text.PRIVACY, language)
    assert "OpenAI" in text
    assert "/forget" in text
