"""A desk that is asked for too much, or lets nobody in for a while: the chat waits and goes on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, expect
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.web.widget.company import Desk, Told, WebSite, open_doors
from tests.web.widget.visitor import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BITS = 8


@dataclass
class BusyDesk(Desk):
    """`wants_work` before a session; `is_full`: there is no room for who stays.

    `has_enough`: for today.
    """

    wants_work: bool = False
    is_full: bool = False
    has_enough: bool = False
    proofs: list[Told] = field(default_factory=list)

    async def _open(self, request: Request) -> Response:
        proof = (await request.json()).get("proof")
        if self.wants_work and not proof:
            self._note(request)
            return JSONResponse({"status": 429, "challenge": "a.challenge", "bits": BITS}, 429)
        self.proofs.append(proof)
        return await super()._open(request)

    async def _say(self, request: Request) -> Response:
        if self.has_enough:
            self._note(request)
            return Response(status_code=429, headers={"Retry-After": "7200"})
        return await super()._say(request)

    async def _events(self, request: Request) -> Response:
        if request.query_params.get("wait") == "0" and (chat := self._chat(request)):
            after = int(request.query_params["after"])
            events = [
                {"seq": seq, "event": kind, "data": data}
                for seq, kind, data in chat.events
                if seq > after
            ]
            return JSONResponse({"events": events, "after": chat.seq})
        if self.is_full:
            self._note(request)
            return Response(status_code=429, headers={"Retry-After": "0.1"})
        return await super()._events(request)


@pytest_asyncio.fixture(loop_scope="session")
async def busy(context: BrowserContext) -> AsyncIterator[tuple[BusyDesk, Visit]]:
    desk, site = BusyDesk(), WebSite()
    async with open_doors(desk, site) as home:
        visit = Visit(desk, site, context, home)
        yield desk, visit
        await visit.leave()


async def test_work_that_is_wanted_is_done_before_the_first_message(
    busy: tuple[BusyDesk, Visit],
) -> None:
    """[63] Nobody sees it; what it takes is loaded then, and not before."""
    desk, visit = busy
    desk.wants_work = True
    tab = await visit.tab()
    loaded: list[str] = []
    tab.page.on("request", lambda request: loaded.append(request.url))
    await tab.open()
    assert [one for one in loaded if one.endswith("/later/work.js")] == []
    await tab.write("Buongiorno")

    await tab.arrived(1)
    (proof,) = desk.proofs
    digest = sha256(f"{proof['challenge']}.{proof['nonce']}".encode()).digest()
    assert (proof["challenge"], digest[0]) == ("a.challenge", 0)
    assert len([one for one in loaded if one.endswith("/later/work.js")]) == 1


async def test_where_there_is_no_room_one_looks_in_again_and_again(
    busy: tuple[BusyDesk, Visit],
) -> None:
    """[61] It is said to nobody, and once there is room a stream is open."""
    desk, visit = busy
    desk.is_full = True
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    desk.says("Buongiorno!")
    await tab.shows("Ciao", "Buongiorno!")
    await expect(tab.frame.locator("#state")).to_be_empty()

    desk.is_full = False
    await desk.is_followed()
    desk.says("Eccoci.")
    await tab.shows("Ciao", "Buongiorno!", "Eccoci.")


async def test_what_is_too_much_for_a_day_says_so(busy: tuple[BusyDesk, Visit]) -> None:
    desk, visit = busy
    desk.has_enough = True
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await expect(tab.frame.locator(".failure")).to_contain_text("Per oggi è troppo.")
    await expect(tab.frame.locator("#alarm")).to_have_text("Un messaggio non è stato inviato.")

    desk.has_enough = False
    await tab.frame.get_by_role("button", name="Invia di nuovo").click()
    await tab.arrived(1)
    await expect(tab.field).to_be_focused()


async def test_a_chat_that_was_closed_is_looked_for_when_it_is_seen_again(visit: Visit) -> None:
    """Its site was switched off, and is on again: nobody has to load the page anew."""
    tab = await visit.tab()
    await tab.open()
    await tab.write("Ciao")
    await tab.arrived(1)
    await visit.desk.is_followed()
    visit.desk.away = 403
    visit.desk.chat.cut()
    state = tab.frame.locator("#state")
    await expect(state).to_have_text("Al momento questa chat non è disponibile.")

    visit.desk.away = 0
    visit.desk.says("Rieccoci.")
    await tab.page.keyboard.press("Escape")
    await tab.open()

    await tab.shows("Ciao", "Rieccoci.")
    await expect(state).to_be_empty()
    await visit.desk.is_followed()
