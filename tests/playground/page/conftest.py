import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright

from tests.playground.page.desk import Desk

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, which no page has to ask for.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)

TIMEOUT_MS = 5_000


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser. Without one the rest can still be tested, and .ci/run installs one."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser is installed ({', '.join(NAMES)})")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page(chromium: str) -> AsyncIterator[Page]:
    """One window for all tests: opening another costs as much as a test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(locale="en-GB", reduced_motion="reduce")
        page.set_default_timeout(TIMEOUT_MS)
        yield page
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(page: Page) -> AsyncIterator[Desk]:
    """A served page of a hotel whose bot the test plays; nobody has written yet."""
    desk = Desk(page)
    async with desk.serving():
        yield desk
