"""A page that says who its visitor is, in a real browser, on the real API and engine."""

from collections.abc import AsyncIterator, Sequence

import jwt
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect
from pydantic import SecretStr

from bot.ops.vault import KeyVault
from bot.playground.serve import serve
from db.identity_secrets import AddIdentitySecret
from db.journal import apply
from db.sites import ChangeSite
from tests.addresses import free_port
from tests.databases import SEEDED_AT
from tests.scenarios.stage import AI_NOTICE, Stage, on_stage
from tests.scenarios.web import FORGETTABLE, SITE, add_site
from tests.web.conftest import ADA
from tests.web.widget.company import PAGE, WebSite
from tests.web.widget.test_files import MENU, attach
from tests.web.widget.visitor import Tab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SECRET = "spi_" + "a" * 64
LOGGED_IN = PAGE.replace("async></script>", 'data-identity="{jwt}" async></script>')


@pytest_asyncio.fixture(loop_scope="session")
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with on_stage(database_url) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def site(stage: Stage) -> AsyncIterator[tuple[WebSite, str]]:
    """The company's pages, and their address; it has a secret, and the desk runs."""
    port = free_port()
    stage.settings |= {"http_port": port, "secret_key": FORGETTABLE}
    site = WebSite(desk=f"http://127.0.0.1:{port}", key=SITE)
    sealed = KeyVault.open(SecretStr(FORGETTABLE)).encrypt(SECRET)
    secret = AddIdentitySecret(site=1, tenant=1, sealed=sealed, actor=ADA, now=SEEDED_AT)
    async with serve(site.app()) as url:
        home = url.replace("127.0.0.1", "localhost")
        await add_site(stage, SITE, home)
        await stage.database.write(lambda connection: apply(connection, [secret]))
        await stage.opens()
        yield site, home


def proof(stage: Stage, sub: str, name: str) -> str:
    """What the company's server puts into the page."""
    claims = {"sub": sub, "name": name, "aud": SITE, "exp": stage.clock.now() + 6 * 3_600}
    return jwt.encode(claims, SECRET, algorithm="HS256")


async def shows(context: BrowserContext, home: str) -> Tab:
    page = await context.new_page()
    await page.goto(home)
    return Tab(page)


async def asks(stage: Stage, tab: Tab) -> Sequence[str]:
    """All that the tab shows after a first question."""
    stage.will_say("Dalle 14:00.")
    await tab.write("A che ora è il check-in?")
    said = ("A che ora è il check-in?", AI_NOTICE, "Dalle 14:00.")
    await tab.shows(*said)
    await stage.settles()
    return said


async def identifies(page: Page, token: str) -> None:
    await page.evaluate("(token) => Sportello.identify(token)", token)


async def test_a_visitor_logs_in_and_out_and_somebody_else_comes(
    stage: Stage, site: tuple[WebSite, str], context: BrowserContext
) -> None:
    """[32, 33, 34] In all tabs, and without a word of it on the page."""
    _, home = site
    tab = await shows(context, home)
    await tab.open()
    said = await asks(stage, tab)
    anonymous = await tab.kept()
    other = await shows(context, home)
    await other.open()
    await other.shows(*said)

    await identifies(tab.page, proof(stage, "anna", "Anna"))

    await tab.page.wait_for_function(
        "(before) => localStorage['sportello:site_aurora:session'] !== before",
        arg=anonymous[f"sportello:{SITE}:session"],
    )
    await tab.shows(*said)
    stage.will_say("Fino alle 11:00.")
    await other.write("E il check-out?")
    told = (*said, "E il check-out?", "Fino alle 11:00.")
    await tab.shows(*told)
    await other.shows(*told)
    await stage.settles()

    await tab.field.fill("Un segreto di Anna")
    await attach(tab, MENU)
    await expect(tab.frame.locator("#tray li")).to_have_count(1)
    await tab.page.evaluate("() => Sportello.logout()")

    await tab.shows()
    await other.shows()
    await expect(tab.field).to_have_value("")
    await expect(tab.frame.locator("#tray li")).to_have_count(0)
    assert await tab.kept() == {}
    await identifies(tab.page, proof(stage, "bruno", "Bruno"))
    await tab.page.wait_for_function("() => Object.keys(localStorage).length > 0")
    await tab.shows()
    await identifies(tab.page, proof(stage, "anna", "Anna"))
    await tab.shows(*told)
    assert await tab.page.evaluate("() => window.violations") == []


async def test_what_was_said_stays_where_it_is_not_taken_in_at_once(
    stage: Stage, site: tuple[WebSite, str], context: BrowserContext
) -> None:
    _, home = site
    tab = await shows(context, home)
    await tab.open()
    said = await asks(stage, tab)
    await context.route("**/identity", lambda route: route.abort(), times=1)

    await identifies(tab.page, proof(stage, "anna", "Anna"))

    await tab.page.wait_for_function(
        "() => JSON.parse(localStorage['sportello:site_aurora:session']).sub"
    )
    await tab.shows(*said)


async def test_only_known_visitors_see_the_button_and_find_their_chat(
    stage: Stage, site: tuple[WebSite, str], context: BrowserContext
) -> None:
    """[24]"""
    pages, home = site
    only = ChangeSite(1, 1, {"known_only": True}, ADA, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [only]))
    tab = await shows(context, home)
    await expect(tab.launcher).to_be_attached()
    await expect(tab.launcher).to_be_hidden()
    pages.html = LOGGED_IN.replace("{jwt}", proof(stage, "anna", "Anna"))

    await tab.page.reload()
    await tab.open()
    said = await asks(stage, tab)
    await tab.page.evaluate("() => localStorage.clear()")
    await tab.page.reload()
    await tab.open()

    await tab.shows(*said)
