"""The playground's page of a company's web site."""

from aiohttp import ClientSession

from bot.playground.serve import serve
from bot.playground.shop import Shop, shop_app

DESK = "http://127.0.0.1:8090"


async def test_the_page_is_as_strict_as_any_and_has_the_chat_on_it() -> None:
    asked = []

    async def shop_at(origin: str) -> Shop:
        asked.append(origin)
        return Shop("Forno <Aurora>", "it", DESK, "site_forno")

    async with serve(shop_app(shop_at)) as url, ClientSession(url) as session:
        async with session.get("/") as answer:
            page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        async with session.get("/style.css") as style:
            assert style.content_type == "text/css"
    assert asked == [url]
    assert policy == f"default-src 'self'; script-src {DESK}; frame-src {DESK}"
    assert f'<script src="{DESK}/widget.js" data-site="site_forno" async></script>' in page
    assert "<h1>Forno &lt;Aurora&gt;</h1>" in page


async def test_before_there_is_a_company_there_is_no_page() -> None:
    async def nobody(_: str) -> None:
        return None

    async with (
        serve(shop_app(nobody)) as url,
        ClientSession(url) as session,
        session.get("/") as answer,
    ):
        assert answer.status == 503
