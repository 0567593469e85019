"""The widget, the API and the engine together: a company's page, and its assistant behind it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, expect

from bot.playground.openai.draft import write_reply
from bot.playground.serve import serve
from tests.addresses import free_port
from tests.scenarios.stage import AI_NOTICE, Stage, on_stage
from tests.scenarios.web import FORGETTABLE, SITE, add_site
from tests.web.widget.company import WebSite, home_of
from tests.web.widget.visitor import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with on_stage(database_url) as made:
        yield made


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_visitor_talks_to_the_companys_assistant(
    stage: Stage, context: BrowserContext
) -> None:
    port = free_port()
    stage.settings |= {"http_port": port, "secret_key": FORGETTABLE}
    site = WebSite(desk=f"http://127.0.0.1:{port}", key=SITE)
    async with serve(site.app()) as url:
        home = home_of(url)
        await add_site(stage, SITE, home)
        await stage.opens()
        page = await context.new_page()
        await page.goto(home)
        tab = Tab(page)
        await tab.open()
        await expect(tab.frame.locator("#notice")).to_have_text(AI_NOTICE)

        stage.will_say(raw=_offering("Dalle 14:00.", "Le serve un parcheggio?"))
        await tab.write("A che ora è il check-in?")
        await tab.arrived(1)
        await stage.settles()
        await tab.shows(
            "A che ora è il check-in?", AI_NOTICE, "Dalle 14:00.", "Le serve un parcheggio?"
        )
        stage.will_say("È gratuito.")
        await tab.frame.get_by_role("button", name="Sì").click()
        await tab.arrived(2)
        await stage.settles()
        await expect(tab.bubbles.last).to_have_text("È gratuito.")
        await expect(tab.frame.locator(".key")).to_have_text(["✓ Sì"])

        await page.reload()
        await tab.open()
        await expect(tab.bubbles).to_have_count(6)
        assert await page.evaluate("() => window.violations") == []


def _offering(*bubbles: str) -> str:
    """An answer with two keys under it."""
    return write_reply(bubbles, stated={"buttons": ["Sì", "No"]})
