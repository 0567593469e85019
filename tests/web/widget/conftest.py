from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser import browser, chromium
from tests.patience import PATIENCE_SECONDS
from tests.web.widget.company import Desk, WebSite, open_doors
from tests.web.widget.visitor import NOTES, Visit

__all__ = ["browser", "chromium"]  # fixtures


@asynccontextmanager
async def opened(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A visitor's browser."""
    context = await browser.new_context(locale="it-IT", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    await context.add_init_script(NOTES)
    yield context
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def profile(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One for all tests: to make another takes longer than most of them."""
    async with opened(browser) as shared:
        yield shared


@pytest_asyncio.fixture(loop_scope="session")
async def context(
    request: pytest.FixtureRequest, browser: Browser, profile: BrowserContext
) -> AsyncIterator[BrowserContext]:
    """The same with no page open; no origin of a test is another's, so nothing is kept of any.

    A clock cannot be taken out of a browser again: who puts one in wants a browser `of_its_own`.
    """
    if request.node.get_closest_marker("of_its_own"):
        async with opened(browser) as own:
            yield own
        return
    yield profile
    for page in profile.pages:
        await page.close()
    await profile.unroute_all()
    await profile.set_offline(False)


@pytest_asyncio.fixture(loop_scope="session")
async def visit(context: BrowserContext) -> AsyncIterator[Visit]:
    """A bakery's page, and whoever looks at it."""
    desk, site = Desk(), WebSite()
    async with open_doors(desk, site) as home:
        visit = Visit(desk, site, context, home)
        yield visit
        await visit.leave()
