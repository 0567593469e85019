"""Write the pictures of the README and of the admins' quickstart: a walk on the page with a camera.

It needs Chromium, and a font that has emoji: without one they are empty frames.
"""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Page, ViewportSize, async_playwright, expect

from bot.core.texts.profile import CompanyCard, Versions
from bot.core.texts.setup import Setup
from tests.browser import ARGUMENTS, NAMES
from tests.playground.page.guide import Guided, asks_by_link, is_guided
from tests.playground.page.walk import PATIENCE_MS, Walk, on_the_way

DOCS: Final = Path(__file__).parents[1] / "docs"
SIZE: Final[ViewportSize] = {"width": 390, "height": 844}
PICTURES: Final = {  # where each goes, by what the walk calls it
    "guest": "images/guest.png",
    "card-aurora": "images/card.png",
    "guide-03": "quickstart/images/setup.png",
    "card": "quickstart/images/card.png",
    "publish": "quickstart/images/publish.png",
    "client": "quickstart/images/client.png",
}
LARGEST_BYTES: Final = 150_000
BELLAVISTA: Final = Guided(
    name="Hotel Bellavista",
    knowledge="""\
Check-in is from 14:00, check-out by 11:00.
A double room costs 96 € a night, breakfast included.
Parking in the courtyard is free.
Small dogs are welcome, for 10 € a night.""",
    hours="every day 7-22",
    contact="+39 045 000 0177",
    questions=("What time is check-in?", "Do you have parking?", "Can I bring my dog?"),
    link="hotel-bellavista",
    asks=("Lucy", "How much is a double room?"),
    trade=Setup.TRADE_HOTEL,
)


async def take_pictures(page: Page, folder: Path) -> None:
    """Walk, and stop where a picture is wanted."""

    async def shoot(name: str) -> None:
        if path := PICTURES.get(name):
            await page.mouse.move(0, 0)  # no button shines under it
            await page.screenshot(path=DOCS / path)

    async with on_the_way(page, folder, language="en", clients=("Emma", "Lucy"), size=SIZE) as walk:
        token = await walk.gets_token("Hotel Aurora", "aurora_desk_bot")
        async with walk.runs(token) as link:
            walk.shoot = shoot
            await _asks_aurora(walk)
            await walk.claims(link)
            await walk.writes("/configure", then=walk.say(CompanyCard.KNOWS, what="").strip())
            await walk.shoot("card-aurora")
            await walk.writes("/start", then="Hotel Aurora")
            await is_guided(walk, BELLAVISTA)
            await walk.writes("/configure", then=BELLAVISTA.name)
            await walk.shoot("card")
            await walk.writes("/knowledge There is a lift to all floors.", then="")
            await walk.writes("/publish", then=walk.say(Versions.ASK_PUBLISH))
            await walk.shoot("publish")
            walk.shoot = lambda _: shoot("client")
            await asks_by_link(walk, BELLAVISTA, "aurora_desk_bot", answer="96")


async def _asks_aurora(walk: Walk) -> None:
    """A guest of the example that a new database holds."""
    await walk.opens_link("https://t.me/aurora_desk_bot", walk.clients["Emma"])
    for question, answer in (
        ("Hello! What time can we check in?", "14:00"),
        ("Is there parking?", "car park"),
    ):
        await walk.window.write(question)
        answered = walk.window.bubbles.filter(has_text=answer)
        await expect(answered.last).to_be_visible(timeout=PATIENCE_MS)
    await walk.shoot("guest")


async def main() -> None:
    """Write every picture. Raises SystemExit without a browser, or when one is too large."""
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise SystemExit(f"no browser is installed ({', '.join(NAMES)})")
    with TemporaryDirectory() as folder:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = await browser.new_page(locale="en-GB", reduced_motion="reduce")
            await take_pictures(page, Path(folder))
            await browser.close()
    sizes = {path: (DOCS / path).stat().st_size for path in PICTURES.values()}
    if large := [name for name, size in sizes.items() if size > LARGEST_BYTES]:
        raise SystemExit(f"too large: {', '.join(large)}")


if __name__ == "__main__":
    asyncio.run(main())
