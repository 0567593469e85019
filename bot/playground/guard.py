"""Who may send requests to a server on the loopback interface: programs, and its own page.

Any site that is open in the same browser can send requests here as well. What it cannot do is to
hide where they come from: a browser names the server that it means (Host), whose page sends
(Origin, and Sec-Fetch-Site also where there is no Origin, as with an image), and what for.
"""

from collections.abc import Collection
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_OWN: Final = ("same-origin", "none")  # none: an address that was typed, a bookmark


class LocalOnly:
    """Refuses what a foreign name led here (400: DNS rebinding) or another site's page sends (403).

    Programs send neither Origin nor Sec-Fetch-Site, and pass.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOOPBACK_NAMES) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return PlainTextResponse("Invalid host header", status_code=400)
        if headers.get("origin", f"http://{host}") != f"http://{host}":
            return PlainTextResponse("Cross-origin request refused", status_code=403)
        if headers.get("sec-fetch-site", "none") in _OWN or _is_visit(scope, headers):
            return None
        return PlainTextResponse("Cross-site request refused", status_code=403)


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    name, _, port = host.rpartition(":")
    return name.lower() if name and port.isdecimal() else host.lower()


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """Somebody follows a link to the page itself."""
    wanted = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    is_page = (scope["method"], scope["path"]) == ("GET", "/")
    return is_page and wanted == ("navigate", "document")
