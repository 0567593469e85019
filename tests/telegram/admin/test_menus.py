"""The menus of those who hold a role, and the page about roles."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.texts import LANGUAGES, command_descriptions, say
from bot.core.texts.desk import DeskMenu
from bot.telegram.admin.menus import Menus
from db.engine import Database
from db.people import PrivateChat, roles_of, rooms_of
from scripts.roles_page import PAGE, render
from tests.fakes.channel import BOT
from tests.fakes.clock import FakeClock, rounds
from tests.telegram.admin.registered import commands


def test_each_command_is_described_in_the_menu() -> None:
    assert {command.name for command in commands()} | {"cancel"} == set(DeskMenu)


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_the_descriptions(language: str) -> None:
    # core.telegram.org/bots/api#botcommand: a description of 1-256 characters
    assert all(1 <= len(say(text, language)) <= 256 for text in DeskMenu)


def test_the_page_about_roles_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"


@dataclass(slots=True)
class Telegram:
    """One bot's menu in one chat, and the language spoken there; it answers when it may."""

    language: str = "it"
    menu: list[str] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def read(self, query: Any, *_: object, **__: object) -> Any:
        room = PrivateChat(BOT, 7, self.language, chosen=True)
        return {rooms_of: (room,), roles_of: {}}[query]

    async def get_my_commands(self, **_: object) -> tuple[()]:
        self.asked += 1
        await self.answers.wait()
        return ()

    async def set_my_commands(self, menu: Any, **_: object) -> None:
        self.menu = [one.description for one in menu]


async def test_of_two_who_show_a_menu_at_once_the_last_word_is_the_newest() -> None:
    telegram = Telegram()
    accounts: Any = {BOT: SimpleNamespace(bot=telegram)}
    menus = Menus(accounts, cast(Database, telegram), FakeClock(), frozenset())
    looking = asyncio.ensure_future(menus.show_to(7))  # now and then
    await rounds()
    telegram.language = "ru"
    following = asyncio.ensure_future(menus.follow(BOT, 7))
    await rounds()
    assert telegram.asked == 1
    telegram.answers.set()
    await asyncio.gather(looking, following)
    assert telegram.menu == [*command_descriptions("ru").values()]
