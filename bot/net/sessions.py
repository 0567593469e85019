"""aiohttp's sessions, for the adapters of both APIs."""

from ssl import SSLContext
from typing import Any, Final

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from bot.net.ways import Proxy

KEEP_ALIVE_SECONDS: Final = 45.0  # a client who thinks for half a minute needs no new handshake


def new_session(
    *,
    connections: int,
    way: Proxy | None = None,
    keep_alive_seconds: float = KEEP_ALIVE_SECONDS,
    tls: SSLContext | None = None,
) -> ClientSession:
    """A session for many calls one way out; its owner closes it.

    `connections` is its limit, 0 for none. `tls`: whom to trust, else whom the system trusts.
    """
    options = {
        "limit": connections,
        "keepalive_timeout": keep_alive_seconds,
        "ssl": tls or True,
    }
    proxy = None if way is None or way.is_socks else way.url
    return ClientSession(
        connector=_connector(way, options), cookie_jar=DummyCookieJar(), proxy=proxy
    )


def _connector(way: Proxy | None, options: dict[str, Any]) -> TCPConnector:
    if way is None or not way.is_socks:
        return TCPConnector(**options)
    from bot.net.socks import socks_connector  # noqa: PLC0415 - seldom needed

    return socks_connector(way, **options)
