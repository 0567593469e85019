"""A page of a company's web site with the chat on it, of another origin than the chat's desk.

Its policy is as strict as a page's can be, so what works here works on theirs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.playground.page import FILES, loopback_middleware

WORDS: Final = {
    "en": ("A page of your web site", "The chat is in the corner: ask what a visitor would ask."),
    "it": (
        "Una pagina del Suo sito",
        "La chat è nell’angolo: chieda quello che chiederebbe un visitatore.",
    ),
    "ru": ("Страница вашего сайта", "Чат — в углу: спросите то, о чём спросил бы посетитель."),
}
STYLE: Final = """
:root { color-scheme: light dark; font: 18px/1.55 Georgia, "Liberation Serif", serif; }
body { max-width: 36rem; margin: 0; padding: 12vh 6vw; }
h1 { margin: 0 0 .2em; font-size: clamp(2.2rem, 7vw, 3.6rem); line-height: 1.1; }
p { margin: 0 0 1em; }
p:first-of-type { font-style: italic; }
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose page it is, and the chat on it. `language`: an ISO 639-1 code."""

    company: str
    language: str
    desk: str  # the address of the widget's server, without a path
    key: str  # of the site


Shops = Callable[[str], Awaitable[Shop | None]]
"""Whose page it is that has this origin; None: nobody's yet."""


def shop_app(shop_at: Shops) -> Starlette:
    """The page at `/`, for this machine alone."""

    async def page(request: Request) -> Response:
        shop = await shop_at(str(request.base_url).rstrip("/"))
        if shop is None:
            return Response(status_code=503)
        policy = f"default-src 'self'; script-src {shop.desk}; frame-src {shop.desk}"
        return HTMLResponse(_html(shop), headers={"Content-Security-Policy": policy})

    async def style(_: Request) -> Response:
        return Response(STYLE, media_type="text/css")

    routes = [Route("/", page), Route("/style.css", style), Route("/bell.svg", FILES["bell.svg"])]
    return Starlette(routes=routes, middleware=loopback_middleware())


def _html(shop: Shop) -> str:
    about, hint = WORDS.get(shop.language, WORDS["en"])
    company = escape(shop.company or about)
    return f"""<!doctype html>
<html lang="{escape(shop.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{company}</title>
<link rel="icon" href="/bell.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main><h1>{company}</h1><p>{escape(about)}</p><p>{escape(hint)}</p></main>
<script src="{escape(shop.desk)}/widget.js" data-site="{escape(shop.key)}" async></script>
</body>
</html>
"""
