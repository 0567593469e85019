"""The clients of the benchmark, and a bot that answers them within the same process."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bench.clients import BUBBLES, TEXT, Crowd, bubble
from bot.playground.telegram.emulator import TelegramEmulator

TOKEN = "4711:AAAA"


class Bot:
    """Answers each text with a notice and a reply of marked bubbles."""

    def __init__(self, emulator: TelegramEmulator) -> None:
        self.emulator = emulator
        self.answered = 0
        self.most_at_once = 0
        self.heard: list[str] = []

    async def run(self) -> None:
        offset = 0
        while True:
            answer = await self.emulator.ask(TOKEN, "getUpdates", offset=offset, timeout=50)
            updates = answer["result"]
            self.most_at_once = max(self.most_at_once, len(updates))
            for update in updates:
                offset = update["update_id"] + 1
                await self.answer(update["message"])

    async def answer(self, message: dict[str, dict[str, int]]) -> None:
        self.heard.append(str(message["text"]))
        self.answered += 1
        texts = [bubble(part).format(number=self.answered) for part in range(1, BUBBLES + 1)]
        for text in ("An AI assistant answers.", *texts):
            await self.emulator.ask(TOKEN, "sendMessage", chat_id=message["chat"]["id"], text=text)


@pytest.fixture
def emulator() -> TelegramEmulator:
    emulator = TelegramEmulator()
    emulator.accounts.add_bot(TOKEN)
    return emulator


@pytest.fixture
def crowd(emulator: TelegramEmulator) -> Crowd:
    return Crowd(emulator, bot_id=4711)


@pytest.fixture
async def bot(emulator: TelegramEmulator) -> AsyncIterator[Bot]:
    bot = Bot(emulator)
    running = asyncio.create_task(bot.run())
    yield bot
    running.cancel()
    await asyncio.wait([running])


async def test_a_chat_writes_again_once_it_was_answered(crowd: Crowd, bot: Bot) -> None:
    turns = await crowd.talk(chats=2, at_once=2, count=6, spread_seconds=0)
    assert bot.heard == [TEXT] * 6
    assert sorted(turn.number for turn in turns) == [1, 2, 3, 4, 5, 6]
    assert len({turn.chat_id for turn in turns}) == 2
    assert bot.most_at_once == 2


async def test_a_turn_lasts_from_its_text_to_its_last_bubble(crowd: Crowd, bot: Bot) -> None:
    first, second = await crowd.talk(chats=1, at_once=1, count=2, spread_seconds=0)
    assert first.written_at < first.first_at < first.last_at <= second.written_at


async def test_chats_rest_until_all_others_have_written(crowd: Crowd, bot: Bot) -> None:
    turns = await crowd.talk(chats=3, at_once=1, count=6, spread_seconds=0)
    chats = [turn.chat_id for turn in turns]
    assert chats[:3] == chats[3:] == sorted(set(chats))


async def test_an_update_is_accepted_when_a_later_offset_confirms_it(
    emulator: TelegramEmulator, crowd: Crowd, bot: Bot
) -> None:
    accepted = await crowd.write(chats=2, per_second=1000, count=5)
    confirmations = {call.arrived_at for call in emulator.calls.of("getUpdates")}
    assert len(accepted) == 5
    assert all(one.written_at < one.confirmed_at for one in accepted)
    assert {one.confirmed_at for one in accepted} <= confirmations


def test_the_mark_survives_the_floors_single_message() -> None:
    texts = [bubble(part).format(number=7) for part in range(1, BUBBLES + 1)]
    assert re.findall(r"reply 7 part (\d)", "\n\n".join(texts)) == ["1", "2", "3"]
