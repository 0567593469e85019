"""The playground's page: its files, the facts about this process, and who may ask for them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.guard import LocalOnly

STATIC: Final = Path(__file__).parent / "static"
SHARED: Final = Path(__file__).parents[1] / "web" / "static" / "shared"  # drawn there as here
MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",  # said here: on some systems the registry says text/plain
    ".svg": "image/svg+xml",
}
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def _read_files() -> dict[str, Response]:
    """The page's files as answers, by their names: sixty small ones, so each is read once."""
    paths = {path.relative_to(STATIC): path for path in sorted(STATIC.rglob("*.*"))}
    paths |= {path.relative_to(SHARED.parent): path for path in sorted(SHARED.glob("*.js"))}
    return {
        name.as_posix(): Response(path.read_bytes(), media_type=MEDIA_TYPES[path.suffix])
        for name, path in paths.items()
    }


FILES: Final = _read_files()


@dataclass(frozen=True, slots=True)
class About:
    """What the page tells about the process behind it."""

    company: str
    language: str  # the company's, as an ISO 639-1 code
    model: str  # "offline", or the model's name
    database: str
    version: str
    admins: tuple[int, ...] = ()  # ids of the people who may configure the company
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Examples that an empty chat offers, by the language of whoever asks."""
    telegram: str = "emulated"
    shop: str | None = None  # the address of a page of the company's web site


def page_routes(about: About | Callable[[], Awaitable[About]]) -> list[BaseRoute]:
    """The page at `/`, its files at `/static`, and `/playground/about`.

    Facts that change while the page is served are given as a function that finds them out.
    """

    async def tell_about(request: Request) -> Response:
        facts = about if isinstance(about, About) else await about()
        return JSONResponse(asdict(facts))

    return [
        Route("/", FILES["index.html"]),
        Route("/playground/about", tell_about),
        Mount("/static", routes=[Route(f"/{name}", file) for name, file in FILES.items()]),
    ]


def loopback_middleware() -> list[Middleware]:
    """For the whole application: what keeps other sites' pages away from a server on loopback."""
    return [Middleware(LocalOnly), Middleware(PageHeaders)]


class PageHeaders:
    """Puts the security headers on every answer that has no stricter ones of its own.

    Nothing is taken from a cache unasked: after an upgrade no browser mixes old files and new.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (*SECURITY_HEADERS.items(), ("Cache-Control", "no-cache")):
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
