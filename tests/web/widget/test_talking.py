"""A visitor and the assistant, in the chat on a company's page."""

import pytest
from playwright.async_api import expect

from tests.web.widget.company import GREETING, NOTICE
from tests.web.widget.visitor import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_visitor_writes_and_is_answered(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await expect(tab.frame.locator("#greeting")).to_have_text(GREETING["it"])
    await expect(tab.frame.locator("#notice")).to_have_text(NOTICE["it"])

    await tab.write("Avete pane di segale?")
    await tab.shows("Avete pane di segale?")
    await visit.desk.is_followed()
    visit.desk.types()
    await expect(tab.frame.locator("#typing")).to_be_visible()
    visit.desk.says("Sì, il martedì e il venerdì.")

    await tab.shows("Avete pane di segale?", "Sì, il martedì e il venerdì.")
    await expect(tab.frame.locator("#typing")).to_be_hidden()
    await expect(tab.frame.locator("#intro")).to_be_hidden()


async def test_it_tells_on_which_page_and_not_what_stands_behind_it(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Avete pane di segale?")
    await tab.arrived(1)
    await tab.frame.get_by_role("button", name="Chiudi la chat").click()
    await tab.page.evaluate("() => history.pushState(null, '', '/torte?chi=anna#mele')")
    await tab.launcher.click()
    await tab.write("E di farro?")
    await tab.arrived(2)
    await tab.page.evaluate("() => history.pushState(null, '', '/pane')")
    await tab.write("E senza lievito?")
    await tab.arrived(3)

    told = [one["page"].removeprefix(visit.home) for one in visit.desk.bodies]
    assert told == ["/", "/torte", "/pane"]


async def test_what_was_said_is_there_after_a_reload(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Siete aperti?")
    await visit.desk.is_followed()
    visit.desk.says("Sì, fino alle 19.")
    await tab.shows("Siete aperti?", "Sì, fino alle 19.")

    await tab.page.reload()
    await tab.open()

    await tab.shows("Siete aperti?", "Sì, fino alle 19.")
    assert visit.desk.asked.count("POST /v1/sites/pk_bakery/session") == 1


async def test_earlier_messages_are_a_press_away(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Quanti pani avete?")
    await tab.arrived(1)
    for number in range(60):
        visit.desk.says(f"pane {number}")
    await tab.page.reload()
    await tab.open()
    await expect(tab.bubbles).to_have_count(50)

    await tab.frame.get_by_role("button", name="Messaggi precedenti").click()

    await expect(tab.bubbles).to_have_count(61)
    await expect(tab.bubbles.first).to_have_text("Quanti pani avete?")
    await expect(tab.frame.locator("#earlier")).to_be_hidden()


async def test_a_tapped_key_is_what_the_visitor_says(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Vorrei una torta")
    await visit.desk.is_followed()
    keys = [[{"text": "Mele", "data": "key:1:0"}, {"text": "Noci", "data": "key:1:1"}]]
    visit.desk.says("Quale?", buttons=keys)

    await tab.frame.get_by_role("button", name="Noci").click()

    await tab.shows("Vorrei una torta", "Quale?", "Noci")
    await expect(tab.frame.get_by_role("button", name="Mele")).to_be_disabled()
    said = visit.desk.bodies[-1]
    assert (said["text"], said["key"]) == ("Noci", {"message": "m2", "data": "key:1:1"})

    chosen = [[{"text": "✓ Noci", "data": "key:1:1"}]]
    visit.desk.chat.log("keys", {"message": "m2", "buttons": chosen})
    await expect(tab.frame.locator(".key")).to_have_text(["✓ Noci"])


async def test_a_command_works_and_none_is_advertised(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await expect(tab.frame.locator("body")).not_to_contain_text("/")

    await tab.write("/new")

    await tab.shows("/new")
    await visit.desk.is_followed()
    assert visit.desk.bodies[-1]["text"] == "/new"


async def test_what_was_erased_is_gone_and_so_is_what_a_lost_number_hid(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Il mio segreto")
    await visit.desk.is_followed()
    await tab.arrived(1)

    visit.desk.chat.log("erased", {"before": 2})
    await tab.shows()

    visit.desk.chat.messages.clear()
    visit.desk.says("Cancellato.")
    visit.desk.chat.log("reset", visit.desk.chat.page(2**53, 50))
    await tab.shows("Cancellato.")


HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "\u202eesrever\u202c e dritto",
    "parola" * 17_000,
)


async def test_whatever_a_bubble_says_is_text(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Dica")
    await visit.desk.is_followed()
    for text in HOSTILE:
        visit.desk.says(text)
    visit.desk.says(
        "uno due tre quattro sei",
        entities=[
            {"type": "text_link", "offset": 0, "length": 3, "url": "javascript:alert(1)"},
            {"type": "text_link", "offset": 4, "length": 3, "url": "https://example.it/pane"},
            {"type": "bold", "offset": 8, "length": 3},
            {"type": "text_link", "offset": 12, "length": 7, "url": "tel:+390450000142"},
            {"type": "text_link", "offset": 20, "length": 3, "url": "data:text/html,sei"},
        ],
    )

    await tab.shows("Dica", *HOSTILE, "uno due tre quattro sei")

    assert await tab.log.locator("img").count() == 0
    links = await tab.log.locator("a").evaluate_all("all => all.map((a) => [a.href, a.rel])")
    safe = "https://example.it/pane", "tel:+390450000142"
    assert links == [[one, "noopener noreferrer"] for one in safe]
    await expect(tab.log.locator("strong")).to_have_text("tre")
    assert await tab.overflow() == [0, 0]
