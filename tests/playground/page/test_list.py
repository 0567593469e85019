import pytest
from playwright.async_api import expect

from bot.playground.telegram.records import ChatType
from tests.playground.page.desk import BOT_ID, PHONE, Desk

WIDTH = "document.documentElement.scrollWidth"

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_chat_shows_its_last_message_and_what_is_unread(desk: Desk) -> None:
    desk.person("Anna")
    marco = desk.person("Marco")
    async with desk.window() as window:
        desk.emulator.clients.write(marco.id, "Ciao", bot_id=BOT_ID)
        await desk.says(marco.id, "Buongiorno!")
        await desk.says(marco.id, "Come posso aiutarla?")

        row = window.chat("Marco")
        await expect(row.locator(".chat-preview")).to_have_text("Come posso aiutarla?")
        await expect(row.locator(".chat-count")).to_contain_text("2")
        await expect(window.page).to_have_title("(2) Sportello")

        await window.open("Marco")
        await expect(row.locator(".chat-count")).to_have_count(0)
        await expect(window.page).to_have_title("Sportello")


async def test_what_was_read_stays_read_after_a_reload(desk: Desk) -> None:
    anna, marco = desk.person("Anna"), desk.person("Marco")
    for person in (anna, marco):
        desk.emulator.clients.write(person.id, "Ciao", bot_id=BOT_ID)
        await desk.says(person.id, "Buongiorno!")
    async with desk.window() as window:
        await window.open("Anna")
        await window.open("Marco")
        await expect(window.page.locator(".chat-count")).to_have_count(0)

        await window.page.reload()

        await expect(window.chat("Anna").locator(".chat-preview")).to_have_text("Buongiorno!")
        await expect(window.page.locator(".chat-count")).to_have_count(0)


