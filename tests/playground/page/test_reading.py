import pytest
from playwright.async_api import Locator, expect

from tests.playground.page.desk import BOT_ID, Desk, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def long_chat(desk: Desk, *, length: int) -> int:
    """A chat in which Anna has counted."""
    anna = desk.person("Anna")
    for number in range(length):
        desk.emulator.clients.write(anna.id, f"messaggio {number}", bot_id=BOT_ID)
    return anna.id


def bubble(window: Window, text: str) -> Locator:
    return window.page.get_by_text(text, exact=True)


async def scroll_to(window: Window, position: str) -> None:
    await window.page.locator("#scroller").evaluate(f"(log) => log.scrollTop = {position}")


async def test_a_chat_opens_at_its_latest_message(desk: Desk) -> None:
    long_chat(desk, length=60)
    async with desk.window() as window:
        await expect(bubble(window, "messaggio 59")).to_be_in_viewport()


async def test_a_new_message_is_followed(desk: Desk) -> None:
    anna_id = long_chat(desk, length=60)
    async with desk.window() as window:
        await expect(bubble(window, "messaggio 59")).to_be_in_viewport()

        await desk.says(anna_id, "Eccomi")

        await expect(bubble(window, "Eccomi").last).to_be_in_viewport()


async def test_a_reader_of_older_messages_is_left_in_peace_and_told(desk: Desk) -> None:
    anna_id = long_chat(desk, length=60)
    async with desk.window() as window:
        await expect(bubble(window, "messaggio 59")).to_be_in_viewport()
        await scroll_to(window, "log.scrollHeight / 2")
        before = await window.page.locator("#scroller").evaluate("(log) => log.scrollTop")
        await expect(window.page.locator("#pill")).to_be_visible()

        await desk.says(anna_id, "Uno")
        await desk.says(anna_id, "Due")

        pill = window.page.get_by_role("button", name="2 new messages")
        await expect(pill).to_be_visible()
        assert await window.page.locator("#scroller").evaluate("(log) => log.scrollTop") == before
        await pill.click()
        await expect(window.bubbles.last).to_be_in_viewport()
        await expect(pill).to_be_hidden()


async def test_only_the_latest_of_thousands_are_drawn_until_one_goes_up(desk: Desk) -> None:
    long_chat(desk, length=3_000)
    async with desk.window() as window:
        await expect(bubble(window, "messaggio 2999")).to_be_in_viewport()
        drawn = await window.bubbles.count()
        assert drawn < 200
        oldest = window.bubbles.first
        text = str(await oldest.text_content())

        await scroll_to(window, "0")

        await expect(window.bubbles).not_to_have_count(drawn)
        await expect(bubble(window, text)).to_be_in_viewport()


async def test_a_quotation_leads_to_its_message_however_old(desk: Desk) -> None:
    anna_id = long_chat(desk, length=300)
    desk.emulator.clients.write(anna_id, "Risposta", bot_id=BOT_ID, reply_to=1)
    async with desk.window() as window:
        await expect(bubble(window, "Risposta")).to_be_in_viewport()

        await window.page.locator(".quote").click()

        await expect(window.bubbles.first).to_have_text("messaggio 0")
        await expect(window.bubbles.first).to_be_in_viewport()


async def test_arrows_walk_the_messages_and_escape_returns_to_the_field(desk: Desk) -> None:
    long_chat(desk, length=3)
    async with desk.window() as window:
        await window.page.get_by_role("log").focus()
        await window.page.keyboard.press("ArrowUp")
        await window.page.keyboard.press("ArrowUp")
        await expect(window.page.locator(".row").nth(1)).to_be_focused()

        await window.page.keyboard.press("Enter")
        await expect(window.page.get_by_role("menuitem", name="Reply")).to_be_focused()
        await window.page.keyboard.press("Escape")
        await expect(window.page.locator(".row").nth(1)).to_be_focused()

        await window.page.keyboard.press("Escape")
        await expect(window.field).to_be_focused()
