"""Several bots on the page: BotFather, deep links, cards, documents, managed bots."""

from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.playground.page.desk import BOT_ID, PHONE, Desk, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CARD = {
    "inline_keyboard": [
        [{"text": "Nome", "callback_data": "name"}, {"text": "Settore", "callback_data": "sector"}],
        [{"text": "Pubblica", "callback_data": "publish"}],
    ]
}


async def answer(desk: Desk, person_id: int, text: str, **params: Any) -> Any:
    """Anna's first message, and what the bot says to it."""
    desk.emulator.clients.write(person_id, "/configure", bot_id=BOT_ID)
    await desk.hears()
    return await desk.says(person_id, text, **params)


async def choose_file(window: Window, file: FilePayload) -> None:
    async with window.page.expect_file_chooser() as choosing:
        await window.page.get_by_role("button", name="Attach").click()
        await window.page.get_by_role("menuitem", name="Photo or file").click()
    await (await choosing.value).set_files([file])


async def test_an_admin_gets_a_bot_and_its_token_from_botfather(desk: Desk) -> None:
    marco = desk.person("Marco")
    desk.emulator.botfather.open()
    boss = Desk(desk.page, desk.emulator, admins=(marco.id,))
    async with boss.serving(), boss.window() as window:
        await window.chat("BotFather").click()
        await expect(window.page.locator("#head-title .badge").last).to_have_text("emulated")
        await window.page.get_by_role("button", name="Start", exact=True).click()
        await expect(window.bubbles.last).to_contain_text("stand-in for @BotFather")

        for text, expected in (
            ("/newbot", "How shall it be called"),
            ("Trattoria da Nino", "username"),
            ("trattoria_nino_bot", "Its token"),
        ):
            await window.write(text)
            await expect(window.bubbles.last).to_contain_text(expected)

        [bot] = desk.emulator.registry.owned_by(marco.id)
        await expect(window.bubbles.last.locator("code")).to_have_text(bot.token)
        await window.bubbles.get_by_role("link", name="t.me/trattoria_nino_bot").click()
        await expect(window.page.locator("#head-status")).to_have_text(
            "chatting with Trattoria da Nino"
        )


async def test_before_there_is_a_bot_everyone_can_write_to_botfather(page: Page) -> None:
    desk = Desk(page, has_bot=False)
    desk.emulator.botfather.open()
    desk.person("Marco")
    async with desk.serving(), desk.window() as window:
        await expect(window.page.locator("#head-status")).to_have_text("chatting with BotFather")
        await window.write("/newbot")
        await expect(window.bubbles.last).to_contain_text("How shall it be called")


async def test_a_newcomer_finds_a_clients_chat_with_the_company_open(page: Page) -> None:
    desk = Desk(page, has_bot=False)
    desk.emulator.botfather.open()
    marco, _ = desk.person("Marco"), desk.person("Giulia")
    desk.admins = (marco.id,)
    desk.add_bot()
    async with desk.serving(), desk.window() as window:
        await expect(window.page.locator("#head-title")).to_have_text("Giulia")
        await expect(window.page.locator("#head-status")).to_have_text("chatting with Hotel Aurora")
        await window.write("Buongiorno, a che ora è il check-in?")
        assert await desk.hears() == "Buongiorno, a che ora è il check-in?"


