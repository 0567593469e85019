"""What is shown of a chat: its end, whatever else wants the room."""

import asyncio

import pytest
from playwright.async_api import Route, ViewportSize, expect

from bot.core.texts import say
from bot.core.texts.profile import Configure
from bot.core.texts.tools import Tools
from bot.playground.telegram.records import Upload
from tests.browser import findings
from tests.playground.page.desk import BOT_ID, DESKTOP, PHONE, SEEN, Desk
from tests.samples import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_chat_with_pictures_opens_at_its_end(desk: Desk) -> None:
    anna = desk.person("Anna")
    upload = Upload("camera.jpg", "image/jpeg", jpeg(400, 600))
    for number in range(8):
        desk.emulator.clients.send_file(anna.id, upload, kind="photo", bot_id=BOT_ID)
        desk.emulator.clients.write(anna.id, f"camera {number}", bot_id=BOT_ID)
    opened = asyncio.Event()

    async def answer_late(route: Route) -> None:
        await opened.wait()
        await route.continue_()

    async with desk.window() as window:
        await window.page.route("**/client/files/*", answer_late)
        await window.page.reload()
        await expect(window.bubbles.last).to_have_text("camera 7")
        # As with a slow network: seen, and then the pictures are there.
        await window.page.locator("#scroller").dispatch_event("scroll")
        opened.set()

        shown = "() => [...document.images].every((one) => one.complete && one.naturalHeight)"
        await window.page.wait_for_function(shown)
        await expect(window.bubbles.last).to_be_in_viewport(ratio=1)
        await expect(window.page.locator("#pill")).to_be_hidden()
        await window.page.unroute("**/client/files/*")


async def test_a_keyboard_hides_no_message(desk: Desk) -> None:
    anna = desk.person("Anna")
    for number in range(30):
        desk.emulator.clients.write(anna.id, f"messaggio {number}", bot_id=BOT_ID)
    rows = [[f"Camera {number}", f"Suite {number}"] for number in range(12)]
    async with desk.window(size=PHONE) as window:
        await window.open("Anna")
        await expect(window.bubbles.last).to_be_in_viewport(ratio=1)

        await desk.says(anna.id, "Quale camera?", reply_markup={"keyboard": rows})

        await expect(window.page.locator("#reply-keyboard")).to_be_visible()
        await expect(window.bubbles.last).to_have_text("Quale camera?")
        await expect(window.bubbles.last).to_be_in_viewport(ratio=1)
        await window.page.set_viewport_size({"width": 390, "height": 420})  # the phone's own keys
        await expect(window.bubbles.last).to_be_in_viewport(ratio=1)
        await expect(window.field).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_searching_moves_the_messages_alone(desk: Desk, size: ViewportSize) -> None:
    anna = desk.person("Anna")
    for number in range(60):
        desk.emulator.clients.write(anna.id, f"messaggio {number}", bot_id=BOT_ID)
    async with desk.window(size=size) as window:
        await window.open("Anna")
        await expect(window.bubbles.last).to_be_in_viewport(ratio=1)
        for place in (".row:nth-of-type(5)", ".row:last-child .visually-hidden", ".act", "h1"):
            # What a browser does with each place where it finds something, from the top on.
            await window.page.evaluate("document.getElementById('scroller').scrollTop = 0")
            await window.page.locator(place).first.evaluate(
                """(found) => found.scrollIntoView({ block: "center", inline: "center" })"""
            )
            moved = await window.page.evaluate(
                """() => [...document.querySelectorAll("*")]
                    .filter((one) => one.scrollTop || one.scrollLeft)
                    .map((one) => one.id || one.className || one.localName)
                    .filter((one) => one !== "scroller" && one !== "chats")"""
            )
            assert moved == []
        await expect(window.page.locator(".head")).to_be_in_viewport(ratio=1)
        await expect(window.field).to_be_in_viewport(ratio=1)


CARD_OF_TOOLS = f"{say(Tools.TAKE_REQUEST, 'it')}: {say(Tools.TAKE_REQUEST_DOES, 'it')}"
KEYS_OF_TOOLS = {
    "inline_keyboard": [
        [
            {"text": say(Configure.CHOSEN, "it", choice=one), "callback_data": one}
            for one in (say(Tools.TAKE_REQUEST, "it"), say(Tools.RECALL, "it"))
        ],
        [{"text": "✅ Tavolo per due · Anna · 20/11", "callback_data": "one 1"}],
    ]
}


@pytest.mark.parametrize(("size", "dark"), SEEN)
async def test_axe_finds_nothing(desk: Desk, size: ViewportSize, dark: bool) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)
    markup = {"inline_keyboard": [[{"text": "Si", "callback_data": "1"}]]}
    await desk.says(anna.id, "Vuole *prenotare*? t.me/hotel_aurora_bot", reply_markup=markup)
    async with desk.window(size=size, dark=dark) as window:
        assert await findings(window.page) == []
        await window.open("Anna")
        assert await findings(window.page) == []
        await window.field.fill("/")
        assert await findings(window.page) == []
        await window.field.fill("")
        await window.page.get_by_role("button", name="Chat actions").click()
        assert await findings(window.page) == []
        await window.page.keyboard.press("Escape")
        for dialog in ("New client", "New group", "Open a Telegram link"):
            if await window.page.get_by_role("button", name=dialog).is_visible():
                await window.page.get_by_role("button", name=dialog).click()
                assert await findings(window.page) == []
                await window.page.keyboard.press("Escape")
        await desk.says(anna.id, CARD_OF_TOOLS, reply_markup=KEYS_OF_TOOLS)
        await expect(window.bubbles.last).to_contain_text("/requests")
        assert await findings(window.page) == []
        keyboard = {"keyboard": [["Camera doppia", "Suite"]]}
        await desk.says(anna.id, "Quale?", reply_markup=keyboard)
        await expect(window.page.locator("#reply-keyboard")).to_be_visible()
        assert await findings(window.page) == []
