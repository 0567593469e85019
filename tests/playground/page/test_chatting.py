import asyncio

import pytest
from playwright.async_api import Route, expect

from bot.playground.telegram.records import Upload
from tests.playground.page.desk import BOT_ID, QUESTIONS, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_question_is_answered_in_bubbles_with_typing_before_each(desk: Desk) -> None:
    anna = desk.person("Anna")
    async with desk.window() as window:
        await window.write("Buongiorno, a che ora è il check-in?")
        assert await desk.hears() == "Buongiorno, a che ora è il check-in?"

        for bubble in ("Buongiorno!", "Dalle 14:00."):
            await desk.call("sendChatAction", chat_id=anna.id, action="typing")
            await expect(window.typing).to_be_visible()
            await expect(window.page.locator("#head-status")).to_have_text(
                "Hotel Aurora is typing…"
            )
            await desk.says(anna.id, bubble)
            await expect(window.typing).to_be_hidden()

        await window.shows("Buongiorno, a che ora è il check-in?", "Buongiorno!", "Dalle 14:00.")
        await expect(window.page.locator(".row.is-own")).to_have_count(1)


async def test_typing_ends_by_itself_after_five_seconds(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)
    async with desk.foreign_window(locale="en-GB") as window:
        await window.page.clock.install()
        await desk.call("sendChatAction", chat_id=anna.id, action="typing")
        await expect(window.typing).to_be_visible()

        await window.page.clock.fast_forward(5_000)

        await expect(window.typing).to_be_hidden()


