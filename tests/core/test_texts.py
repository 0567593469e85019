"""Every text exists in every language, takes the same values there, and is said somewhere."""

import ast
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from string import Formatter

import pytest

from bot.core.texts import LANGUAGES, Text, command_descriptions, en, it, ru, say
from bot.core.texts.plural import Counted, choose

ROOT = Path(__file__).parents[2]
SENTENCES = {"it": it.SENTENCES, "en": en.SENTENCES, "ru": ru.SENTENCES}
# Texts whose callers are not written yet. A text leaves this set with its first caller.
AWAITED = {
    Text.HOST_TOKEN_REFUSED,
    Text.HOST_UPDATE_UNREADABLE,
    Text.HOST_CHAT_STOPPED,
    Text.HOST_CHAT_UNREACHABLE,
}
every_text = pytest.mark.parametrize("text", Text)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def forms(sentence: str | Counted) -> list[str]:
    if isinstance(sentence, str):
        return [sentence]
    return [form for form in astuple(sentence) if form]


def values(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


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
    assert all(form.strip() for form in forms(SENTENCES[language][text]))


@every_text
def test_a_text_takes_the_same_values_in_every_language(text: Text) -> None:
    taken = {
        frozenset(values(form))
        for sentences in SENTENCES.values()
        for form in forms(sentences[text])
    }
    assert len(taken) == 1


@every_text
def test_a_counted_text_shows_its_number(text: Text) -> None:
    counted = [s[text] for s in SENTENCES.values() if isinstance(s[text], Counted)]
    assert len(counted) in (0, len(LANGUAGES))
    assert all("count" in values(form) for sentence in counted for form in forms(sentence))


def test_every_text_is_said_somewhere() -> None:
    said = {text_named(node) for tree in source_files() for node in ast.walk(tree)}
    assert set(Text) - said - AWAITED == set()


def test_every_caller_passes_the_values_that_its_text_takes() -> None:
    for tree in source_files():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id="say"), args=[first, *_], keywords=keywords):
                    if text := text_named(first):
                        passed = {keyword.arg for keyword in keywords}
                        assert passed == values(forms(it.SENTENCES[text])[0]), text


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


def test_values_are_taken_as_they_are() -> None:
    text = say(Text.HOST_CHAT_STOPPED, "it", client="{Mario} %s")
    assert text == "{Mario} %s ha bloccato il bot."


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say(Text.HOST_CHAT_STOPPED, "it")


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("it", 0, "0 messaggi"),
        ("it", 1, "1 messaggio"),
        ("it", 2, "2 messaggi"),
        ("en", 0, "0 messages"),
        ("en", 1, "1 message "),
        ("en", 21, "21 messages"),
        ("ru", 1, "1 сообщение"),
        ("ru", 3, "3 сообщения"),
        ("ru", 5, "5 сообщений"),
    ],
)
def test_words_agree_with_their_number(language: str, count: int, words: str) -> None:
    text = say(Text.HOST_CHAT_UNREACHABLE, language, count=count, client="Mario")
    assert words in text


@pytest.mark.parametrize(
    ("form", "counts"),
    [
        ("one", (1, 21, 31, 101, 121, 1001)),
        ("few", (2, 3, 4, 22, 24, 102, 1003)),
        ("other", (0, 5, 9, 10, 11, 12, 13, 14, 15, 19, 20, 25, 100, 111, 112, 1011, 1014)),
    ],
)
def test_russian_counts_in_three_forms(form: str, counts: tuple[int, ...]) -> None:
    counted = Counted(one="one", few="few", other="other")
    assert {choose(counted, count, "ru") for count in counts} == {form}


@every_language
def test_telegram_takes_the_command_menu(language: str) -> None:
    # core.telegram.org/bots/api#botcommand: a name of 1-32, a description of 1-256 characters
    menu = command_descriptions(language)
    assert list(menu) == ["start", "new", "help", "privacy", "forget"]
    assert all(1 <= len(description) <= 256 for description in menu.values())


@every_language
def test_help_explains_every_command(language: str) -> None:
    help_text = say(Text.HELP, language)
    assert all(f"/{name} " in help_text for name in command_descriptions(language))


@every_language
def test_a_button_press_is_answered_within_telegrams_limit(language: str) -> None:
    # core.telegram.org/bots/api#answercallbackquery: text of 0-200 characters
    assert len(say(Text.BUTTON_EXPIRED, language)) <= 200


@every_language
def test_privacy_names_the_ai_its_maker_and_the_way_to_erase(language: str) -> None:
    text = say(Text.PRIVACY, language)
    assert "OpenAI" in text
    assert "/forget" in text
