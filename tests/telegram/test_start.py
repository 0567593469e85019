"""/start with a company's link, when the company is deleted at that moment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar

import pytest
from telegram import Chat, Message, Update

from bot.front.answers import Answers
from bot.front.commands import Commands
from bot.front.event import ClientEvent
from bot.front.here import Here
from bot.telegram.groups import Groups
from bot.telegram.start import Start
from bot.turns.events import Work
from db.chats import ChatWork
from db.companies import DeleteTenant
from db.engine import Database
from db.journal import Journal, apply
from db.operations import Accept
from db.records import TELEGRAM, Actor, Event, Incoming, UpdateKind
from db.tenants import SaveProfile
from db.transaction import Read
from tests.addresses import chat_at
from tests.databases import BOT, SOMEBODY, seed_tenant
from tests.fakes.channel import FakeChannel
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
    """In the place of the dispatcher and of events: each effect is a commit; notes the answers."""

    database: Database
    chat: int
    said: list[str] = field(default_factory=list)

    async def handle(self, event: Event, work: Work) -> bool:
        drafts = await self.database.write(lambda c: work(ChatWork(c, self.chat, NOON)))
        self.said += [draft.text for draft in drafts]
        return True

    def client_event(self, update: Update) -> ClientEvent:
        event = Event(1, BOT, self.chat, ANNA, "{}")
        return ClientEvent(TELEGRAM, event, Actor(1001, "Anna"), language="it")


def opened(payload: str) -> Message:
    """What Telegram sends for a link."""
    return Message(1, datetime.now(UTC), Chat(1001, "private"), text=f"/start {payload}")


async def joins_nothing(*_: object) -> bool:
    return False


@pytest.fixture
async def chat(journal: Journal) -> int:
    hotel, bank = (f'{{"welcome": "{words}"}}' for words in WELCOMES)
    await seed_tenant(journal, body=hotel)
    await journal.do(SaveProfile("bank", bank, "test", NOON))
    hello = Incoming("1", "{}", UpdateKind.MESSAGE, ANNA)
    accepted = await journal.do(Accept(BOT, "", NOON, [hello], lambda _, payload: payload))
    return next(iter(accepted.addresses))


@pytest.mark.parametrize("late", [False, True])
async def test_the_bots_own_company_welcomes_when_the_links_is_gone(
    database: Database, chat: int, late: bool
) -> None:
    dispatcher: Any = OneChat(database, chat)
    known: Any = Late(database) if late else database
    channel: Any = FakeChannel()
    answers = Answers(dispatcher, {TELEGRAM: channel}, Here(database))
    joining: Any = SimpleNamespace(join=joins_nothing)
    arrival: Any = SimpleNamespace(arrive=joins_nothing)
    visitors: Any = None  # whoever writes to a bot alone is asked for no role
    start = Start(
        dispatcher=dispatcher,
        database=known,
        commands=Commands(answers, 0),
        shared=True,
        joining=joining,
        arrival=arrival,
        groups=Groups(visitors),
        at_desk=joins_nothing,
    )
    await start.start(Update(1, opened("bank")), None)
    assert dispatcher.said[0] == WELCOMES[0 if late else 1]
