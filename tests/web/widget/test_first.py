"""What a page does before somebody writes, and for whom it does nothing."""

import pytest
from playwright.async_api import expect

from tests.web.widget.company import KEY
from tests.web.widget.visitor import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_before_the_first_message_nothing_is_kept_and_nobody_is_known(visit: Visit) -> None:
    tab = await visit.tab()
    assert await tab.page.locator("iframe").count() == 0

    await tab.open()
    await tab.field.fill("Forse")
    await tab.frame.get_by_role("button", name="Chiudi la chat").click()
    await expect(tab.launcher).to_be_focused()

    assert await tab.kept() == {}
    assert await tab.page.frames[1].evaluate("() => localStorage.length") == 0
    assert visit.desk.asked == []


async def test_the_session_is_kept_with_the_first_message_and_stands_in_no_address(
    visit: Visit,
) -> None:
    tab = await visit.tab()
    addresses: list[str] = []
    tab.page.on("request", lambda request: addresses.append(request.url))
    await tab.open()
    await tab.write("Ciao")
    await visit.desk.is_followed()
    await tab.arrived(1)

    kept = await tab.kept()
    assert list(kept) == [f"sportello:{KEY}:session"]
    assert visit.desk.chat.token in kept[f"sportello:{KEY}:session"]
    assert [one for one in addresses if visit.desk.chat.token in one] == []
    assert [one.get("cookie") for one in visit.desk.headers if one.get("cookie")] == []


@pytest.mark.parametrize("mended", ["origin", "key"])
async def test_a_page_that_is_not_listed_shows_no_chat(visit: Visit, mended: str) -> None:
    if mended == "origin":
        visit.desk.origins = ("https://www.example.it",)
    else:
        visit.site.key = "pk_unknown"
    page = await visit.context.new_page()

    async with page.expect_event("requestfailed", lambda one: "look.js" in one.url):
        await page.goto(visit.home)

    assert await page.locator("button").count() == 0


async def test_a_frame_is_shown_by_no_page_that_is_not_listed(visit: Visit) -> None:
    visit.site.html = f'<iframe src="{{desk}}/v1/sites/{KEY}/frame"></iframe>'
    visit.desk.origins = ("https://*.example.it",)
    page = await visit.context.new_page()

    async with page.expect_event("framenavigated", lambda one: one.url.startswith("chrome-error:")):
        await page.goto(visit.home)


async def test_a_window_that_is_not_the_page_around_is_not_heard(visit: Visit) -> None:
    visit.site.html = f'<iframe src="{{desk}}/v1/sites/{KEY}/frame"></iframe>'
    page = await visit.context.new_page()
    await page.goto(visit.home)
    frame = page.frames[1]
    said = {"site": KEY, "kept": {}, "page": visit.home, "theme": "light", "draft": ""}
    hello = "(said) => window.postMessage(said, '*', [new MessageChannel().port2])"
    await frame.evaluate(hello, said | {"dir": "rtl"})
    await expect(page.frame_locator("iframe").locator("#role")).to_be_empty()

    await page.evaluate(
        hello.replace("window.", "document.querySelector('iframe').contentWindow."),
        said | {"dir": "ltr"},
    )

    await expect(page.frame_locator("iframe").locator("#role")).to_have_text("AI assistant")
    await expect(page.frame_locator("iframe").locator("html")).to_have_attribute("dir", "ltr")
