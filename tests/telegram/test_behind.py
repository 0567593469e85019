"""What is said behind a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.message import WITH_WORDS
from bot.telegram.read import read
from tests.telegram.updates import ME, PHOTO, in_group, mention, private


@pytest.mark.parametrize("name", WITH_WORDS.names)
def test_the_words_behind_a_command_are_read_without_it(name: str) -> None:
    for said in (
        f"/{name} Avete posto?",
        f"/{name}\nAvete posto?",
        f"/{name}@Hotel_Bot Avete posto?",
    ):
        assert WITH_WORDS.asks(said)
        assert read(private(said), me=ME).text == "Avete posto?"


def test_so_they_are_in_a_caption_and_beside_a_mention() -> None:
    assert read(private(photo=PHOTO, caption="/NEW Che piatto è?"), me=ME).text == "Che piatto è?"
    said = "/new 😀 @hotel_bot, avete posto?"
    assert read(in_group(said, entities=mention(said)), me=ME).text == "😀, avete posto?"


@pytest.mark.parametrize(
    "said", ["/new", "/new ", "/help@hotel_bot", "/start ••••••••", "/new •\n•"]
)
def test_behind_a_command_alone_or_a_hidden_secret_nothing_is_asked(said: str) -> None:
    assert not WITH_WORDS.asks(said)


@pytest.mark.parametrize(
    "said", ["/newest Ciao", "ciao /new", "/unlock AB12", "/forget tutto", "/ new Ciao"]
)
def test_what_begins_with_no_such_command_is_read_as_it_is(said: str) -> None:
    assert not WITH_WORDS.asks(said)
    assert (WITH_WORDS.behind(said), WITH_WORDS.command_in(said)) == (said, "")


@pytest.mark.parametrize(
    ("said", "name"), [("/New", "new"), ("/new@HOTEL_bot a", "new"), ("/newest", "")]
)
def test_a_command_is_found_by_its_name_alone(said: str, name: str) -> None:
    assert WITH_WORDS.command_in(said) == name


@given(st.text())
def test_whatever_is_typed_has_something_behind_it_or_nothing(said: str) -> None:
    assert WITH_WORDS.behind(said) in said
    assert not WITH_WORDS.asks(said) or WITH_WORDS.behind(said)
