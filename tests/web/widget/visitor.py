"""Who looks at a company's page, and writes there."""

from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import BrowserContext, FrameLocator, Locator, Page, expect

from tests.patience import PATIENCE_SECONDS
from tests.web.widget.company import Desk, WebSite

expect.set_options(timeout=PATIENCE_SECONDS * 1000)

NOTES: Final = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Tab:
    """A page of the company's in a tab."""

    page: Page

    @property
    def launcher(self) -> Locator:
        return self.page.locator("button[aria-haspopup=dialog]")

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def field(self) -> Locator:
        return self.frame.locator("#text")

    @property
    def log(self) -> Locator:
        return self.frame.locator("#log")

    @property
    def bubbles(self) -> Locator:
        return self.frame.locator(".bubble .text")

    async def open(self) -> None:
        await self.launcher.click()
        await expect(self.field).to_be_visible()

    async def close(self) -> None:
        """The page has told the frame, which counts from then on what nobody sees."""
        await self.page.keyboard.press("Escape")
        await expect(self.launcher).to_have_attribute("aria-expanded", "false")

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def shows(self, *texts: str) -> None:
        """Wait until these bubbles are there, and no others."""
        await expect(self.bubbles).to_have_text(list(texts))

    async def arrived(self, messages: int) -> None:
        """Wait until so many of the visitor's own are known to have."""
        await expect(self.frame.locator(".is-client:not(.is-queued)")).to_have_count(messages)
        await expect(self.frame.locator(".is-queued")).to_have_count(0)

    async def keeps(self, messages: int) -> None:
        """Wait until the page keeps so many that are not sent."""
        kept = (
            "(n) => Object.keys(localStorage).filter((one) => one.includes(':out:')).length === n"
        )
        await self.page.wait_for_function(kept, arg=messages)

    async def overflow(self) -> list[int]:
        """By how much the frame and the conversation in it are wider than what is seen."""
        both = "[document.documentElement, document.getElementById('scroller')]"
        found: list[int] = await self.log.evaluate(
            f"() => {both}.map((one) => one.scrollWidth - one.clientWidth)"
        )
        return found

    async def kept(self) -> dict[str, str]:
        """What the page's storage holds."""
        found: dict[str, str] = await self.page.evaluate("() => ({...localStorage})")
        return found


@dataclass
class Visit:
    """A visitor's browser, the company's site, and the desk."""

    desk: Desk
    site: WebSite
    context: BrowserContext
    home: str
    errors: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)  # what this browser does before a page's own

    async def tab(self) -> Tab:
        """Open the company's first page in a tab of its own."""
        page = await self.context.new_page()
        for script in self.scripts:
            await page.add_init_script(script)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(self.home)
        return Tab(page)

    async def leave(self) -> None:
        """No script failed, and no policy was violated."""
        for page in self.context.pages:
            for frame in page.frames:
                self.errors += await frame.evaluate("() => window.violations ?? []")
        assert not self.errors, self.errors  # no test module: pytest would not show them
