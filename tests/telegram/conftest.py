"""The real library, over real HTTP, against the emulated Bot API."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.net.sessions import new_session
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.server import build_app
from bot.ports import Clock
from bot.telegram.account import Account, BotIdentity, identify, new_bot
from bot.telegram.calls import Calls
from bot.telegram.channel import TelegramChannel
from bot.telegram.ids import Ids
from bot.telegram.limiter import Limiter
from bot.telegram.request import Request
from bot.telegram.search import TelegramSearch
from db.engine import open_database
from db.records import Address
from tests.addresses import chat_at
from tests.fakes.clock import FakeClock

TOKEN = "4242:AAsecretsecretsecret"


@dataclass(frozen=True)
class Desk:
    """A bot in an emulated Telegram, and Anna, who has opened a chat with it."""

    telegram: TelegramEmulator
    bot: ExtBot[Any]
    me: BotIdentity
    polling: Request
    clock: FakeClock
    channel: TelegramChannel
    anna: Address
    url: str

    @property
    def anna_id(self) -> int:
        return int(self.anna.chat_id)


def channel_of(*accounts: Account, clock: Clock) -> TelegramChannel:
    """The channel of a process in which these bots run; what needs a database is not asked here."""
    known = {account.me.id: account for account in accounts}
    calls = Calls(accounts=known, limiter=Limiter(), clock=clock)
    nowhere = open_database("sqlite+aiosqlite:///nowhere.db")
    return TelegramChannel(calls, TelegramSearch(nowhere, calls, Ids()))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    telegram = TelegramEmulator()
    telegram.accounts.add_bot(TOKEN, username="hotel_bot", first_name="Hotel")
    anna = telegram.accounts.add_person("Anna", language_code="it")
    telegram.clients.write(anna.id, "Ciao", bot_id=4242)
    clock = FakeClock()
    async with (
        serve(build_app(telegram)) as url,
        new_session(connections=8) as sends,
        new_session(connections=0) as polls,
    ):
        polling = Request(polls)
        bot = new_bot(TOKEN, api_url=url, request=Request(sends), polling_request=polling)
        me = await identify(bot)
        channel = channel_of(Account(me, bot), clock=clock)
        yield Desk(telegram, bot, me, polling, clock, channel, chat_at(me.id, anna.id), url)
    telegram.close()
