from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser import browser, chromium
from tests.patience import PATIENCE_SECONDS
from tests.web.widget.company import Desk, WebSite, open_doors
from tests.web.widget.visitor import NOTES, Visit

__all__ = ["browser", "chromium"]  # fixtures


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser that has seen nothing yet."""
    context = await browser.new_context(locale="it-IT", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    await context.add_init_script(NOTES)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(context: BrowserContext) -> AsyncIterator[Visit]:
    """A bakery's page, and whoever looks at it."""
    desk, site = Desk(), WebSite()
    async with open_doors(desk, site) as home:
        visit = Visit(desk, site, context, home)
        yield visit
        await visit.leave()
