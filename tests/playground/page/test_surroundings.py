from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, expect

from tests.playground.page.desk import BOT_ID, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PANEL = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 30, 28)"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_is_as_dark_as_the_system(desk: Desk, scheme: str) -> None:
    desk.person("Anna")
    async with desk.window(dark=scheme == "dark") as window:
        await expect(window.page.locator(".side")).to_have_css("background-color", PANEL[scheme])


async def test_the_toggle_changes_the_theme_and_is_remembered(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Dark theme").click()
        await expect(window.page.locator(".side")).to_have_css("background-color", PANEL["dark"])

        await window.page.reload()

        await expect(window.page.locator(".side")).to_have_css("background-color", PANEL["dark"])
        await window.page.get_by_role("button", name="Light theme").click()
        await expect(window.page.locator(".side")).to_have_css("background-color", PANEL["light"])


@pytest.mark.parametrize(
    ("locale", "says"),
    [
        ("it-IT", "risponde un modello offline, non OpenAI"),
        ("ru-RU", "отвечает офлайн-модель, а не OpenAI"),
        ("ja-JP", "an offline model answers, not OpenAI"),
    ],
)
async def test_it_says_plainly_who_answers_in_the_browsers_language(
    desk: Desk, locale: str, says: str
) -> None:
    desk.person("Anna")
    async with desk.foreign_window(locale=locale) as window:
        await expect(window.page.locator("#notice-text")).to_contain_text(says)


async def test_a_lost_connection_is_told_and_what_was_missed_arrives(page: Page) -> None:
    desk = Desk(page)
    anna = desk.person("Anna")
    async with AsyncExitStack() as windows:
        async with desk.serving():
            window = await windows.enter_async_context(desk.window())
            await window.write("Buongiorno")
            await window.shows("Buongiorno")
        banner = window.page.locator("#connection")
        await expect(banner).to_have_text("Connection lost. Reconnecting…")
        await desk.says(anna.id, "Eccomi")

        async with desk.serving(port=desk.port):
            await window.shows("Buongiorno", "Eccomi")
            await expect(banner).to_have_text("Connected again")


async def test_a_page_opened_before_the_bot_shows_it_when_it_comes(page: Page) -> None:
    desk = Desk(page, has_bot=False)
    desk.person("Anna")
    async with desk.serving(), desk.window() as window:
        await expect(window.page.locator("#head-status")).to_have_text("No bot has signed in yet.")
        await expect(window.field).to_be_hidden()

        desk.add_bot()

        await expect(window.page.locator("#head-status")).to_have_text("chatting with Hotel Aurora")
        await window.write("Buongiorno")
        await window.shows("Buongiorno")


async def test_every_control_has_a_name(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)
    async with desk.window() as window:
        await window.shows("Ciao")
        nameless = await window.page.evaluate(
            """() => [...document.querySelectorAll("button, select, textarea, input")]
                .filter((node) => node.checkVisibility())
                .filter((node) => !node.ariaLabel && !node.textContent.trim())
                .map((node) => node.outerHTML)"""
        )
        assert nameless == []
