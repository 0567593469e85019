"""The menus of those who hold a role, and the page about roles."""

import pytest

from bot.core.texts import LANGUAGES, say
from bot.core.texts.desk import DeskMenu
from scripts.roles_page import PAGE, render
from tests.telegram.admin.registered import commands


def test_each_command_is_described_in_the_menu() -> None:
    assert {command.name for command in commands()} | {"cancel"} == set(DeskMenu)


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_the_descriptions(language: str) -> None:
    # core.telegram.org/bots/api#botcommand: a description of 1-256 characters
    assert all(1 <= len(say(text, language)) <= 256 for text in DeskMenu)


def test_the_page_about_roles_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"
