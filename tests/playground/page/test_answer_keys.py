"""A guest taps a short answer, on a phone, and is answered."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import ViewportSize, expect

from bot.app import build
from bot.playground.openai import Emulator, Reply
from bot.playground.serve import serve
from bot.settings import Settings
from tests.fakes.telemetry import FakeTelemetry
from tests.playground.page.desk import TOKEN, Desk
from tests.scenarios.clock import HastyClock
from tests.scenarios.process import start

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
PATIENCE_MS: Final = 15_000
LABELS: Final = ("Con vista lago", "Sul giardino", "Ci devo ancora pensare, grazie")


@asynccontextmanager
async def program(desk: Desk, openai: Emulator, folder: Path) -> AsyncIterator[None]:
    """The whole program behind the page's bot, with the company that a first start brings."""
    async with serve(openai.app()) as openai_url:
        chosen: dict[str, Any] = {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": desk.url,
            "openai_api_key": "sk-offline-0123456789",
            "openai_base_url": f"{openai_url}/v1",
            "database_url": f"sqlite+aiosqlite:///{folder / 'sportello.db'}",
            "turn_quiet_seconds": 0.05,
            "pace": "off",
        }
        settings = Settings(_env_file=None, **chosen)
        process = await start(build(settings, clock=HastyClock(10.0), telemetry=FakeTelemetry()))
        try:
            yield
        finally:
            await process.stops()


async def test_a_tapped_answer_is_answered_and_stays_marked(desk: Desk, tmp_path: Path) -> None:
    openai = Emulator()
    openai.script.strict = True
    desk.person("Anna")
    offer = {"messages": ["Quale camera preferisce?"], "buttons": LABELS}
    openai.script.add([Reply(raw=json.dumps(offer)), Reply(messages=("Ottima scelta!",))])
    async with program(desk, openai, tmp_path), desk.window(size=PHONE) as window:
        keys = window.page.locator(".inline-button")
        await window.open("Anna")
        await window.write("Vorrei una camera")
        await expect(keys).to_have_text(list(LABELS), timeout=PATIENCE_MS)

        await keys.filter(has_text="Con vista lago").click()

        await expect(window.bubbles.last).to_have_text("Ottima scelta!", timeout=PATIENCE_MS)
        await expect(keys).to_have_text(["✓ Con vista lago"], timeout=PATIENCE_MS)
        await expect(window.page.locator(".toast")).to_have_count(0)
        await expect(window.page.locator(".meta", has_text="edited")).to_have_count(0)

        await keys.click()

        await expect(window.page.locator(".toast")).to_have_text(
            "Una risposta è già stata scelta.", timeout=PATIENCE_MS
        )
