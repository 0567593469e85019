"""From where somebody asks: told by proxies, as far as they are known."""

import ipaddress
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from bot.web.app import origin_of
from bot.web.visitors import Gate

PROXIES = [ipaddress.ip_network(one) for one in ("127.0.0.1", "10.0.0.0/8")]


def place(*forwarded: str, peer: str = "127.0.0.1") -> str:
    """Of a request with these headers, in their order."""
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    nothing: Any = None
    gate = Gate(nothing, nothing, nothing, nothing, proxies=PROXIES)
    return gate.peer(HTTPConnection({"type": "http", "headers": headers, "client": (peer, 5)}))


@pytest.mark.parametrize(
    ("forwarded", "peer", "found"),
    [
        ((), "203.0.113.9", "203.0.113.9"),
        (("198.51.100.7",), "203.0.113.9", "203.0.113.9"),
        (("198.51.100.7, 203.0.113.9",), "127.0.0.1", "203.0.113.9"),
        (("203.0.113.9, 10.1.1.1",), "127.0.0.1", "203.0.113.9"),
        (("198.51.100.7", "203.0.113.9"), "127.0.0.1", "203.0.113.9"),
        (("2001:db8:1:2:3::4",), "127.0.0.1", "2001:db8:1:2::/64"),
        (("nonsense",), "127.0.0.1", "nowhere"),
    ],
    ids=["alone", "not believed", "appended", "two proxies", "a header each", "IPv6", "nonsense"],
)
def test_the_last_who_is_no_proxy_of_ours_is_who_asks(
    forwarded: tuple[str, ...], peer: str, found: str
) -> None:
    """[64]"""
    assert place(*forwarded, peer=peer) == found


def test_our_own_origin_is_what_a_browser_says() -> None:
    for told in ("https://desk.example", "https://Desk.Example:443", "https://desk.example/chat"):
        assert origin_of(told) == "https://desk.example"
    assert origin_of("http://desk.example:8090") == "http://desk.example:8090"
    assert origin_of("") == ""
