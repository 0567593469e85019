"""What was written is sent once, whatever becomes of the connection and of the session."""

import pytest
from playwright.async_api import expect

from tests.web.widget.company import KEY
from tests.web.widget.visitor import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_was_written_without_a_connection_is_sent_with_it(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Prima")
    await tab.arrived(1)

    await visit.context.set_offline(True)
    await tab.write("Seconda")
    await tab.write("Terza")
    await expect(tab.frame.locator(".is-queued")).to_have_count(2)
    await expect(tab.frame.locator("#state")).to_contain_text("Nessuna connessione")
    await tab.keeps(2)
    kept = [name for name in await tab.kept() if ":out:" in name]
    await visit.context.set_offline(False)

    await tab.arrived(3)
    await tab.shows("Prima", "Seconda", "Terza")
    said = [(one["text"], one["id"]) for one in visit.desk.bodies]
    assert [text for text, _ in said] == ["Prima", "Seconda", "Terza"]
    assert {one.rpartition(":")[2] for one in kept} == {id for _, id in said[1:]}
    await expect(tab.frame.locator("#state")).to_be_empty()


async def test_what_was_not_sent_goes_on_after_a_reload_under_the_same_id(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Prima")
    await tab.arrived(1)
    visit.desk.refuses = lambda message: 503
    await tab.write("Seconda")
    await visit.desk.until(lambda: len(visit.desk.refused) == 1)
    await tab.keeps(1)

    await tab.page.reload()
    await tab.open()
    await tab.shows("Prima", "Seconda")
    visit.desk.refuses = lambda message: None
    await tab.page.reload()
    await tab.open()

    await tab.arrived(2)
    assert {one["id"] for one in visit.desk.refused} == {visit.desk.bodies[-1]["id"]}


async def test_an_answer_that_was_lost_makes_no_second_message(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    visit.desk.loses_answers, visit.desk.holds_back = 1, True  # the stream does not tell either
    await tab.write("Una volta")

    await tab.arrived(1)
    await tab.shows("Una volta")
    first, second = visit.desk.bodies
    assert first["id"] == second["id"]
    assert len(visit.desk.chat.messages) == 1


async def test_what_is_refused_says_so_and_can_be_tried_again(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    visit.desk.refuses = lambda message: 400
    await tab.write("Troppo")
    failure = tab.frame.locator(".failure")
    await expect(failure).to_contain_text("Non inviato")
    await expect(tab.frame.get_by_role("alert")).to_have_text("Un messaggio non è stato inviato.")

    visit.desk.refuses = lambda message: None
    await failure.get_by_role("button", name="Invia di nuovo").click()

    await tab.arrived(1)
    await expect(failure).to_have_count(0)


async def test_what_is_refused_can_be_given_up(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    visit.desk.refuses = lambda message: 400
    await tab.write("Troppo")

    await tab.frame.get_by_role("button", name="Elimina").click()

    await tab.shows()
    await tab.keeps(0)


async def test_a_session_that_is_over_makes_room_for_another(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Vecchia")
    await tab.arrived(1)
    await visit.desk.is_followed()

    visit.desk.expire()
    await tab.shows()  # nothing of it is seen any more
    await expect(tab.frame.locator("#intro")).to_be_visible()
    await tab.write("Nuova")

    await tab.arrived(1)
    await tab.shows("Nuova")
    assert len(visit.desk.chats) == 2


async def test_a_message_that_finds_the_session_over_goes_into_the_next_one(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.write("Vecchia")
    await tab.arrived(1)
    visit.desk.chat.token = ""
    await tab.write("Non persa")

    await tab.shows("Non persa")
    await tab.arrived(1)
    assert [one["text"] for one in visit.desk.chat.messages.values()] == ["Non persa"]


async def test_where_storage_is_blocked_all_is_well_until_a_reload(visit: Visit) -> None:
    visit.scripts.append(
        """Object.defineProperty(window, "localStorage", {
          get() { throw new DOMException("denied", "SecurityError") } })"""
    )
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    await visit.desk.is_followed()
    visit.desk.says("Buongiorno!")
    await tab.shows("Ciao", "Buongiorno!")
    await tab.write("Grazie")
    await tab.arrived(2)

    assert len(visit.desk.chats) == 1


async def test_a_draft_outlives_the_closed_chat(visit: Visit) -> None:
    tab = await visit.tab()
    await tab.open()
    await tab.field.fill("Volevo chiedere")
    await tab.close()

    await tab.open()

    await expect(tab.field).to_have_value("Volevo chiedere")
    assert f"sportello:{KEY}:session" not in await tab.kept()
