"""The chat on pages of others: whatever they do to it, and whatever it must not do to them."""

import re

import pytest
from playwright.async_api import expect

from tests.web.widget.company import KEY, PAGE
from tests.web.widget.visitor import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SWAP = """() => {
  const body = document.createElement("body");
  const script = document.createElement("script");
  script.src = document.querySelector("script").src;
  script.dataset.site = document.querySelector("script").dataset.site;
  body.append(document.createElement("h2"), script);
  document.body.replaceWith(body);
  return new Promise((done) => (script.onload = done));
}"""


async def test_a_page_that_swaps_its_body_keeps_the_chat_as_it_is(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    await visit.desk.is_followed()
    await tab.field.fill("E poi")

    await tab.page.evaluate(SWAP)

    await expect(tab.launcher).to_have_count(1)
    await expect(tab.field).to_have_value("E poi")
    visit.desk.says("Dica")
    await tab.shows("Ciao", "Dica")
    assert visit.desk.accepted("events") == ["text/event-stream"]


async def test_a_chat_that_was_taken_away_comes_back_as_it_was(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    await tab.field.fill("E poi")

    await tab.page.evaluate("() => document.documentElement.lastElementChild.remove()")

    await tab.shows("Ciao")
    await expect(tab.field).to_have_value("E poi")
    await expect(tab.launcher).to_have_attribute("aria-expanded", "true")


TOP = "(node) => node.getBoundingClientRect().top"


async def test_two_sites_on_a_page_have_a_chat_each(visit: Visit) -> None:
    visit.desk.keys = (KEY, "pk_cafe")
    again = '<script src="{desk}/widget.js" data-site="pk_cafe" async></script>'
    visit.site.html = PAGE.replace("</body>", again + again + "</body>")
    tab = await visit.tab()

    await expect(tab.launcher).to_have_count(2)
    tops = [await one.evaluate(TOP) for one in await tab.launcher.all()]
    assert abs(tops[0] - tops[1]) >= 58  # none lies on the other
    await tab.launcher.first.click()
    await tab.frame.get_by_role("button", name="Registra un messaggio vocale").click(trial=True)


async def test_the_pages_styles_reach_neither_button_nor_chat(visit: Visit) -> None:
    visit.site.css = """
      * { all: unset !important; font-size: 40px !important; visibility: hidden !important; }
      div, iframe, dialog { display: none !important; }
      main { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; }
    """
    tab = await visit.tab()
    shape = "(node) => [node.offsetWidth, node.offsetHeight, getComputedStyle(node).position]"

    assert await tab.launcher.evaluate(shape) == [58, 58, "fixed"]
    await tab.open()

    await expect(tab.field).to_have_css("font-size", "16px")
    box = await tab.page.locator("dialog").bounding_box()
    assert box
    assert box["width"] == 400


@pytest.mark.parametrize(
    ("page", "prefers", "shown"),
    [
        ("", "dark", "light"),  # a page that says nothing is light, whatever the browser likes
        ('style="color-scheme: light dark"', "dark", "dark"),
        ('style="color-scheme: light dark"', "light", "light"),
        ('style="color-scheme: dark"', "light", "dark"),
    ],
)
async def test_the_chat_is_dark_where_the_page_is(
    visit: Visit, page: str, prefers: str, shown: str
) -> None:
    visit.site.scheme, visit.site.policy = page, "; style-src 'self' 'unsafe-inline'"
    tab = await visit.tab()
    await tab.page.emulate_media(color_scheme="dark" if prefers == "dark" else "light")
    await tab.open()

    await expect(tab.frame.locator("html")).to_have_css("color-scheme", shown)
    await expect(tab.page.locator("iframe")).to_have_css("color-scheme", shown)


async def test_the_chat_turns_dark_with_the_page(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await expect(tab.frame.locator("html")).to_have_css("color-scheme", "light")

    await tab.page.evaluate("() => { document.documentElement.style.colorScheme = 'dark' }")

    await expect(tab.frame.locator("html")).to_have_css("color-scheme", "dark")
    await expect(tab.page.locator("iframe")).to_have_css("color-scheme", "dark")


@pytest.mark.parametrize(
    ("language", "spoken"), [("it", "it"), ("ru-RU", "ru"), ("en", "en"), ("ar", "en")]
)
async def test_the_chat_speaks_as_the_page_does(visit: Visit, language: str, spoken: str) -> None:
    visit.site.language = language
    tab = await visit.tab()
    labels = {"it": "Chat con", "ru": "Чат:", "en": "Chat with"}

    await expect(tab.launcher).to_have_accessible_name(f"{labels[spoken]} Forno Aurora")
    await tab.open()
    await expect(tab.frame.locator("html")).to_have_attribute("lang", spoken)


@pytest.mark.parametrize(
    ("language", "prefers", "written"),
    [
        ("en", "it-IT", r"^\d?\d:\d\d\s[AP]M$"),
        ("en", "en-GB", r"^\d\d:\d\d$"),  # which English is the browser's to say
        ("en-US", "en-GB", r"^\d?\d:\d\d\s[AP]M$"),
        ("de", "en-US", r"^\d\d:\d\d$"),  # whose words here are English
        ("ru", "en-US", r"^\d\d:\d\d$"),
    ],
)
async def test_times_are_written_as_the_page_writes_them(
    visit: Visit, language: str, prefers: str, written: str
) -> None:
    visit.site.language = language
    visit.scripts.append(
        f"Object.defineProperty(Navigator.prototype, 'languages', {{ value: ['{prefers}'] }})"
    )
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)

    await expect(tab.log.locator("time")).to_have_text(re.compile(written))


async def test_a_page_from_right_to_left_has_its_chat_so(visit: Visit) -> None:
    visit.site.language, visit.site.direction = "ar", "rtl"
    tab = await visit.tab()
    await tab.open()
    await tab.write("مرحبا")
    await tab.arrived(1)
    await visit.desk.is_followed()
    visit.desk.says("Buongiorno!")
    await tab.shows("مرحبا", "Buongiorno!")

    await expect(tab.frame.locator("html")).to_have_attribute("dir", "rtl")
    own, theirs = [await one.bounding_box() for one in await tab.frame.locator(".bubble").all()]
    assert own
    assert theirs
    assert own["x"] < theirs["x"]  # mine on the left
    await expect(tab.bubbles.last).to_have_css("direction", "ltr")  # as it is Italian


BEHIND = """() => {
  const link = Object.assign(document.createElement("a"), {href: "/", textContent: "Contatti"});
  document.documentElement.append(link);
}"""


async def test_keys_reach_everything_and_escape_leads_back(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.launcher.focus()
    await tab.page.keyboard.press("Enter")
    await expect(tab.field).to_be_focused()

    await tab.page.keyboard.press("Escape")
    await expect(tab.field).to_be_hidden()
    await expect(tab.launcher).to_be_focused()
    await expect(tab.launcher).to_have_attribute("aria-expanded", "false")

    await tab.page.keyboard.press("Enter")
    await expect(tab.field).to_be_focused()
    await tab.page.keyboard.press("Tab")
    record = tab.frame.get_by_role("button", name="Registra un messaggio vocale")
    await expect(record).to_be_focused()
    await tab.field.fill("Ciao")
    await tab.field.focus()
    await tab.page.keyboard.press("Tab")
    await expect(tab.frame.get_by_role("button", name="Invia")).to_be_focused()
    await tab.page.evaluate(BEHIND)
    await tab.page.keyboard.press("Tab")  # and out of the chat again: nobody is held in it
    await expect(tab.page.get_by_role("link", name="Contatti")).to_be_focused()
