"""What is offered beside talking: the way to Telegram, and to say how it was."""

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser import findings
from tests.web.widget.company import KEY, TELEGRAM
from tests.web.widget.visitor import Tab, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.of_its_own,
    pytest.mark.asyncio(loop_scope="session"),
]

TEN_MINUTES = 600_000


def button(tab: Tab, label: str) -> Locator:
    return tab.frame.get_by_role("button", name=label)


async def answered(visit: Visit) -> Tab:
    """A talk with one answer, and a clock that can be put on."""
    await visit.context.clock.install()
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await visit.desk.is_followed()
    await tab.arrived(1)
    visit.desk.says("Buongiorno!")
    await tab.shows("Ciao", "Buongiorno!")
    return tab


async def test_a_talk_is_taken_along_to_telegram_by_a_link(visit: Visit) -> None:
    visit.desk.is_in_telegram = True
    tab = await answered(visit)
    await button(tab, "Continua su Telegram").click()
    link = tab.frame.get_by_role("link", name="Apri Telegram")
    await expect(link).to_have_attribute("href", TELEGRAM)
    await expect(link).to_be_focused()
    visit.desk.says("La conversazione continua su Telegram.", speaker="notice")
    await expect(link).to_be_hidden()
    await expect(tab.field).to_be_focused()


async def test_what_could_not_be_loaded_comes_with_the_next_message(visit: Visit) -> None:
    visit.desk.is_in_telegram = True
    lost: list[str] = []

    async def lose(route: Route) -> None:
        lost.append(route.request.url)
        await (route.abort() if len(lost) == 1 else route.continue_())

    await visit.context.route("**/later/offers.js", lose)
    tab = await answered(visit)
    visit.desk.says("Mi dica.")
    await expect(button(tab, "Continua su Telegram")).to_be_visible()


async def test_a_link_that_cannot_be_had_is_told(visit: Visit) -> None:
    visit.desk.is_in_telegram = True
    tab = await answered(visit)
    visit.desk.away = 503
    await button(tab, "Continua su Telegram").click()
    await expect(tab.frame.locator("#offer")).to_contain_text("Non ha funzionato")
    await button(tab, "Chiudi").last.click()
    await expect(tab.frame.locator("#offer")).to_be_hidden()


async def test_where_the_company_has_no_bot_none_is_offered(visit: Visit) -> None:
    tab = await answered(visit)
    await expect(button(tab, "Continua su Telegram")).to_be_hidden()


async def test_it_is_offered_where_an_answer_takes_long(visit: Visit) -> None:
    visit.desk.is_in_telegram = True
    tab = await answered(visit)
    await tab.write("E il pane?")
    await tab.arrived(2)
    await visit.context.clock.fast_forward(15_000)
    visit.desk.types()
    await expect(tab.frame.locator("#typing")).to_be_visible()
    offer = tab.frame.locator("#offer")
    await expect(offer).to_have_count(0)
    await visit.context.clock.fast_forward(5_000)
    await expect(offer.get_by_role("button", name="Continua su Telegram")).to_be_visible()


async def test_how_it_was_is_asked_once_behind_a_silence(visit: Visit) -> None:
    tab = await answered(visit)
    await visit.context.clock.fast_forward(TEN_MINUTES)
    choices = tab.frame.get_by_role("group", name="Com’è andata")
    await choices.get_by_label("3").press("ArrowRight")
    await tab.frame.get_by_label("Qualcosa da aggiungere?").fill("Gentili")
    assert await findings(tab.page.frames[1]) == []
    offer = tab.frame.locator("#offer")
    visit.desk.away = 503
    await offer.get_by_role("button", name="Invia").click()
    await expect(
        offer.get_by_text("Non ha funzionato. Meglio riprovare più tardi.")
    ).to_be_visible()
    await expect(tab.frame.locator("#alarm")).to_contain_text("Non ha funzionato")
    assert await findings(tab.page.frames[1]) == []

    visit.desk.away = 0
    await offer.get_by_role("button", name="Invia").click()
    await visit.desk.until(lambda: visit.desk.rated == [{"value": 4, "text": "Gentili"}])
    await expect(choices).to_be_hidden()
    await expect(offer.get_by_text("Grazie.")).to_be_visible()
    await expect(tab.frame.locator("#news")).to_have_text("Grazie.")
    await expect(tab.field).to_be_focused()
    assert (await tab.kept())[f"sportello:{KEY}:asked"] == "c_1"

    visit.desk.says("Altro?")
    await tab.shows("Ciao", "Buongiorno!", "Altro?")
    await expect(offer).to_be_hidden()
    await visit.context.clock.fast_forward(TEN_MINUTES)
    await expect(choices).to_be_hidden()


async def test_nobody_is_asked_while_they_write(visit: Visit) -> None:
    tab = await answered(visit)
    await tab.field.fill("Un mom")
    await visit.context.clock.fast_forward(TEN_MINUTES)
    await expect(tab.frame.locator("#offer")).to_have_count(0)
    await tab.field.fill("")
    await visit.context.clock.fast_forward(60_000)
    await button(tab, "No, grazie").click()
    await expect(tab.frame.locator("#offer")).to_be_hidden()
    assert visit.desk.rated == []
