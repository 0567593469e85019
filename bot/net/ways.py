"""Which way a call leaves: directly, or through the proxy that the environment names. Pure."""

import ipaddress
from dataclasses import dataclass, field
from typing import Final, Protocol, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

DIRECTLY: Final = "directly"
_PORTS: Final = {"http": 80, "https": 443}


class ProxySettings(Protocol):
    """The settings that name proxies."""

    @property
    def http_proxy(self) -> SecretStr | None: ...
    @property
    def https_proxy(self) -> SecretStr | None: ...
    @property
    def all_proxy(self) -> SecretStr | None: ...
    @property
    def no_proxy(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy; its address may hold a password."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        """The address, without who asks and the password."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def is_socks(self) -> bool:
        return self.url.startswith("socks")


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way out: a proxy by the scheme of what is called, and what is called directly."""

    by_scheme: dict[str, Proxy] = field(default_factory=dict)
    direct: tuple[str, ...] = ()

    @classmethod
    def of(cls, named: ProxySettings) -> Self:
        """As the settings say; what is said of a scheme comes before what is said of all."""
        chosen = {
            "http": named.http_proxy or named.all_proxy,
            "https": named.https_proxy or named.all_proxy,
        }
        by_scheme = {name: Proxy(url.get_secret_value()) for name, url in chosen.items() if url}
        return cls(by_scheme, named.no_proxy)

    def to(self, url: str) -> Proxy | None:
        """The proxy to call this address through. This machine is always called directly."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
        if _is_this_machine(host) or any(names(entry, host, port) for entry in self.direct):
            return None
        return self.by_scheme.get(parts.scheme)


def describe(way: Proxy | None) -> str:
    """The way for a person."""
    return f"through the proxy {way}" if way else DIRECTLY


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = read_address(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def names(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry means this host: `*`, a name, `.name`, an address, a network."""
    entry = entry.lower()
    if entry == "*":
        return True
    network, address = _network(entry), read_address(host)
    if network is not None:
        return address is not None and address in network
    name, separator, wanted = entry.rpartition(":")
    if separator and wanted.isdigit() and ":" not in name.strip("[]"):
        if int(wanted) != port:
            return False
        entry = name
    entry = entry.removeprefix("*").removeprefix(".")
    return host == entry or host.endswith(f".{entry}")


def read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a text is; None where it is none."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None
