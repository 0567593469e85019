"""Which way a call leaves, by what the environment names."""

import pytest

from bot.net.ways import Ways, describe
from bot.settings import Settings

TELEGRAM = "https://api.telegram.org"


def ways(**named: str) -> Ways:
    return Ways.of(Settings.model_validate(named))


def test_without_a_proxy_every_call_is_direct() -> None:
    assert ways().to(TELEGRAM) is None


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        (TELEGRAM, "through the proxy http://secure:1"),
        ("http://files.example/x", "through the proxy http://plain:2"),
    ],
)
def test_a_proxy_is_named_by_scheme(url: str, proxy: str) -> None:
    named = ways(https_proxy="secure:1", http_proxy="http://plain:2", all_proxy="http://rest:3")

    assert describe(named.to(url)) == proxy


def test_what_no_other_names_is_for_all() -> None:
    named = ways(http_proxy="http://plain:2", all_proxy="http://rest:3")

    assert describe(named.to(TELEGRAM)) == "through the proxy http://rest:3"


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:9", "http://localhost:1/v1"),
        *("http://LOCALHOST", "http://box.localhost", "http://0.0.0.0:8080", "https://[::]"),
    ],
)
def test_this_machine_is_never_called_through_a_proxy(url: str) -> None:
    assert ways(all_proxy="http://rest:3").to(url) is None


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("*", TELEGRAM),
        ("telegram.org", TELEGRAM),
        (".telegram.org", TELEGRAM),
        ("*.telegram.org", TELEGRAM),
        ("other.example, API.telegram.ORG", TELEGRAM),
        ("api.telegram.org:443", TELEGRAM),
        ("10.0.0.0/8", "http://10.1.2.3:8081"),
        ("10.1.2.3", "http://10.1.2.3:8081"),
        ("fd00::/8", "http://[fd00::7]:8081"),
        ("[fd00::7]", "http://[fd00::7]:8081"),
    ],
)
def test_what_is_listed_is_called_directly(listed: str, url: str) -> None:
    assert ways(all_proxy="http://rest:3", no_proxy=listed).to(url) is None


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("gram.org", TELEGRAM),
        ("api.telegram.org:8443", TELEGRAM),
        ("10.0.0.0/8", "http://11.1.2.3"),
        ("10.0.0.0/8", TELEGRAM),
        ("telegram.org", "https://telegram.org.example"),
    ],
)
def test_what_is_not_listed_is_not(listed: str, url: str) -> None:
    assert ways(all_proxy="http://rest:3", no_proxy=listed).to(url) is not None


def test_who_asks_is_never_shown() -> None:
    way = ways(all_proxy="http://anna:segreto@proxy:3128/").to(TELEGRAM)

    assert way is not None
    assert way.url == "http://anna:segreto@proxy:3128"
    assert f"{describe(way)} {way!r}" == "through the proxy http://proxy:3128 Proxy()"
