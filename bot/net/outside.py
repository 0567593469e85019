"""Calls to addresses that others name: fenced in, bounded, sent once, each redirect a new one."""

import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Final
from urllib.parse import urljoin

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import ResolveResult
from yarl import URL

from bot.net.fence import Barred, Fenced, Perimeter
from bot.net.words import NEVER_CONNECTED

CONNECTIONS: Final = 32  # at once, for all companies; to one host:
CONNECTIONS_TO_ONE: Final = 4
CONNECT_SECONDS: Final = 5.0
REDIRECTS: Final = 4  # that are followed by who fetches; who asks follows none
UNREACHED: Final = "nobody answers there"
_AGENT: Final = "Sportello"
_AS_IT_IS: Final = {"Accept-Encoding": "identity"}
_REDIRECTED: Final = (301, 302, 303, 307, 308)


class Unreached(Exception):
    """Nobody was reached: nothing was done. The text is a sentence's second half."""


class Barring(Unreached):
    """It is not called at all: it is in private, or said in a way that is not allowed."""


class NoReply(Exception):
    """What was sent may have arrived; what became of it is not known."""


@dataclass(frozen=True, slots=True)
class OutsideReply:
    """What was answered. `body`: its beginning, if `cut`."""

    status: int
    kind: str  # its media type
    body: bytes
    charset: str = "utf-8"
    cut: bool = False

    @property
    def text(self) -> str:
        """The body as it can be read."""
        try:
            return self.body.decode(self.charset, errors="replace")
        except (LookupError, ValueError):  # some decode no text, or will not replace anything
            return self.body.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Arriving:
    """What is there, while it comes. `size`: bytes, as far as they can be known before."""

    status: int
    kind: str
    size: int | None
    content: AsyncGenerator[bytes]


@dataclass(frozen=True, slots=True)
class Outbound:
    """Two ways: one that is fenced in, and one to what the host excepts by name."""

    fence: Perimeter
    fenced: ClientSession
    excepted: ClientSession

    async def ask(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        most: int,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> OutsideReply:
        """Send it, once. At most so many bytes of the answer are read, unpacked ones.

        Raises Unreached, NoReply.
        """
        opened = self._opened(method, url, seconds=seconds, headers=headers, body=body)
        async with opened as response:
            return await _read(response, most)

    @asynccontextmanager
    async def fetch(self, url: str, *, seconds: float) -> AsyncIterator[Arriving]:
        """What is there, or where that leads: each address on the way is judged like the first.

        `seconds`: for each of them. Raises Unreached, NoReply, also while it comes.
        """
        for _ in range(REDIRECTS + 1):
            async with self._opened("GET", url, seconds=seconds, headers=_AS_IT_IS) as response:
                leads = response.headers.get("Location")
                if response.status not in _REDIRECTED or leads is None:
                    yield _arriving(response)
                    return
            try:
                url = urljoin(url, leads)
            except ValueError:
                raise Barring(Barred.MALFORMED) from None
        raise Unreached("it leads on and on")

    @asynccontextmanager
    async def _opened(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> AsyncIterator[ClientResponse]:
        try:
            place = self.fence.place(url)
        except Fenced as error:
            raise Barring(error.why) from None
        session = self.excepted if self.fence.excepts(place) else self.fenced
        timeout = ClientTimeout(total=seconds, connect=min(CONNECT_SECONDS, seconds))
        sending = session.request(
            method,
            URL(url, encoded=True),
            headers=headers,
            data=body,
            timeout=timeout,
            allow_redirects=False,
        )
        try:
            async with sending as response:
                yield response
        except (ConnectionTimeoutError, InvalidURL, *NEVER_CONNECTED) as error:
            cause = getattr(error, "os_error", None)
            if isinstance(cause, Fenced):
                raise Barring(cause.why) from None
            raise Unreached(UNREACHED) from None
        except (ClientError, TimeoutError, OSError) as error:
            raise NoReply(type(error).__name__) from None


def _arriving(response: ClientResponse) -> Arriving:
    is_packed = "Content-Encoding" in response.headers  # what it takes then, nobody says
    size = None if is_packed else response.content_length
    return Arriving(response.status, response.content_type, size, _content(response))


async def _content(response: ClientResponse) -> AsyncGenerator[bytes]:
    while part := await response.content.readany():
        yield part


async def _read(response: ClientResponse, most: int) -> OutsideReply:
    parts, size = list[bytes](), 0
    while part := await response.content.readany():
        parts.append(part)
        size += len(part)
        if size > most:
            response.close()
            break
    body = b"".join(parts)
    charset = response.charset or "utf-8"
    return OutsideReply(
        response.status, response.content_type, body[:most], charset, cut=size > most
    )


@asynccontextmanager
async def open_outside(
    inside: tuple[str, ...] = (), *, tls: SSLContext | None = None
) -> AsyncIterator[Outbound]:
    """`inside`: see `Perimeter`. `tls`: whom to trust, else whom the system trusts.

    No proxy is used: through one nobody here would know what is connected to.
    """
    fence = Perimeter(inside)
    fenced = _session(
        tls, resolver=FencedResolver(fence), socket_factory=_factory(fence), use_dns_cache=False
    )
    async with fenced, _session(tls) as excepted:
        yield Outbound(fence, fenced, excepted)


def _session(tls: SSLContext | None, **options: Any) -> ClientSession:
    connector = TCPConnector(
        limit=CONNECTIONS,
        limit_per_host=CONNECTIONS_TO_ONE,
        force_close=True,  # one that was kept may be closed by the other side, unheard of
        ssl=tls or True,
        **options,
    )
    session = ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers={"User-Agent": _AGENT},
        trust_env=False,
    )
    # Else aiohttp sends a GET, PUT or DELETE again that was cut off: it may have arrived.
    session._retry_connection = False
    return session


class FencedResolver(ThreadedResolver):
    """Refuses a name if one of its addresses leads inside, whichever would be connected to."""

    def __init__(self, fence: Perimeter) -> None:
        super().__init__()
        self._fence = fence

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        for one in found:
            self._fence.check(one["host"], port)
        return found


def _factory(fence: Perimeter) -> Any:
    """Makes sockets: what they are for is judged here whatever was looked up, or was no name."""

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        fence.check(address[0], address[1])
        return socket.socket(family, kind, protocol)

    return make
