from collections.abc import AsyncIterator

import aiohttp
import pytest
import telegram

from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Person
from bot.playground.telegram.server import build_app
from tests.playground.telegram.support import BOT_ID, TOKEN, Http


@pytest.fixture
def now() -> list[float]:
    """The time at Telegram, in seconds since the epoch."""
    return [1_800_000_000.0]


@pytest.fixture
def emulator(now: list[float]) -> TelegramEmulator:
    """An emulator with one bot."""
    emulator = TelegramEmulator(now=lambda: now[0])
    emulator.accounts.add_bot(TOKEN)
    return emulator


@pytest.fixture
def anna(emulator: TelegramEmulator) -> Person:
    """A person who has started the bot: message 1, update 700000001, already confirmed."""
    anna = emulator.accounts.add_person("Anna", language_code="it", username="anna")
    emulator.clients.write(anna.id, "/start", bot_id=BOT_ID)
    emulator.world.updates[BOT_ID].clear()
    return anna


@pytest.fixture
async def http(emulator: TelegramEmulator) -> AsyncIterator[Http]:
    async with serve(build_app(emulator)) as url, aiohttp.ClientSession() as session:
        yield Http(url, session)


@pytest.fixture
async def bot(http: Http) -> AsyncIterator[telegram.Bot]:
    """python-telegram-bot's own client."""
    async with telegram.Bot(
        TOKEN, base_url=f"{http.url}/bot", base_file_url=f"{http.url}/file/bot"
    ) as bot:
        yield bot
