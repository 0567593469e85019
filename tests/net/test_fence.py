"""What companies may have called: nothing inside, in whatever form it is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.net.fence import Barred, Fenced, Perimeter, is_public

IPV4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
PRIVATE = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
    *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "192.88.99.0/24"),
]
PRIVATE_6 = [
    *("::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32"),
    *("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0/96", "100::/64"),
]


def inside(networks: list[str]) -> st.SearchStrategy[str]:
    """Addresses of these networks, as they are written."""
    chosen = st.sampled_from([ipaddress.ip_network(one) for one in networks])
    return chosen.flatmap(
        lambda network: st.integers(0, network.num_addresses - 1).map(
            lambda number: str(network[number])
        )
    )


def why(url: str, *excepted: str) -> Barred | None:
    try:
        Perimeter(excepted).place(url)
    except Fenced as error:
        return error.why
    return None


@given(inside(PRIVATE) | inside(PRIVATE_6))
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    assert why(f"https://{host}/") is Barred.INSIDE


@given(IPV4, st.sampled_from(["::ffff:", "::", "64:ff9b::", "2002:{}::", "fe80::5efe:"]))
def test_no_form_of_ipv6_hides_one_of_ipv4(address: ipaddress.IPv4Address, form: str) -> None:
    number = int(address)
    groups = f"{number >> 16:x}:{number & 0xFFFF:x}"
    hidden = form.format(groups) if "{}" in form else f"{form}{groups}"
    assert not is_public(hidden)


@given(IPV4)
def test_of_ipv4_nothing_is_public_that_python_knows_to_be_private(
    address: ipaddress.IPv4Address,
) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not any((address.is_private, address.is_multicast, address.is_reserved))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"])
def test_what_the_internet_gives_out_is_public(address: str) -> None:
    assert is_public(address)
    assert why(f"https://{f'[{address}]' if ':' in address else address}/") is None


@pytest.mark.parametrize("address", ["", "localhost", "2130706433", "127.1", "fe80::1%eth0", "è"])
def test_what_is_no_plain_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://calendar.example/free?day=1", None),
        ("https://calendar.example", None),
        ("https://calendar.example:8443/", None),  # judged when it is connected to
        ("http://calendar.example/", Barred.NOT_ENCRYPTED),
        ("https://anna:secret@calendar.example/", Barred.CREDENTIALS),
        ("https://a\\@b/", Barred.CREDENTIALS),
        ("https://8.8.8.8:22/", Barred.PORT),
        ("https://[::ffff:127.0.0.1]/", Barred.INSIDE),
        *(
            (url, Barred.MALFORMED)
            for url in (
                *("", "calendar.example", "ftp://calendar.example/", "file:///etc/passwd"),
                *("https://", "https:///x", "https://a\\b/", "https://a/\n", "https://a b/"),
                *("https://caffè.example/", "https://a:123456/", "gopher://a/", "//a/"),
                *("https://a:65536/", "https://a:0/", "https://[1.2.3.4]/", "https://[1::2::3]/"),
                *("https://a..b/", "https://.a/", f"https://{'a' * 64}/", "https://[....]/"),
                f"https://{'a.' * 127}/",
                f"https://a/{'x' * 2_000}",
            )
        ),
    ],
)
def test_an_address_is_read_in_one_way_or_not_at_all(url: str, reason: Barred | None) -> None:
    assert why(url) is reason


@given(st.text(max_size=40))
def test_nothing_else_comes_of_any_text(text: str) -> None:
    why(text)
    why(f"https://{text}")
    is_public(text)


def test_what_the_host_excepts_may_be_called_in_the_open_at_any_port() -> None:
    assert why("http://127.0.0.1:8080/", "127.0.0.1") is None
    assert why("http://10.1.2.3/", "10.0.0.0/8") is None
    assert why("http://erp.internal:9000/", "internal") is None
    assert why("http://127.0.0.1:8080/", "127.0.0.1:9090") is Barred.NOT_ENCRYPTED
    assert why("https://10.1.2.3/", "192.168.0.0/16") is Barred.INSIDE


def test_a_name_of_a_network_that_is_excepted_leads_there() -> None:
    fence = Perimeter(("10.0.0.0/8",))
    fence.check("10.1.2.3", 9000)
    with pytest.raises(Fenced):
        fence.check("172.16.0.1", 443)
