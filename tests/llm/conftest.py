from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.llm.model import OpenAIModel, open_model
from bot.playground.openai import Emulator
from bot.playground.serve import serve
from tests.llm.support import KEY, Desk


@pytest.fixture
def emulator() -> Emulator:
    emulator = Emulator(context_tokens=20_000, today=lambda: date(2026, 11, 20))
    emulator.script.strict = True
    return emulator


@pytest.fixture
async def url(emulator: Emulator) -> AsyncIterator[str]:
    async with serve(emulator.app()) as url:
        yield f"{url}/v1"


@pytest.fixture
async def model(url: str) -> AsyncIterator[OpenAIModel]:
    async with open_model(api_key=KEY, base_url=url) as model:
        yield model


@pytest.fixture
async def desk(emulator: Emulator, model: OpenAIModel) -> AsyncIterator[Desk]:
    desk = Desk(emulator, model, await model.create_conversation())
    yield desk
    assert desk.emulator.records.unexpected == []
    assert desk.emulator.script.left() == 0, "a scripted reply was never asked for"
    assert desk.emulator.faults.pending() == [], "a fault never struck"
