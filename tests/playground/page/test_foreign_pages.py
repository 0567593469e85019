"""In a real browser: what another site's page can do here, and what an uploaded one can."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Error, Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.playground.serve import serve
from bot.playground.telegram.records import Upload
from tests.playground.page.desk import BOT_ID, TOKEN, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ATTACK = """
<img src="{call}?chat_id={client}&text=image">
<form method="post" action="{call}" target="form">
  <input name="chat_id" value="{client}"><input name="text" value="form"></form>
<form method="post" action="{call}?chat_id={client}&text=plain" target="plain"
  enctype="text/plain"></form>
<iframe name="form"></iframe><iframe name="plain"></iframe>
<script>
for (const form of document.forms) form.submit();
const body = new URLSearchParams({{chat_id: "{client}", text: "fetch"}});
const calls = ["no-cors", "cors"].map((mode) => fetch("{call}", {{method: "POST", mode, body}}));
calls.push(fetch("{url}/client/state"), fetch("{url}/client/state", {{mode: "no-cors"}}));
window.tried = Promise.allSettled(calls).then((ends) => ends.map((end) => end.value?.type));
</script>
"""
OWNED = "document.title = 'owned'"


@pytest_asyncio.fixture(loop_scope="session")
async def anywhere(page: Page) -> AsyncIterator[Page]:
    """The window, which is left as it was found."""
    yield page
    await page.goto("about:blank")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_a_foreign_page_makes_the_bot_say_nothing(
    desk: Desk, anywhere: Page, name: str
) -> None:
    anna = desk.person("Anna")
    desk.emulator.clients.write(anna.id, "Ciao", bot_id=BOT_ID)
    call = f"{desk.url}/bot{TOKEN}/sendMessage"
    html = ATTACK.format(url=desk.url, call=call, client=anna.id)
    attacker = Starlette(routes=[Route("/", lambda _: HTMLResponse(html))])
    async with serve(attacker) as url:
        await anywhere.goto(url.replace("127.0.0.1", name), wait_until="networkidle")
        tried = await anywhere.evaluate("window.tried")
    assert tried[1:3] == [None, None]  # what would be read is refused
    said = desk.emulator.clients.messages(anna.id, bot_id=BOT_ID)
    assert [message["text"] for message in said] == ["Ciao"]
    assert desk.emulator.calls.after() == []


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/xml"])
async def test_an_uploaded_page_is_never_shown(desk: Desk, anywhere: Page, kind: str) -> None:
    page = Upload("page.html", kind, f"<script>{OWNED}</script>".encode())
    with pytest.raises(Error, match="Download is starting"):
        await anywhere.goto(f"{desk.url}/client/files/{upload(desk, page)}")


async def test_an_uploaded_script_is_never_run(desk: Desk, anywhere: Page) -> None:
    await anywhere.goto(desk.url)
    script = upload(desk, Upload("x.js", "text/javascript", OWNED.encode()))
    ended = await anywhere.evaluate(
        """(src) => new Promise((resolve) => {
          const script = Object.assign(document.createElement("script"), {src});
          script.onload = script.onerror = (event) => resolve(event.type);
          document.head.append(script);
        })""",
        f"/client/files/{script}",
    )
    assert ended == "error"
    assert await anywhere.title() != "owned"


def upload(desk: Desk, file: Upload) -> str:
    """Send a file to the bot; its id."""
    anna = desk.person("Anna")
    message = desk.emulator.clients.send_file(anna.id, file, kind="document", bot_id=BOT_ID)
    return str(message["document"]["file_id"])
