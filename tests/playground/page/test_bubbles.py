from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.playground.page.desk import BOT_ID, Desk, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LANDSCAPE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def with_message(desk: Desk, text: str, **params: Any) -> int:
    """A client's chat with one message of the bot."""
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "/start", bot_id=BOT_ID)
    await desk.next_update()
    message = await desk.says(anna.id, text, **params)
    desk.emulator.clients.delete(anna.id, message["message_id"] - 1, bot_id=BOT_ID)
    return anna.id


async def markup(window: Window) -> str:
    """The bubble's elements, without their attributes."""
    return str(
        await window.bubbles.evaluate(
            """(bubble) => {
                const inside = (node) => [...node.childNodes].map(strip).join("");
                const strip = (node) => node.nodeType === Node.TEXT_NODE
                    ? node.data : `<${node.localName}>${inside(node)}</${node.localName}>`;
                return inside(bubble);
            }"""
        )
    )


async def test_markup_in_a_text_is_shown_as_it_was_written(desk: Desk) -> None:
    text = "<b>non</b> & <img src=x onerror=alert(1)> a<b"
    await with_message(desk, text)
    async with desk.window() as window:
        await window.shows(text)
        await expect(window.page.locator(".bubble b, .bubble img")).to_have_count(0)


async def test_entities_nest_and_count_utf_16_units(desk: Desk) -> None:
    await with_message(
        desk,
        "🙂 caro cliente, codice",
        entities=[
            {"type": "bold", "offset": 3, "length": 12},
            {"type": "italic", "offset": 8, "length": 7},
            {"type": "code", "offset": 17, "length": 6},
        ],
    )
    async with desk.window() as window:
        await expect(window.bubbles).to_have_count(1)
        assert await markup(window) == (
            "🙂 <strong>caro <em>cliente</em></strong>, <code>codice</code>"
        )


async def test_a_code_block_and_a_quotation_are_blocks(desk: Desk) -> None:
    await with_message(
        desk,
        "x = 1\ncitazione\nfine",
        entities=[
            {"type": "pre", "offset": 0, "length": 5, "language": "python"},
            {"type": "blockquote", "offset": 6, "length": 9},
        ],
    )
    async with desk.window() as window:
        await expect(window.page.locator("pre")).to_have_attribute("data-language", "python")
        assert await markup(window) == (
            "<pre><code>x = 1</code></pre><blockquote>citazione</blockquote>fine"
        )


async def test_a_link_opens_elsewhere_and_tells_nothing(desk: Desk) -> None:
    await with_message(
        desk,
        "sito: qui",
        entities=[{"type": "text_link", "offset": 6, "length": 3, "url": "https://example.com"}],
    )
    async with desk.window() as window:
        link = window.page.locator(".bubble a")
        await expect(link).to_have_attribute("href", "https://example.com/")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        await expect(link).to_have_attribute("target", "_blank")


async def test_a_link_that_runs_a_script_is_only_text(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(
        anna.id,
        "premi qui",
        bot_id=BOT_ID,
        entities=[{"type": "text_link", "offset": 6, "length": 3, "url": "javascript:alert(1)"}],
    )
    async with desk.window() as window:
        await window.shows("premi qui")
        await expect(window.page.locator(".bubble a")).to_have_count(0)


async def test_a_spoiler_shows_when_it_is_pressed(desk: Desk) -> None:
    await with_message(desk, "Vince Anna", entities=[{"type": "spoiler", "offset": 6, "length": 4}])
    async with desk.window() as window:
        spoiler = window.page.locator(".spoiler")
        await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")

        await spoiler.press("Enter")

        await expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")


async def test_a_command_in_a_text_can_be_pressed(desk: Desk) -> None:
    await with_message(desk, "Per ricominciare: /new")
    async with desk.window() as window:
        await window.page.get_by_role("button", name="/new", exact=True).click()

        assert await desk.hears() == "/new"


async def test_a_pressed_button_waits_for_the_bots_answer(desk: Desk) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Prenota", "callback_data": "book"}]]}
    await with_message(desk, "Prenotare?", reply_markup=keyboard)
    async with desk.window() as window:
        button = window.page.get_by_role("button", name="Prenota", exact=True)

        await button.click()
        query = (await desk.next_update())["callback_query"]
        assert query["data"] == "book"
        await expect(button).to_have_attribute("aria-busy", "true")

        await desk.call("answerCallbackQuery", callback_query_id=query["id"], text="Prenotato!")
        await expect(window.page.locator(".toast")).to_have_text("Prenotato!")
        await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_stays_until_it_is_closed(desk: Desk) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Prenota", "callback_data": "book"}]]}
    await with_message(desk, "Prenotare?", reply_markup=keyboard)
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Prenota", exact=True).click()
        query = (await desk.next_update())["callback_query"]
        await desk.call(
            "answerCallbackQuery",
            callback_query_id=query["id"],
            text="Al completo",
            show_alert=True,
        )

        dialog = window.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Al completo")
        await window.page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)


