"""What keeps a connection from standing, in words that a host can act on; no secret is in them."""

import os
import ssl
from http import HTTPStatus
from typing import Final

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientError,
    ClientHttpProxyError,
    ClientProxyConnectionError,
)

_WHO_ARE_YOU: Final = (
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.UNAUTHORIZED,  # tinyproxy's answer to a wrong password
)
NEVER_CONNECTED: Final = (
    ClientConnectorError,
    ClientConnectorCertificateError,
    ClientHttpProxyError,
)


def describe_failure(error: ClientError) -> str:  # noqa: PLR0911 - one line per kind
    """Why there is no connection; for an error of `NEVER_CONNECTED`."""
    match error:
        case ClientHttpProxyError() if error.status in _WHO_ARE_YOU:
            return "the proxy wants a name and a password, or others than it was given"
        case ClientHttpProxyError():
            return f"the proxy answers {error.status}"
        case ClientConnectorCertificateError():
            return f"its certificate is not trusted: {_why(error.certificate_error)}"
        case ClientConnectorSSLError():
            return f"no TLS: {_why(error.os_error)}"
        case ClientProxyConnectionError():
            return f"the proxy: {_system(error)}"
        case ClientConnectorDNSError():
            return f"nobody knows the name {error.host}"
        case ClientConnectorError():
            return _system(error)
    return type(error).__name__


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "refused").replace("_", " ").lower()
    return type(error).__name__


def _system(error: ClientConnectorError) -> str:
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error.strerror)
