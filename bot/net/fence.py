"""What companies may have called: public addresses alone, unless the host says otherwise. Pure.

A name says nothing: what it stands for is judged when a connection is made, and that very address
is connected to (see `bot.net.outside`).
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from errno import EACCES
from typing import Final

from bot.net.ways import names, read_address

PORTS: Final = {"http": 80, "https": 443}
LAST_PORT: Final = 65_535
LONGEST: Final = 2_000  # characters of an address
LONGEST_NAME: Final = 253  # of a host
_ADDRESS: Final = re.compile(  # nothing that two readers could read in two ways
    r"(?P<scheme>https?)://(?P<host>(?P<name>[\w-]{1,63}(?:\.[\w-]{1,63})*\.?)|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>[/?][!-\[\]-~]*)?",
    re.ASCII,
)
_CREDENTIALS: Final = re.compile(r"https?://[^/?#]*@", re.IGNORECASE)
# Beyond what `is_global` knows: what leads inside by a translation, and what only looks public.
_NEVER: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # Azure's own, inside every one of its machines
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata are there
            "192.88.99.0/24",  # 6to4 relays
            "::/96",  # IPv4 in IPv6, as it once was
            "::ffff:0:0/96",  # IPv4 in IPv6
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",  # Teredo and others
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",  # site-local
        ),
    )
)
_UNICAST: Final = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Barred(StrEnum):
    """Barred an address is not called."""

    MALFORMED = "it is no address of a page or a server"
    CREDENTIALS = "an address must hold no name and no password"
    NOT_ENCRYPTED = "it must begin with https://"
    PORT = "only the ports 80 and 443 are open to it"
    INSIDE = "it leads into a private network"


class Fenced(OSError):
    """An address that is not called; nothing was sent."""

    def __init__(self, why: Barred) -> None:
        super().__init__(EACCES, why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Target:
    """What an address leads to."""

    scheme: str
    host: str  # a name, or an address without brackets
    port: int


@dataclass(frozen=True, slots=True)
class Perimeter:
    """What may be called.

    `inside`: hosts (with those below them), addresses and networks that may be all the same, at any
    port and without encryption; each with `:PORT` if only that one is meant.
    """

    inside: tuple[str, ...] = ()

    def place(self, url: str) -> Target:
        """Where an address leads, as far as it can be told before its name is looked up.

        Raises Fenced.
        """
        if _CREDENTIALS.match(url):
            raise Fenced(Barred.CREDENTIALS)
        found = _ADDRESS.fullmatch(url)
        if found is None or len(url) > LONGEST:
            raise Fenced(Barred.MALFORMED)
        host, port = found["host"].strip("[]").lower(), int(found["port"] or PORTS[found["scheme"]])
        is_sound = len(host) <= LONGEST_NAME if found["name"] else ":" in host and is_address(host)
        if not (is_sound and 0 < port <= LAST_PORT):
            raise Fenced(Barred.MALFORMED)
        place = Target(found["scheme"], host, port)
        if self.excepts(place):
            return place
        if place.scheme != "https":
            raise Fenced(Barred.NOT_ENCRYPTED)
        if is_address(host):
            self.check(host, port)
        return place

    def excepts(self, place: Target) -> bool:
        """Whether the host has said of this very name or address that it may be called."""
        return self._is_inside(place.host, place.port)

    def check(self, address: str, port: int) -> None:
        """Whether one may connect to an address, of which nobody says any more whose it is.

        Raises Fenced.
        """
        if self._is_inside(address, port):
            return
        if not is_public(address):
            raise Fenced(Barred.INSIDE)
        if port not in PORTS.values():
            raise Fenced(Barred.PORT)

    def _is_inside(self, host: str, port: int) -> bool:
        """`*`, as NO_PROXY knows it, excepts nothing: it would take the whole fence down."""
        return any(names(one, host, port) for one in self.inside if one != "*")


def is_address(host: str) -> bool:
    """Whether it is an address and no name."""
    return read_address(host) is not None


def is_public(address: str) -> bool:
    """Whether an address is one of the internet's, for one machine. What is none is not."""
    read = read_address(address)
    if read is None or not read.is_global or read.is_multicast or read.is_reserved:
        return False
    if isinstance(read, ipaddress.IPv6Address) and (read not in _UNICAST or read.scope_id):
        return False
    return not any(read in network for network in _NEVER)
