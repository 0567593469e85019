"""/start with a company's link, when the company is deleted at that moment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar

import pytest
from telegram import Chat, Message, Update

from bot.telegram.groups import Groups
from bot.telegram.here import Here
from bot.telegram.start import Start
from bot.turns.events import Work
from db.chats import ChatWork
from db.companies import DeleteTenant
from db.engine import Database
from db.journal import Journal, apply
from db.operations import Accept
from db.records import Address, Incoming, UpdateKind
from db.tenants import SaveProfile
from db.transaction import Read
from tests.addresses import chat_at
from tests.databases import BOT, SOMEBODY, seed_tenant
from tests.fakes.clock import NOON

P = ParamSpec("P")
T = TypeVar("T")
ANNA = chat_at(BOT, 1001)
BANK = 2
WELCOMES = ("Hotel, buongiorno.", "Banca, buongiorno.")


@dataclass
class Late:
    """A database in which the bank is deleted right after it was read."""

    database: Database

    async def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        found = await self.database.read(work, *args, **kwargs)
        delete = DeleteTenant(BANK, SOMEBODY, NOON)
        await self.database.write(lambda connection: apply(connection, [delete]))
        return found


@dataclass
class OneChat:
    """In the place of the dispatcher: each effect is a commit; notes what was answered."""

    database: Database
    chat: int
    said: list[str] = field(default_factory=list)

    async def handle(self, update: Update, work: Work) -> bool:
        drafts = await self.database.write(lambda c: work(ChatWork(c, self.chat, NOON)))
        self.said += [draft.text for draft in drafts]
        return True

    obey = handle

    def address(self, update: Update) -> Address:
        return ANNA


def opened(payload: str) -> Message:
    """What Telegram sends for a link."""
    return Message(1, datetime.now(UTC), Chat(1001, "private"), text=f"/start {payload}")


async def in_italian(update: Update) -> str:
    return "it"


async def joins_nothing(*_: object) -> bool:
    return False


@pytest.fixture
async def chat(journal: Journal) -> int:
    hotel, bank = (f'{{"welcome": "{words}"}}' for words in WELCOMES)
    await seed_tenant(journal, body=hotel)
    await journal.do(SaveProfile("bank", bank, "test", NOON))
    hello = Incoming("1", "{}", UpdateKind.MESSAGE, ANNA)
    accepted = await journal.do(Accept(BOT, "", NOON, [hello]))
    return next(iter(accepted.addresses))


@pytest.mark.parametrize("late", [False, True])
async def test_the_bots_own_company_welcomes_when_the_links_is_gone(
    database: Database, chat: int, late: bool
) -> None:
    dispatcher: Any = OneChat(database, chat)
    known: Any = Late(database) if late else database
    languages: Any = SimpleNamespace(known=in_italian)
    joining: Any = SimpleNamespace(join=joins_nothing)
    visitors: Any = None  # whoever writes to a bot alone is asked for no role
    here, groups = Here(dispatcher, database), Groups(visitors)
    start = Start(dispatcher, known, here, languages, True, joining, groups)
    await start.start(Update(1, opened("bank")), None)
    assert dispatcher.said[0] == WELCOMES[0 if late else 1]
