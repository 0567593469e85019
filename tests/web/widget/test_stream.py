"""What happens at the desk reaches the page, over whatever lies between."""

import pytest
from playwright.async_api import expect

from tests.web.widget.visitor import Tab, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def talking(visit: Visit) -> Tab:
    """A visitor who has written, and whose page listens."""
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    await visit.desk.is_followed()
    return tab


async def test_a_stream_that_is_cut_goes_on_behind_the_last_number(visit: Visit) -> None:
    tab = await talking(visit)
    visit.desk.says("uno")
    await tab.shows("Ciao", "uno")
    visit.desk.chat.cut()
    await visit.desk.is_followed(0)
    visit.desk.says("due")
    visit.desk.says("tre")

    await tab.shows("Ciao", "uno", "due", "tre")

    followed = [one for one in visit.desk.headers if one["accept"] == "text/event-stream"]
    assert [one["last-event-id"] for one in followed][-1] == "2"
    assert {one["authorization"] for one in followed} == {f"Bearer {visit.desk.chat.token}"}


async def test_many_messages_at_once_are_announced_by_their_number(visit: Visit) -> None:
    tab = await talking(visit)
    await visit.context.set_offline(True)
    visit.desk.chat.cut()
    await visit.desk.is_followed(0)
    for number in range(5):
        visit.desk.says(f"pane {number}")
    await visit.context.set_offline(False)

    await expect(tab.bubbles).to_have_count(6)
    await expect(tab.frame.locator("#news")).to_have_text("5 nuovi messaggi")
    await expect(tab.log).to_have_attribute("aria-live", "polite")  # from now on, each by itself
    assert visit.desk.accepted("events") == ["text/event-stream"] * 2


@pytest.mark.of_its_own
async def test_a_lid_that_is_opened_again_means_one_stream_more(visit: Visit) -> None:
    """The old one may have died in the sleep, and nobody would say so."""
    await visit.context.clock.install()
    tab = await talking(visit)

    await visit.context.clock.fast_forward("08:00:00")
    await tab.log.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")

    await visit.desk.until(lambda: len(visit.desk.accepted("events")) == 2)
    await visit.desk.is_followed()
    visit.desk.says("Buongiorno!")
    await tab.shows("Ciao", "Buongiorno!")
    assert visit.desk.accepted("events") == ["text/event-stream"] * 2


@pytest.mark.of_its_own
async def test_a_stream_that_says_nothing_for_too_long_is_dead(visit: Visit) -> None:
    await visit.context.clock.install()
    tab = await talking(visit)

    await visit.context.clock.fast_forward(30_000)  # the server says something every 15 s
    assert visit.desk.accepted("events") == ["text/event-stream"]
    await visit.context.clock.fast_forward(16_000)

    await visit.desk.until(lambda: len(visit.desk.accepted("events")) == 2)
    visit.desk.says("uno")
    await tab.shows("Ciao", "uno")


SPOKEN = """addEventListener("DOMContentLoaded", () => {
  window.spoken = 0; // rows that a screen reader is told of
  const log = document.getElementById("log");
  if (log) new MutationObserver((changes) => {
    const isLive = log.getAttribute("aria-live") === "polite";
    for (const { addedNodes } of changes) if (isLive) window.spoken += addedNodes.length;
  }).observe(log, { childList: true });
})"""


async def test_a_message_is_announced_once_and_history_never(visit: Visit) -> None:
    visit.scripts.append(SPOKEN)
    tab = await talking(visit)
    await expect(tab.log).to_have_attribute("aria-live", "polite")
    before = await tab.log.evaluate("() => window.spoken")
    visit.desk.says("Buongiorno!")
    await tab.shows("Ciao", "Buongiorno!")
    assert await tab.log.evaluate("() => window.spoken") == before + 1
    await expect(tab.frame.locator("#news")).to_be_empty()

    await tab.page.reload()
    await tab.open()
    await tab.shows("Ciao", "Buongiorno!")
    await expect(tab.log).to_have_attribute("aria-live", "polite")
    assert await tab.log.evaluate("() => window.spoken") == 0
    await expect(tab.frame.locator("#news")).to_be_empty()


async def test_where_streams_are_held_back_the_page_asks_again_and_again(visit: Visit) -> None:
    visit.desk.holds_back = True
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    await visit.desk.until(lambda: "application/json" in visit.desk.accepted("events"))
    visit.desk.says("uno")
    await tab.shows("Ciao", "uno")
    visit.desk.says("due")

    await tab.shows("Ciao", "uno", "due")
    await expect(tab.frame.locator("#state")).to_be_empty()  # and nobody notices


@pytest.mark.parametrize("status", [503, 404])  # a proxy may say either
async def test_a_server_that_is_away_is_found_again(visit: Visit, status: int) -> None:
    tab = await talking(visit)
    visit.desk.away = status
    visit.desk.chat.cut()
    await expect(tab.frame.locator("#state")).to_contain_text("Nessuna connessione")
    visit.desk.says("Eccomi")

    visit.desk.away = 0

    await tab.shows("Ciao", "Eccomi")
    await expect(tab.frame.locator("#state")).to_be_empty()


async def test_what_came_while_the_chat_was_closed_is_counted_on_the_button(visit: Visit) -> None:
    tab = await talking(visit)
    await tab.close()
    visit.desk.says("uno")
    visit.desk.says("due")
    await expect(tab.launcher).to_have_accessible_name("Chat con Forno Aurora. Messaggi nuovi: 2")
    await tab.page.reload()
    await expect(tab.launcher).to_have_text("2")

    await tab.open()

    await expect(tab.launcher).to_have_accessible_name("Chat con Forno Aurora")
    await visit.desk.until(lambda: visit.desk.chat.read == visit.desk.chat.seq)


async def test_what_was_read_elsewhere_counts_no_more(visit: Visit) -> None:
    tab = await talking(visit)
    await tab.close()
    visit.desk.says("uno")
    await expect(tab.launcher).to_have_text("1")

    visit.desk.chat.log("read", {"seq": visit.desk.chat.seq})

    await expect(tab.launcher).to_have_text("")