async def test_an_edited_message_and_its_buttons_change_in_place(desk: Desk) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Prenota", "callback_data": "book"}]]}
    anna_id = await with_message(desk, "Prenotare?", reply_markup=keyboard)
    async with desk.window() as window:
        await window.shows("Prenotare?")
        message_id = await window.page.locator(".row").get_attribute("data-id")

        await desk.call(
            "editMessageText", chat_id=anna_id, message_id=message_id, text="Prenotato."
        )

        await window.shows("Prenotato.")
        await expect(window.page.locator(".inline-button")).to_have_count(0)


async def test_a_reply_keyboard_writes_for_the_client_and_goes_away(desk: Desk) -> None:
    keyboard = {"keyboard": [["Camera doppia", "Suite"]], "one_time_keyboard": True}
    await with_message(desk, "Quale camera?", reply_markup=keyboard)
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Suite").click()

        assert await desk.hears() == "Suite"
        await expect(window.page.locator("#reply-keyboard")).to_be_hidden()


async def test_a_forced_reply_is_ready_to_be_written(desk: Desk) -> None:
    await with_message(desk, "Come si chiama?", reply_markup={"force_reply": True})
    async with desk.window() as window:
        await expect(window.page.locator("#quote-bar")).to_contain_text("Come si chiama?")

        await window.write("Anna")

        message = (await desk.next_update())["message"]
        assert message["reply_to_message"]["text"] == "Come si chiama?"


async def test_files_are_shown_before_they_are_sent(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        async with window.page.expect_file_chooser() as choosing:
            await window.page.get_by_role("button", name="Attach").click()
            await window.page.get_by_role("menuitem", name="Photo or file").click()
        chooser = await choosing.value
        picture: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": LANDSCAPE}
        menu: FilePayload = {"name": "menu.txt", "mimeType": "text/plain", "buffer": b"pasta"}
        await chooser.set_files([picture, menu])
        await expect(window.page.get_by_role("dialog")).to_contain_text("menu.txt")
        await window.page.get_by_label("Caption").fill("Ecco")
        await window.page.keyboard.press("Enter")

        first, second = await desk.next_update(), await desk.next_update()
        assert first["message"]["photo"]
        assert first["message"]["caption"] == "Ecco"
        assert second["message"]["document"]["file_name"] == "menu.txt"
        photo = window.page.locator("img.photo")
        assert await photo.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1


async def test_a_dropped_file_is_sent_too(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        dropped = await window.page.evaluate_handle(
            """() => {
                const transfer = new DataTransfer();
                transfer.items.add(new File(["pasta"], "menu.txt", {type: "text/plain"}));
                return transfer;
            }"""
        )
        await window.page.dispatch_event("#conversation", "dragover", {"dataTransfer": dropped})
        await expect(window.page.get_by_text("Drop to send")).to_be_visible()
        await window.page.dispatch_event("#conversation", "drop", {"dataTransfer": dropped})
        await window.page.get_by_role("dialog").get_by_role("button", name="Send").click()

        assert (await desk.next_update())["message"]["document"]["file_name"] == "menu.txt"
        await expect(window.page.locator(".bubble .document")).to_contain_text("menu.txt")
