from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser import browser, chromium
from tests.patience import PATIENCE_SECONDS
from tests.playground.page.desk import Desk

__all__ = ["browser", "chromium"]  # fixtures


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page(browser: Browser) -> Page:
    """One window for all tests: opening another costs as much as a test."""
    page = await browser.new_page(locale="en-GB", reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def desk(page: Page) -> AsyncIterator[Desk]:
    """A served page of a hotel whose bot the test plays; nobody has written yet."""
    desk = Desk(page)
    async with desk.serving():
        yield desk