async def test_an_empty_chat_offers_questions_to_tap(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        chips = window.page.locator(".suggestion")
        await expect(chips).to_have_text(list(QUESTIONS))

        await chips.first.click()

        assert await desk.hears() == QUESTIONS[0]
        await window.shows(QUESTIONS[0])
        await expect(chips).to_have_count(0)


async def test_shift_and_enter_break_the_line(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.field.press_sequentially("Siamo in tre")
        await window.field.press("Shift+Enter")
        await window.field.press_sequentially("e un cane")
        await window.field.press("Enter")

        assert await desk.hears() == "Siamo in tre\ne un cane"
        await expect(window.field).to_have_value("")


async def test_messages_arrive_in_the_order_in_which_they_were_sent(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        held = asyncio.Event()

        async def hold(route: Route) -> None:
            await held.wait()
            await route.continue_()

        await window.page.route("**/messages", hold, times=1)
        await window.write("uno")
        await window.write("due")
        await expect(window.field).to_have_value("")
        held.set()

        await window.shows("uno", "due")
        assert [await desk.hears(), await desk.hears()] == ["uno", "due"]


async def test_what_was_deleted_at_once_does_not_come_back(desk: Desk) -> None:
    anna, deleted = desk.person("Anna"), asyncio.Event()

    async def answer_late(route: Route) -> None:
        response = await route.fetch()
        await deleted.wait()
        await route.fulfill(response=response)

    async with desk.window() as window:
        await window.page.route("**/messages", answer_late, times=1)
        await window.write("un segreto")
        message = (await desk.next_update())["message"]
        await window.shows("un segreto")
        await desk.call("deleteMessage", chat_id=anna.id, message_id=message["message_id"])
        await window.shows()
        deleted.set()

        await window.write("altro")  # it goes when the page has heard of what was sent before

        await window.shows("altro")


async def test_what_is_sent_while_everything_is_loaded_anew_stays(desk: Desk) -> None:
    anna, fetched, held = desk.person("Anna"), asyncio.Event(), asyncio.Event()
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)

    async def answer_late(route: Route) -> None:
        response = await route.fetch()
        fetched.set()
        await held.wait()
        await route.fulfill(response=response)

    async with desk.window() as window:
        await window.shows("Ciao")
        await window.page.route("**/messages?bot=*", answer_late, times=1)
        desk.emulator.registry.create("Banca", "bank_bot")  # a stranger: all is loaded anew
        await fetched.wait()
        await window.write("Eccomi")
        await window.shows("Ciao", "Eccomi")
        held.set()

        await desk.says(anna.id, "Benvenuta")

        await window.shows("Ciao", "Eccomi", "Benvenuta")


async def test_a_client_does_not_see_what_another_one_wrote(desk: Desk) -> None:
    anna, marco = desk.person("Anna"), desk.person("Marco")
    async with desk.window() as window:
        await window.open("Anna")
        await window.write("Sono Anna")
        await window.shows("Sono Anna")

        await window.open("Marco")
        await window.shows()
        await window.write("Sono Marco")
        assert [await desk.hears(), await desk.hears()] == ["Sono Anna", "Sono Marco"]
        await desk.says(marco.id, "Ciao Marco")
        await desk.says(anna.id, "Ciao Anna")

        await window.shows("Sono Marco", "Ciao Marco")
        await window.open("Anna")
        await window.shows("Sono Anna", "Ciao Anna")


async def test_a_message_can_be_answered(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "/start", bot_id=BOT_ID)
    await desk.next_update()
    question = await desk.says(anna.id, "A che ora arriva?")
    async with desk.window() as window:
        await window.page.locator(".row", has_text="A che ora arriva?").click(button="right")
        await window.page.get_by_role("menuitem", name="Reply").click()
        await expect(window.page.locator("#quote-bar")).to_contain_text("A che ora arriva?")

        await window.write("Alle 21")

        update = await desk.next_update()
        assert update["message"]["reply_to_message"]["message_id"] == question["message_id"]
        await expect(window.page.locator(".is-own .quote")).to_contain_text("A che ora arriva?")


async def test_the_last_message_can_be_edited_from_the_keyboard(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.write("Arrivo alle 8")
        await window.shows("Arrivo alle 8")

        await window.field.press("ArrowUp")
        await expect(window.field).to_have_value("Arrivo alle 8")
        await window.write("Arrivo alle 20")

        await window.shows("Arrivo alle 20")
        await expect(window.page.locator(".meta")).to_contain_text("edited")
        await desk.next_update()
        assert (await desk.next_update())["edited_message"]["text"] == "Arrivo alle 20"


async def test_words_can_be_added_to_a_file(desk: Desk) -> None:
    anna = desk.person("Anna")
    async with desk.window() as window:
        upload = Upload("menu.txt", "text/plain", b"pasta")
        desk.emulator.clients.send_file(anna.id, upload, kind="document", bot_id=BOT_ID)
        await window.page.locator(".row", has_text="menu.txt").click(button="right")
        await window.page.get_by_role("menuitem", name="Edit").click()
        await expect(window.field).to_have_value("")
        await window.write("Che piatti sono?")

        await expect(window.page.locator(".row")).to_contain_text("Che piatti sono?")
        await desk.next_update()
        assert (await desk.next_update())["edited_message"]["caption"] == "Che piatti sono?"


async def test_escape_gives_up_an_edit(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.write("Arrivo alle 8")
        await window.shows("Arrivo alle 8")
        await window.field.press("ArrowUp")

        await window.field.press("Escape")

        await expect(window.field).to_have_value("")
        await expect(window.page.locator("#quote-bar")).to_be_hidden()


async def test_ones_own_message_can_be_deleted_and_the_bots_cannot(desk: Desk) -> None:
    anna = desk.person("Anna")
    async with desk.window() as window:
        await window.write("Per sbaglio")
        await desk.next_update()
        await desk.says(anna.id, "Ciao")
        await window.shows("Per sbaglio", "Ciao")

        await window.page.locator(".row", has_text="Ciao").click(button="right")
        await expect(window.page.get_by_role("menuitem")).to_have_text(
            ["Reply", "Quote some words", "Copy"]
        )
        await window.page.keyboard.press("Escape")
        await window.page.locator(".row", has_text="Per sbaglio").click(button="right")
        await window.page.get_by_role("menuitem", name="Delete").click()

        await window.shows("Ciao")


async def test_a_blocked_bot_cannot_be_written_to_until_it_is_unblocked(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Chat actions").click()
        await window.page.get_by_role("menuitem", name="Block the bot").click()
        await expect(window.field).to_be_hidden()
        status = (await desk.next_update())["my_chat_member"]["new_chat_member"]["status"]
        assert status == "kicked"

        await window.page.get_by_role("button", name="Unblock the bot").click()

        await expect(window.field).to_be_visible()


async def test_a_focused_message_shows_its_menu_button(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)
    async with desk.window() as window:
        button = window.page.locator(".act")
        await expect(button).to_have_css("opacity", "0")

        await window.page.locator(".row").focus()

        await expect(button).to_have_css("opacity", "1")
