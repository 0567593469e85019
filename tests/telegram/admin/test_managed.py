"""A managed bot's new token, when an admin removes the bot while that is fetched."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Bot, ManagedBotUpdated, Update, User

from bot.telegram.account import BotIdentity
from bot.telegram.admin.managed import ManagedBots
from bot.telegram.admin.tokens import Token
from bot.turns.events import Work
from db.bots import AddBot, RemoveBot, bots_to_run
from db.chats import ChatWork
from db.engine import Database
from db.journal import Journal
from db.records import Actor
from db.transaction import Operation
from tests.databases import seed_tenant
from tests.fakes.clock import NOON, FakeClock

HOTEL, OWN = 1, 8300
ADA = Actor(1001, "Ada")
REMOVED = RemoveBot(OWN, HOTEL, ADA, NOON)


@dataclass
class Fetching:
    """In the place of Telegram: gives a new token, after what happens meanwhile."""

    journal: Journal
    meanwhile: tuple[Operation[Any], ...]

    async def of_managed(self, manager: Bot, bot_id: int) -> Token:
        for operation in self.meanwhile:
            await self.journal.do(operation)
        return Token(BotIdentity(bot_id, "own_bot", "Own"), "new")

    def is_known(self, token: Token, stored: str) -> bool:
        return token.ciphertext == stored


@dataclass
class NoChat:
    """In the place of the dispatcher: each effect is a commit."""

    database: Database

    async def handle(self, update: Update, work: Work) -> bool:
        assert await self.database.write(lambda c: work(ChatWork(c, 0, NOON))) == ()
        return True


@pytest.mark.parametrize(
    ("meanwhile", "tokens"), [((), ["new"]), ((REMOVED,), [])], ids=["held", "removed"]
)
async def test_only_a_bot_that_is_still_held_gets_its_new_token(
    database: Database,
    journal: Journal,
    meanwhile: tuple[Operation[Any], ...],
    tokens: list[str],
) -> None:
    await seed_tenant(journal)
    await journal.do(AddBot(OWN, "own_bot", HOTEL, "old", ADA, NOON, managed=True))
    dispatcher: Any = NoChat(database)
    fetching: Any = Fetching(journal, meanwhile)
    managed = ManagedBots(dispatcher, database, FakeClock(), fetching, lambda: None)
    told = ManagedBotUpdated(User(1001, "Ada", False), User(OWN, "Own", True))
    update: Any = SimpleNamespace(managed_bot=told, get_bot=lambda: None)
    await managed.updated(update, None)
    assert [bot.token for bot in await database.read(bots_to_run)] == tokens
