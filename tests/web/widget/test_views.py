"""How the chat stands in a window, and what axe has to say of it."""

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser import findings
from tests.web.widget.visitor import Tab, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 568}
ZOOMED: ViewportSize = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %
LANDSCAPE: ViewportSize = {"width": 844, "height": 390}
LONG = "In questa chat Le risponde un assistente di intelligenza artificiale. " * 40
OFFSET = """(log) => {  // by how much the notice begins elsewhere than what is seen
  const [notice, seen] = [log.querySelector(".is-notice"), document.getElementById("scroller")];
  return Math.round(notice.getBoundingClientRect().top - seen.getBoundingClientRect().top);
}"""


async def talk(visit: Visit, size: ViewportSize, *, scheme: str = "light") -> Tab:
    """A chat with everything in it."""
    visit.site.css = f":root {{ color-scheme: {scheme}; }} a {{ color: inherit; }}"
    tab = await visit.tab()
    await tab.page.set_viewport_size(size)
    await tab.open()
    await tab.write("Vorrei una torta per sabato, per dieci persone")
    await visit.desk.is_followed()
    visit.desk.says("In questa chat risponde un assistente.", speaker="notice")
    link = {"type": "text_link", "offset": 9, "length": 5, "url": "https://example.it/torte"}
    keys = [[{"text": "Mele", "data": "1"}, {"text": "Noci", "data": "2"}]]
    visit.desk.says("Abbiamo torte di mele e di noci.", entities=[link], buttons=keys)
    await expect(tab.bubbles).to_have_count(3)
    await tab.arrived(1)
    visit.desk.refuses = lambda message: 400
    await tab.write("Di mele")
    await expect(tab.frame.locator(".failure")).to_be_visible()
    return tab


@pytest.mark.parametrize(
    ("size", "scheme", "accent"),
    [
        pytest.param(DESKTOP, "light", "#1b6553", marks=pytest.mark.long),
        (DESKTOP, "dark", "#767676"),
        (PHONE, "light", "#ffd34d"),
        pytest.param(PHONE, "dark", "#1f6feb", marks=pytest.mark.long),
    ],
    ids=["desktop, light", "desktop, dark", "phone, light", "phone, dark"],
)
async def test_axe_finds_nothing(
    visit: Visit, size: ViewportSize, scheme: str, accent: str
) -> None:
    visit.desk.accent = accent
    tab = await visit.tab()
    await tab.page.set_viewport_size(size)
    await tab.open()
    assert await both(tab.page) == []
    await tab.page.close()
    tab = await talk(visit, size, scheme=scheme)

    assert await both(tab.page) == []


async def both(page: Page) -> list[str]:
    """Of the page with its button, and of the frame."""
    return [*await findings(page), *await findings(page.frames[1])]


