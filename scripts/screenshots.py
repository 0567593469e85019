"""Write the pictures of the admins' quickstart: the walk of the browser test, with a camera.

It needs Chromium, and a font that has emoji: without one they are empty frames.
"""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Page, ViewportSize, async_playwright

from tests.playground.page.conftest import ARGUMENTS, NAMES
from tests.playground.page.walk import BAKERY, on_the_way

FOLDER: Final = Path(__file__).parents[1] / "docs" / "quickstart" / "images"
SIZE: Final[ViewportSize] = {"width": 390, "height": 720}
TALL: Final[ViewportSize] = {"width": 390, "height": 1390}  # the card, with all its buttons
WANTED: Final = {
    "card": TALL,
    "knowledge": SIZE,
    "preview": SIZE,
    "publish": SIZE,
    "bot": SIZE,
    "client": SIZE,
}
LARGEST_BYTES: Final = 150_000


async def take_pictures(page: Page, folder: Path) -> None:
    """Walk, and stop where a picture is wanted."""

    async def shoot(name: str) -> None:
        if size := WANTED.get(name):
            await page.set_viewport_size(size)
            await page.mouse.move(0, 0)  # no button shines under it
            await page.screenshot(path=FOLDER / f"{name}.png")
            await page.set_viewport_size(SIZE)

    async with on_the_way(page, folder, language="en", clients=("Emma",), size=SIZE) as walk:
        walk.shoot = shoot
        token = await walk.gets_token("Sportello", "ada_desk_bot")
        async with walk.runs(token) as link:
            await walk.claims(link)
            await walk.sets_up(BAKERY, "When are you open?", answer="from 7:00 to 19:00")
            await walk.asks("Emma", BAKERY, "Hello, how much is a cake?", answer="28 €")


async def main() -> None:
    """Write every picture. Raises SystemExit without a browser, or when one is too large."""
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise SystemExit(f"no browser is installed ({', '.join(NAMES)})")
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = await browser.new_page(locale="en-GB", reduced_motion="reduce")
            await take_pictures(page, Path(folder))
            await browser.close()
    sizes = {name: (FOLDER / f"{name}.png").stat().st_size for name in WANTED}
    if large := [name for name, size in sizes.items() if size > LARGEST_BYTES]:
        raise SystemExit(f"too large: {', '.join(large)}")


if __name__ == "__main__":
    asyncio.run(main())
