import pytest
from playwright.async_api import expect

from tests.playground.page.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COMMANDS = [
    {"command": "start", "description": "Ricominciare"},
    {"command": "new", "description": "Nuova conversazione"},
    {"command": "help", "description": "Aiuto"},
]


async def test_a_slash_offers_the_commands_to_arrows_and_enter(desk: Desk) -> None:
    desk.person("Anna")
    await desk.call("setMyCommands", commands=COMMANDS)
    async with desk.window() as window:
        options = window.page.get_by_role("option")
        await window.field.press_sequentially("/")
        await expect(options).to_have_text(
            ["/startRicominciare", "/newNuova conversazione", "/helpAiuto"]
        )
        await window.field.press("ArrowDown")
        await expect(options.nth(1)).to_have_attribute("aria-selected", "true")

        await window.field.press("Enter")

        assert await desk.hears() == "/new"
        await expect(options).to_have_count(0)
        await expect(window.field).to_have_value("")


async def test_typing_on_narrows_the_commands(desk: Desk) -> None:
    desk.person("Anna")
    await desk.call("setMyCommands", commands=COMMANDS)
    async with desk.window() as window:
        await window.field.press_sequentially("/he")
        await expect(window.page.get_by_role("option")).to_have_text(["/helpAiuto"])

        await window.field.press("Tab")

        await expect(window.field).to_have_value("/help ")
        await expect(window.field).to_be_focused()


async def test_escape_closes_the_commands_and_leaves_the_text(desk: Desk) -> None:
    desk.person("Anna")
    await desk.call("setMyCommands", commands=COMMANDS)
    async with desk.window() as window:
        await window.field.press_sequentially("/ne")

        await window.field.press("Escape")

        await expect(window.page.get_by_role("listbox")).to_be_hidden()
        await expect(window.field).to_have_value("/ne")


async def test_the_button_shows_the_commands_in_the_clients_language(desk: Desk) -> None:
    desk.person("John", language="en")
    await desk.call("setMyCommands", commands=COMMANDS)
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Commands").click()
        await expect(window.page.get_by_role("option")).to_have_count(3)
        await window.page.get_by_role("button", name="Commands").click()
        await expect(window.page.get_by_role("listbox")).to_be_hidden()

        in_english = [{"command": "start", "description": "Start again"}]
        await desk.call("setMyCommands", commands=in_english, language_code="en")
        await window.page.get_by_role("button", name="Commands").click()

        await expect(window.page.get_by_role("option")).to_have_text(["/startStart again"])

        in_english = [{"command": "start", "description": "Begin anew"}]  # while the list is open
        await desk.call("setMyCommands", commands=in_english, language_code="en")
        await expect(window.page.get_by_role("option")).to_have_text(["/startBegin anew"])