@pytest.mark.parametrize("size", [NARROW, ZOOMED, LANDSCAPE], ids=["narrow", "zoomed", "landscape"])
async def test_in_a_small_window_the_chat_is_all_there_is(visit: Visit, size: ViewportSize) -> None:
    tab = await talk(visit, size)

    box = await tab.page.locator("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, **size}
    await expect(tab.field).to_be_in_viewport(ratio=1)
    await expect(tab.frame.get_by_role("button", name="Chiudi la chat")).to_be_in_viewport(ratio=1)
    wide = (
        "() => [document.documentElement, scroller].map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert await tab.log.evaluate(wide) == [0, 0]
    await expect(tab.field).to_have_css("font-size", "16px")  # or iOS zooms in
    assert await tab.page.locator("dialog").evaluate("(one) => one.matches(':modal')")


async def test_above_a_keyboard_that_hides_half_of_the_page_the_field_is_seen(
    visit: Visit,
) -> None:
    visit.scripts.append(
        """const seen = new EventTarget();
        Object.assign(seen, { height: 400, offsetTop: 30, scale: 1 });
        Object.defineProperty(window, "visualViewport", { value: seen });"""
    )
    tab = await visit.tab()
    await tab.page.set_viewport_size(PHONE)
    await tab.open()

    await tab.page.evaluate("() => visualViewport.onresize()")

    box = await tab.page.locator("dialog").bounding_box()
    assert box == {"x": 0, "y": 30, "width": 390, "height": 400}


async def test_what_can_be_pressed_is_large_enough(visit: Visit) -> None:
    tab = await talk(visit, NARROW)
    sizes = await tab.frame.locator("button:visible").evaluate_all(
        "all => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight))"
    )

    assert len(sizes) >= 6
    assert min(sizes) >= 24  # WCAG 2.2, 2.5.8


async def test_on_a_touch_screen_a_ring_is_for_keys_alone(visit: Visit, browser: Browser) -> None:
    visit.context = await browser.new_context(has_touch=True, is_mobile=True, viewport=PHONE)
    async with visit.context:
        tab = await visit.tab()
        await tab.open()
        await tab.write("Ciao")
        await tab.arrived(1)
        await tab.page.reload()
        await tab.launcher.tap()
        await expect(tab.bubbles).to_have_count(1)
        await expect(tab.log).to_be_focused()
        await expect(tab.log).to_have_css("outline-style", "none")

        await tab.page.keyboard.press("Tab")
        await tab.page.keyboard.press("Shift+Tab")

        await expect(tab.log).to_be_focused()
        await expect(tab.log).to_have_css("outline-style", "solid")


async def test_nothing_moves_for_whoever_asked_for_that(visit: Visit) -> None:
    tab = await talk(visit, DESKTOP)
    visit.desk.types()
    await expect(tab.frame.locator("#typing")).to_be_visible()

    moving = "() => document.getAnimations().length"
    assert await tab.log.evaluate(moving) == 0


async def test_a_new_message_is_shown_unless_one_reads_above(visit: Visit) -> None:
    tab = await talk(visit, PHONE)
    for number in range(20):
        visit.desk.says(f"pane {number}")
    await expect(tab.bubbles.filter(has_text="pane 19")).to_be_in_viewport(ratio=1)
    await tab.frame.locator("#scroller").evaluate("(one) => { one.scrollTop = 0 }")
    down = tab.frame.get_by_role("button", name="Agli ultimi messaggi")
    await expect(down).to_be_visible()

    visit.desk.says("pane 20")
    await expect(tab.bubbles.filter(has_text="pane 20")).to_have_count(1)
    await expect(tab.bubbles.first).to_be_in_viewport()
    await down.click()

    await expect(tab.bubbles.filter(has_text="pane 20")).to_be_in_viewport(ratio=1)


async def test_what_is_longer_than_the_chat_is_read_from_its_beginning(visit: Visit) -> None:
    visit.desk.notice = LONG
    tab = await visit.tab()
    await tab.page.set_viewport_size(PHONE)
    await tab.open()
    begins = tab.frame.locator("#greeting")
    await expect(begins).to_be_in_viewport(ratio=1)

    await tab.write("Ciao")
    await tab.arrived(1)
    await expect(tab.bubbles.first).to_be_in_viewport(ratio=1)
    await visit.desk.is_followed()
    visit.desk.says(LONG, speaker="notice")
    visit.desk.says("Buongiorno!")
    visit.desk.types()

    await expect(tab.frame.locator("#typing")).not_to_be_hidden()
    await expect(tab.bubbles).to_have_count(3)
    assert await tab.log.evaluate(OFFSET) == 0
    visit.desk.says("Dica")
    await expect(tab.bubbles).to_have_count(4)
    assert await tab.log.evaluate(OFFSET) == 0
    await tab.frame.get_by_role("button", name="Agli ultimi messaggi").click()
    await expect(tab.bubbles.last).to_be_in_viewport(ratio=1)
    visit.desk.says("Mi dica pure")
    await expect(tab.bubbles.last).to_have_text("Mi dica pure")
    await expect(tab.bubbles.last).to_be_in_viewport(ratio=1)