async def test_a_client_is_added_in_two_clicks(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window() as window:
        await window.page.get_by_role("button", name="New client").click()
        await window.page.get_by_role("button", name="Add", exact=True).click()

        await expect(window.page.locator("#head-title")).to_have_text("Chiara Ricci")
        await window.write("Buongiorno")
        sender = (await desk.next_update())["message"]["from"]
        assert (sender["first_name"], sender["language_code"]) == ("Chiara Ricci", "it")


async def test_a_group_has_several_people_of_whom_one_is_oneself(desk: Desk) -> None:
    desk.person("Anna")
    desk.person("Marco")
    async with desk.window() as window:
        await window.page.get_by_role("button", name="New group").click()
        await window.page.get_by_label("Title").fill("Gita")
        await window.page.keyboard.press("Enter")
        await expect(window.page.locator("#head-status")).to_have_text("2 people and Hotel Aurora")
        await expect(window.chat("Gita").locator(".chat-preview")).to_have_text(
            "Hotel Aurora joined the group"
        )

        await window.write("Chiedo io")
        await window.page.get_by_role("button", name="Write as Anna").click()
        await window.page.get_by_role("menuitemradio", name="Marco").click()
        await window.write("@hotel_aurora_bot c'è posto?")

        await window.shows("Chiedo io", "@hotel_aurora_bot c'è posto?")
        await expect(window.page.locator(".row.is-own")).to_have_count(1)
        await expect(window.page.locator(".sender")).to_have_text("Anna")


async def test_a_topic_shows_its_own_messages(desk: Desk) -> None:
    anna = desk.person("Anna")
    group = desk.emulator.accounts.add_group(
        "Famiglia", members=[anna.id, BOT_ID], type=ChatType.SUPERGROUP, topics=["Cena"]
    )
    desk.emulator.clients.write(group.id, "Fuori tema", bot_id=BOT_ID, sender=anna.id)
    async with desk.window() as window:
        await window.open("Famiglia")
        await window.shows("Fuori tema")

        await window.page.get_by_role("button", name="Cena", exact=True).click()
        await window.write("/prenota")

        await window.shows("/prenota")
        await window.page.get_by_role("button", name="All", exact=True).click()
        await window.shows("Fuori tema", "/prenota")


async def test_two_bots_have_different_chats_with_one_client(desk: Desk) -> None:
    anna = desk.person("Anna")
    bank = desk.emulator.accounts.add_bot("18:AAother", username="bank_bot", first_name="Banca")
    desk.emulator.clients.write(anna.id, "Alla banca", bot_id=bank.id)
    desk.emulator.clients.write(anna.id, "All'hotel", bot_id=BOT_ID)
    async with desk.window() as window:
        rows = window.chat("Anna")
        await expect(rows.locator(".chat-bot")).to_have_text(["Hotel Aurora", "Banca"])
        await expect(rows.locator(".avatar.tiny")).to_have_text(["HA", "B"])
        await rows.filter(has_text="Hotel Aurora").click()
        await window.shows("All'hotel")

        await rows.filter(has_text="Banca").click()

        await window.shows("Alla banca")
        await expect(window.page.locator("#head-status")).to_have_text("chatting with Banca")
        await desk.says(anna.id, "Dall'hotel")
        await desk.says(anna.id, "Ancora dall'hotel")
        await window.write("Grazie")
        await window.shows("Alla banca", "Grazie")


async def test_the_list_can_show_one_bots_chats_alone(desk: Desk) -> None:
    desk.person("Anna")
    desk.person("Marco")
    desk.emulator.registry.create("Banca", "bank_bot")
    async with desk.window() as window:
        await expect(window.page.locator(".chat-bot")).to_have_text(["Hotel Aurora"] * 2)

        choice = window.page.get_by_label("Bot", exact=True)
        await choice.select_option("Banca · @bank_bot")

        await expect(window.page.locator(".chat-bot")).to_have_text(["Banca", "Banca"])
        await expect(window.page.locator("#head-status")).to_have_text("chatting with Banca")
        await choice.select_option("All bots")
        await expect(window.page.locator(".chat-bot")).to_have_text(["Hotel Aurora"] * 2)


async def test_the_admin_to_be_wears_a_badge_and_is_not_opened_first(desk: Desk) -> None:
    admin = desk.person("Marco")
    desk.person("Anna")
    boss = Desk(desk.page, desk.emulator, admins=(admin.id,))
    async with boss.serving(), boss.window() as window:
        await expect(window.page.locator("#head-title")).to_have_text("Anna")
        await expect(window.chat("Marco").locator(".badge")).to_have_text("admin")
        await expect(window.chat("Anna").locator(".badge")).to_have_count(0)
        await window.open("Marco")
        await expect(window.page.locator(".suggestion")).to_have_text(["Start"])


async def test_arrows_walk_the_list_and_enter_opens(desk: Desk) -> None:
    for name in ("Anna", "Marco", "Olga"):
        desk.person(name)
    async with desk.window() as window:
        await window.chat("Anna").focus()
        await window.page.keyboard.press("End")
        await window.page.keyboard.press("ArrowUp")
        await window.page.keyboard.press("Enter")

        await expect(window.page.locator("#head-title")).to_have_text("Marco")
        await expect(window.field).to_be_focused()


async def test_a_phone_shows_the_list_or_a_conversation(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=PHONE) as window:
        conversation = window.page.locator("#conversation")
        await expect(conversation).to_be_hidden()
        await expect(window.page.locator("#notice")).to_contain_text("not OpenAI")

        await window.open("Anna")
        await expect(window.chat("Anna")).to_be_hidden()
        await expect(window.page.locator("#honest")).to_contain_text("not OpenAI")

        await window.page.get_by_role("button", name="Back to the chats").click()
        await expect(conversation).to_be_hidden()
        await expect(window.chat("Anna")).to_be_focused()


async def test_the_phones_own_back_leads_to_the_list(desk: Desk) -> None:
    desk.person("Anna")
    async with desk.window(size=PHONE) as window:
        await window.open("Anna")

        await window.page.go_back()

        await expect(window.chat("Anna")).to_be_visible()


async def test_nothing_is_wider_than_a_small_phone(desk: Desk) -> None:
    anna = desk.person("Anna Maria Guendalina dei Conti di Collalto")
    desk.emulator.clients.write(anna.id, "parola" * 60, bot_id=BOT_ID)
    async with desk.window(size={"width": 320, "height": 560}) as window:
        assert await window.page.evaluate(WIDTH) == 320
        await window.open("Anna")
        assert await window.page.evaluate(WIDTH) == 320