async def test_a_pasted_file_is_sent(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.field.evaluate(
            """(field) => {
                const clipboardData = new DataTransfer();
                clipboardData.items.add(new File(["pasta"], "menu.txt", {type: "text/plain"}));
                field.dispatchEvent(new ClipboardEvent("paste", {clipboardData}));
            }"""
        )
        await window.page.get_by_role("dialog").get_by_role("button", name="Send").click()

        assert (await desk.next_update())["message"]["document"]["file_name"] == "menu.txt"


async def test_the_menu_shows_what_the_person_may_do(desk: Desk) -> None:
    anna, marco = desk.person("Anna"), desk.person("Marco")
    desk.emulator.clients.write(marco.id, "/start", bot_id=BOT_ID)
    everyone = {"command": "help", "description": "Aiuto"}
    admins = {"command": "configure", "description": "Il profilo"}
    await desk.call("setMyCommands", commands=[everyone], scope={"type": "all_private_chats"})
    scope = {"type": "chat", "chat_id": marco.id}
    await desk.call("setMyCommands", commands=[everyone, admins], scope=scope)
    async with desk.window() as window:
        for person, commands in ((anna, ["/help"]), (marco, ["/help", "/configure"])):
            await window.open(person.first_name)
            await window.page.get_by_role("button", name="Commands").click()
            await expect(window.page.get_by_role("option").locator("b")).to_have_text(commands)
            await window.page.keyboard.press("Escape")


async def test_a_deep_link_leads_to_the_bots_chat_and_waits_for_start(desk: Desk) -> None:
    anna = desk.person("Anna")
    bank = desk.emulator.registry.create("Banca", "bank_bot")
    await answer(desk, anna.id, "Apra https://t.me/bank_bot?start=invito-1")
    async with desk.window() as window:
        await window.bubbles.get_by_role(
            "link", name="https://t.me/bank_bot?start=invito-1"
        ).click()
        await expect(window.page.locator("#head-status")).to_have_text("chatting with Banca")
        await expect(window.field).to_be_hidden()
        await expect(window.page.locator(".suggestion")).to_have_count(0)
        await expect(window.page.locator("#start")).to_be_focused()

        await window.page.keyboard.press("Enter")

        await window.shows("/start invito-1")
        [message] = desk.emulator.clients.messages(anna.id, bot_id=bank.id)
        assert message["text"] == "/start invito-1"
        await expect(window.field).to_be_visible()


async def test_a_link_in_a_message_is_opened_as_another_person(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.person("Marco")
    await answer(desk, anna.id, "Apra https://t.me/hotel_aurora_bot?start=invito-1")
    async with desk.window() as window:
        await window.bubbles.last.click(button="right", position={"x": 5, "y": 5})
        await window.page.get_by_role("menuitem", name="Open the link as…").click()
        await window.page.get_by_label("Open as").select_option("Marco")
        await window.page.keyboard.press("Enter")
        await window.page.locator("#start").click()

        update = await desk.next_update()
        assert update["message"]["from"]["first_name"] == "Marco"
        assert update["message"]["text"] == "/start invito-1"


async def test_a_link_from_elsewhere_is_opened_as_anyone(desk: Desk) -> None:
    desk.person("Anna")
    desk.person("Marco")
    desk.emulator.registry.create("Banca", "bank_bot")
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Open a Telegram link").click()
        await window.page.get_by_label("Link", exact=True).fill("t.me/hotel_aurora_bot?start=abc")
        await window.page.get_by_label("Open as").select_option("Marco")
        await window.page.get_by_role("button", name="Open", exact=True).click()
        await expect(window.page.locator("#head-title")).to_have_text("Marco")

        await window.page.locator("#start").click()

        update = await desk.next_update()
        assert update["message"]["from"]["first_name"] == "Marco"
        assert update["message"]["text"] == "/start abc"


@pytest.mark.parametrize("start", ["due%20parole", "a" * 65, ""])
async def test_a_payload_that_telegram_drops_is_not_sent(desk: Desk, start: str) -> None:
    anna = desk.person("Anna")
    desk.emulator.registry.create("Banca", "bank_bot")
    await answer(desk, anna.id, f"Apra https://t.me/bank_bot?start={start}")
    async with desk.window() as window:
        await window.bubbles.last.get_by_role("link").click()
        await expect(window.page.locator("#head-status")).to_have_text("chatting with Banca")
        await expect(window.page.locator("#start")).to_be_hidden()


async def test_a_bots_mention_is_pressed_and_a_strangers_is_not(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.registry.create("Banca", "bank_bot")
    await answer(desk, anna.id, "Da @bank_bot, @marco_rossi o t.me/altro_bot")
    async with desk.window() as window:
        await expect(window.bubbles.last.locator(".mention")).to_have_text("@marco_rossi")
        await window.bubbles.get_by_role("link", name="t.me/altro_bot").click()
        await expect(window.page.locator(".toast")).to_have_text(
            "There is no @altro_bot in the playground"
        )

        await window.bubbles.get_by_role("button", name="@bank_bot").click()

        await expect(window.page.locator("#head-status")).to_have_text("chatting with Banca")


async def test_a_card_changes_under_the_pressed_button_which_keeps_the_focus(desk: Desk) -> None:
    anna = desk.person("Anna")
    card = await answer(desk, anna.id, "Nome: Aurora", reply_markup=CARD)
    async with desk.window() as window:
        await window.page.locator(".inline-button", has_text="Settore").focus()
        await window.page.keyboard.press("Enter")
        query = (await desk.next_update())["callback_query"]
        assert query["data"] == "sector"

        await desk.call(
            "editMessageText",
            chat_id=anna.id,
            message_id=card["message_id"],
            text="Settore: hotel",
            reply_markup=CARD,
        )
        await desk.call("answerCallbackQuery", callback_query_id=query["id"])

        await window.shows("/configure", "Settore: hotel")
        await expect(window.page.locator(".inline-button", has_text="Settore")).to_be_focused()
        await window.page.keyboard.press("Enter")
        assert (await desk.next_update())["callback_query"]["data"] == "sector"


async def test_a_forced_reply_waits_in_the_field_until_something_was_said(desk: Desk) -> None:
    anna = desk.person("Anna")
    await answer(
        desk,
        anna.id,
        "Mandi il nuovo nome",
        reply_markup={"force_reply": True, "input_field_placeholder": "Hotel Aurora"},
    )
    async with desk.window() as window:
        await expect(window.page.locator("#quote-bar")).to_contain_text("Mandi il nuovo nome")
        await expect(window.field).to_have_attribute("placeholder", "Hotel Aurora")

        await window.write("Hotel Belvedere")

        message = (await desk.next_update())["message"]
        assert message["reply_to_message"]["text"] == "Mandi il nuovo nome"
        await expect(window.page.locator("#quote-bar")).to_be_hidden()
        await expect(window.field).to_have_attribute("placeholder", "Message")


async def test_a_document_answers_a_forced_reply_with_its_caption(desk: Desk) -> None:
    anna = desk.person("Anna")
    await answer(desk, anna.id, "Mandi il file", reply_markup={"force_reply": True})
    async with desk.window() as window:
        await expect(window.page.locator("#quote-bar")).to_contain_text("Mandi il file")
        await choose_file(
            window, {"name": "orari.md", "mimeType": "text/markdown", "buffer": b"# Orari"}
        )
        await window.page.get_by_label("Caption").fill("Gli orari")
        await window.page.keyboard.press("Enter")

        message = (await desk.next_update())["message"]
        assert (message["document"]["file_name"], message["caption"]) == ("orari.md", "Gli orari")
        assert message["reply_to_message"]["text"] == "Mandi il file"
        await expect(window.page.locator("#quote-bar")).to_be_hidden()


async def test_a_key_makes_a_managed_bot(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.registry.let_manage(BOT_ID)
    request = {"request_id": 1, "suggested_name": "Trattoria", "suggested_username": "nino_bot"}
    keyboard = {"keyboard": [[{"text": "Crea il bot", "request_managed_bot": request}]]}
    await answer(desk, anna.id, "Prema il tasto", reply_markup=keyboard)
    async with desk.window() as window:
        await window.page.get_by_role("button", name="Crea il bot").click()
        dialog = window.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Hotel Aurora will manage")
        await window.page.get_by_label("Username").fill("nino")
        await window.page.get_by_role("button", name="Create").click()
        await expect(window.page.locator(".toast")).to_contain_text("must end in bot")

        await window.page.get_by_label("Username").fill("@nino_bot")
        await window.page.get_by_role("button", name="Create").click()

        await expect(dialog).to_have_count(0)
        await expect(window.page.locator(".service")).to_have_text(
            "The bot Trattoria (@nino_bot) was created"
        )
        assert (await desk.next_update())["managed_bot"]["bot"]["username"] == "nino_bot"
        await expect(window.page.get_by_label("Bot", exact=True)).to_contain_text("@nino_bot")
        await window.page.locator(".service").click()
        await expect(window.page.locator("#head-status")).to_have_text("chatting with Trattoria")


async def test_a_deleted_bot_leaves_the_list(desk: Desk) -> None:
    anna = desk.person("Anna")
    bank = desk.emulator.registry.create("Banca", "bank_bot")
    for bot_id in (BOT_ID, bank.id):
        desk.emulator.clients.write(anna.id, "Ciao", bot_id=bot_id)
    async with desk.window() as window:
        await expect(window.chat("Anna")).to_have_count(2)

        desk.emulator.registry.delete(bank.id)

        await expect(window.chat("Anna")).to_have_count(1)
        await expect(window.page.get_by_label("Bot", exact=True)).to_be_hidden()


async def test_a_card_of_many_buttons_fits_a_small_phone(desk: Desk) -> None:
    anna = desk.person("Anna")
    desk.emulator.registry.create("Trattoria da Nino e dei suoi fratelli", "trattoria_nino_bot")
    words = ("Obiettivo dell'assistente", "Frase di escalation", "Messaggio di pausa")
    rows = [[{"text": word, "callback_data": word} for word in words] for _ in range(8)]
    await answer(desk, anna.id, "Profilo", reply_markup={"inline_keyboard": rows})
    async with desk.window(size={"width": 320, "height": 560}) as window:
        assert await window.page.evaluate("document.documentElement.scrollWidth") == 320
        await window.open("Anna")

        last = window.page.locator(".inline-button").last
        await expect(last).to_be_in_viewport(ratio=1)
        assert await last.evaluate("(node) => node.scrollWidth <= node.clientWidth")
        assert await window.page.evaluate("document.documentElement.scrollWidth") == 320


async def test_a_diff_is_coloured_and_scrolls_inside_its_frame(desk: Desk) -> None:
    anna = desk.person("Anna")
    diff = "\n".join(["@@ -1 +1 @@", "-Aperto dalle 9", "+Aperto dalle 8 " + "e ancora " * 40])
    entity = {"type": "pre", "offset": 0, "length": len(diff), "language": "diff"}
    await answer(desk, anna.id, diff, entities=[entity])
    async with desk.window(size=PHONE) as window:
        await window.open("Anna")
        block = window.page.locator(".text pre")
        await expect(block.locator(".added")).to_contain_text("Aperto dalle 8")
        await expect(block.locator(".removed")).to_have_text("-Aperto dalle 9\n")
        assert await block.evaluate("(node) => node.scrollWidth > node.clientWidth")
        assert await window.page.evaluate("document.documentElement.scrollWidth") == 390
