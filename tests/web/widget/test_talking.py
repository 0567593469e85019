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
