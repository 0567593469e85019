"""Connections through a SOCKS proxy; imported only where one is named."""

import ssl
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientProxyConnectionError,
    ClientRequest,
    ClientTimeout,
)
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp_socks import (
    ProxyConnectionError,
    ProxyConnector,
    ProxyError,
    ProxyTimeoutError,
    ProxyType,
)

from bot.net.ways import Proxy

PORT: Final = 1080
_FAILURES: Final = (ProxyConnectionError, ProxyError, ProxyTimeoutError)


class SocksConnector(ProxyConnector):
    """The library's, but what fails here raises as where there is no proxy: nothing was sent.

    The proxy looks up the names: where one is needed, the name servers here often lie.
    """

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Any],
        timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        try:
            return await super().connect(req, traces, timeout)
        except ssl.CertificateError as error:
            raise ClientConnectorCertificateError(req.connection_key, error) from error
        except ssl.SSLError as error:
            raise ClientConnectorSSLError(req.connection_key, error) from error
        except _FAILURES as error:
            raise _refused(req.connection_key, error) from error


def socks_connector(way: Proxy, **options: Any) -> SocksConnector:
    """A connector through this proxy; `options` are aiohttp's."""
    parts = urlsplit(way.url)
    return SocksConnector(
        host=parts.hostname or "",
        port=parts.port or PORT,
        proxy_type=ProxyType.SOCKS4 if parts.scheme.startswith("socks4") else ProxyType.SOCKS5,
        username=unquote(parts.username or "") or None,
        password=unquote(parts.password or "") or None,
        rdns=True,
        **options,
    )


def _refused(key: ConnectionKey, error: Exception) -> ClientProxyConnectionError:
    number = getattr(error.__cause__, "errno", None) or 0
    return ClientProxyConnectionError(key, OSError(number, str(error)))
