"""aiohttp's sessions, for the adapters of both APIs."""

from ssl import SSLContext
from typing import Final

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
    connector = TCPConnector(
        limit=connections, keepalive_timeout=keep_alive_seconds, ssl=tls or True
    )
    return ClientSession(
        connector=connector, cookie_jar=DummyCookieJar(), proxy=way.url if way else None
    )
