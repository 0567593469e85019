"""A hotel's desk for the page's tests: the emulator, the page, and a bot that the test plays."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.async_api import Error, Locator, Page, ViewportSize, expect
from starlette.applications import Starlette

from bot.playground.page import About, loopback_middleware, page_routes
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Person
from bot.playground.telegram.server import build_routes

TOKEN: Final = "17:AAsecretsecretsecretsecretsecret"
BOT_ID: Final = 17
QUESTIONS: Final = ("Buongiorno, a che ora è il check-in?", "Avete un parcheggio?", "E il cane?")
ENGLISH_QUESTIONS: Final = ("Hello, what time is check-in?", "Do you have parking?", "And dogs?")
DESKTOP: Final[ViewportSize] = {"width": 1200, "height": 800}
PHONE: Final[ViewportSize] = {"width": 390, "height": 800}
_LONG: Final = pytest.mark.long
SEEN: Final = [  # each size and each scheme once; all of both where there is time
    pytest.param(PHONE, False, id="phone-light"),
    pytest.param(DESKTOP, True, id="desktop-dark"),
    pytest.param(PHONE, True, id="phone-dark", marks=_LONG),
    pytest.param(DESKTOP, False, id="desktop-light", marks=_LONG),
]


def build_page(emulator: TelegramEmulator, *, admins: tuple[int, ...] = ()) -> Starlette:
    """The page beside the emulator, as the playground serves it."""
    about = About(
        company="Hotel Aurora",
        language="it",
        model="offline",
        database="SQLite",
        version="0.1.0",
        admins=admins,
        questions={"it": QUESTIONS, "en": ENGLISH_QUESTIONS},
    )
    routes = [*page_routes(about), *build_routes(emulator)]
    return Starlette(routes=routes, middleware=loopback_middleware())


@dataclass
class Window:
    """One browser's window with the page in it."""

    page: Page

    @property
    def bubbles(self) -> Locator:
        return self.page.locator(".bubble .text")

    @property
    def field(self) -> Locator:
        return self.page.locator("#text")

    @property
    def typing(self) -> Locator:
        return self.page.locator("#typing")

    def chat(self, name: str) -> Locator:
        """A row of the list."""
        return self.page.locator(".chat", has_text=name)

    async def open(self, name: str) -> None:
        await self.chat(name).click()
        await expect(self.page.locator("#head-title")).to_contain_text(name)

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def shows(self, *texts: str) -> None:
        """Wait until the bubbles of the open chat are these."""
        await expect(self.bubbles).to_have_text(list(texts))

    async def focused(self) -> str:
        """The text of what has the focus, or its id."""
        found = await self.page.evaluate(
            "document.activeElement.id || document.activeElement.textContent"
        )
        return str(found)


@dataclass
class Desk:
    """What a test moves: people, the bot, windows."""

    page: Page
    emulator: TelegramEmulator = field(default_factory=TelegramEmulator)
    url: str = ""
    admins: tuple[int, ...] = ()
    has_bot: bool = True

    def __post_init__(self) -> None:
        if self.has_bot:
            self.add_bot()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def add_bot(self) -> None:
        self.emulator.accounts.add_bot(
            TOKEN, username="hotel_aurora_bot", first_name="Hotel Aurora"
        )

    def person(self, name: str, language: str = "it") -> Person:
        return self.emulator.accounts.add_person(name, language_code=language)

    async def call(self, method: str, **params: Any) -> Any:
        """A call of the bot's."""
        _, body = await self.emulator.call(TOKEN, method, Params(params))
        assert body["ok"], body
        return body["result"]

    async def says(self, chat_id: int, text: str, **params: Any) -> Any:
        """The bot sends a message."""
        return await self.call("sendMessage", chat_id=chat_id, text=text, **params)

    async def next_update(self) -> Any:
        """What the bot gets next; it waits for it."""
        updates = await self.call("getUpdates", timeout=5, limit=1, allowed_updates=[])
        assert updates, "nothing came"
        await self.call("getUpdates", offset=updates[0]["update_id"] + 1)
        return updates[0]

    async def hears(self) -> str:
        """The text of the client's next message."""
        return str((await self.next_update())["message"]["text"])

    @asynccontextmanager
    async def serving(self, *, port: int = 0) -> AsyncIterator[None]:
        app = build_page(self.emulator, admins=self.admins)
        async with serve(app, port=port) as self.url:
            yield

    @asynccontextmanager
    async def window(
        self, *, size: ViewportSize = DESKTOP, dark: bool = False
    ) -> AsyncIterator[Window]:
        """The page in the tests' one window; each server being another origin, nothing is left."""
        await self.page.set_viewport_size(size)
        await self.page.emulate_media(color_scheme="dark" if dark else "light")
        async with self._show_in(self.page) as window:
            yield window

    @asynccontextmanager
    async def foreign_window(self, *, locale: str) -> AsyncIterator[Window]:
        """The page in a browser that speaks another language."""
        assert self.page.context.browser is not None
        context = await self.page.context.browser.new_context(locale=locale)
        async with self._show_in(await context.new_page()) as window:
            yield window
        await context.close()

    @asynccontextmanager
    async def _show_in(self, page: Page) -> AsyncIterator[Window]:
        """Any error in the page's scripts fails the test."""
        errors: list[str] = []

        def note(error: Error) -> None:
            errors.append(str(error))

        page.on("pageerror", note)
        await page.goto(self.url)
        await expect(page.locator(".chat").first).to_be_visible()
        try:
            yield Window(page)
        finally:
            await page.goto("about:blank")
            page.remove_listener("pageerror", note)
        assert errors == []
