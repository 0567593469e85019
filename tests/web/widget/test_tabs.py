"""Several tabs of one browser: one session and one stream, and each shows all of it."""

import asyncio
import json
from typing import Final

import pytest
from playwright.async_api import Route, expect

from tests.web.widget.company import KEY, Chat
from tests.web.widget.visitor import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SESSION: Final = f"sportello:{KEY}:session"  # where a page keeps it


async def test_seven_tabs_share_one_stream_and_the_next_one_takes_it_over(visit: Visit) -> None:
    first = await visit.tab()
    await first.open()
    await first.write("Ciao")
    await first.arrived(1)
    await visit.desk.is_followed()
    others = [await visit.tab() for _ in range(6)]
    for tab in others:
        await expect(tab.bubbles).to_have_text(["Ciao"])

    visit.desk.says("uno")
    for tab in (first, *others):
        await expect(tab.bubbles).to_have_text(["Ciao", "uno"])
    assert visit.desk.streams == 1

    await first.page.close()
    await visit.desk.until(lambda: visit.desk.accepted("events").count("text/event-stream") == 2)
    visit.desk.says("due")
    for tab in others:
        await expect(tab.bubbles).to_have_text(["Ciao", "uno", "due"])
    assert visit.desk.streams == 1


async def test_tabs_that_were_offline_have_everything_once(visit: Visit) -> None:
    tabs = [await visit.tab() for _ in range(3)]
    await tabs[0].open()
    await tabs[0].write("Ciao")
    await tabs[0].arrived(1)
    await visit.desk.is_followed()
    await tabs[1].open()

    await visit.context.set_offline(True)
    visit.desk.chat.cut()
    await visit.desk.is_followed(0)
    visit.desk.says("uno")
    await tabs[1].write("Sono qui")
    visit.desk.says("due")
    await visit.context.set_offline(False)

    for tab in tabs:
        await expect(tab.bubbles).to_have_text(["Ciao", "uno", "due", "Sono qui"])
    assert visit.desk.streams == 1
    said = {one["id"]: one["text"] for one in visit.desk.bodies}  # each tab may try, by one id
    assert [*said.values()] == ["Ciao", "Sono qui"]


async def test_what_is_written_in_one_tab_stands_in_all(visit: Visit) -> None:
    first, second = await visit.tab(), await visit.tab()
    await first.open()
    await first.write("Ciao")
    await first.arrived(1)
    await second.open()
    await second.shows("Ciao")

    await second.write("Sono qui")

    await second.arrived(2)
    await first.shows("Ciao", "Sono qui")
    assert len(visit.desk.chats) == 1


async def test_two_tabs_that_begin_at_once_have_one_session(visit: Visit) -> None:
    first, second = await visit.tab(), await visit.tab()
    await first.open()
    await second.open()
    visit.desk.opening.clear()
    await first.write("Da qui")
    await second.write("E da qui")
    visit.desk.opening.set()

    await first.arrived(2)
    await second.arrived(2)
    assert len(visit.desk.chats) == 1


async def test_what_is_refused_of_an_old_session_ends_no_new_one(visit: Visit) -> None:
    """A message was on its way when another tab changed it."""
    first, second = await visit.tab(), await visit.tab()
    await first.open()
    await first.write("Ciao")
    await first.arrived(1)
    is_asked, is_over = asyncio.Event(), asyncio.Event()

    async def refuse_late(route: Route) -> None:
        is_asked.set()
        await is_over.wait()
        await route.fulfill(status=401)

    await visit.context.route("**/chats/c_1/messages", refuse_late)
    await first.write("Ultima")
    await is_asked.wait()
    visit.desk.chats.append(Chat("token-new"))
    session = json.dumps({"chat": "c_2", "token": "token-new"})
    await second.page.evaluate(f"(session) => localStorage.setItem('{SESSION}', session)", session)
    await first.shows("Ultima")
    is_over.set()

    await first.arrived(1)
    assert (await first.kept())[SESSION] == session
    assert len(visit.desk.chats) == 2
    assert [one["text"] for one in visit.desk.chat.messages.values()] == ["Ultima"]


async def test_without_locks_each_tab_that_is_seen_listens_for_itself(visit: Visit) -> None:
    visit.scripts.append(
        """Object.defineProperty(navigator, "locks", { value: undefined });
        Object.defineProperty(document, "hidden", { get: () => window.isHidden === true });"""
    )
    first = await visit.tab()
    await first.open()
    await first.write("Ciao")
    await first.arrived(1)
    second = await visit.tab()
    await second.open()
    await visit.desk.is_followed(2)
    visit.desk.says("uno")
    for tab in (first, second):
        await tab.shows("Ciao", "uno")

    await first.frame.locator("body").evaluate(
        "() => { window.isHidden = true; document.dispatchEvent(new Event('visibilitychange')); }"
    )

    await visit.desk.is_followed(1)


async def test_a_session_that_ends_in_one_tab_ends_in_all(visit: Visit) -> None:
    first, second = await visit.tab(), await visit.tab()
    await first.open()
    await first.write("Ciao")
    await first.arrived(1)
    await second.open()
    await second.shows("Ciao")
    await visit.desk.is_followed()

    visit.desk.expire()

    await first.shows()
    await second.shows()
