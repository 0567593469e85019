"""Addresses of pages: as people write them, and as browsers say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.origins import allows, line_for, page_in, typed, with_or_without_www

labels = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
names = st.builds("{}.{}".format, labels, st.sampled_from(["it", "example", "co.uk", "xn--p1ai"]))
ports = st.sampled_from(["", ":8443", ":65535"])
origins = st.builds("https://{}{}".format, names, ports)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("www.example.it", "https://www.example.it"),
        ("Example.IT", "https://example.it"),
        ("https://www.example.it/", "https://www.example.it"),
        ("http://example.it/contatti?a=b#c", "https://example.it"),
        ("example.it/?u=https://other.example", "https://example.it"),
        ("«www.example.it».", "https://www.example.it"),
        ("https://example.it:443", "https://example.it"),
        ("http://example.it:80/", "https://example.it"),
        ("example.it:8443", "https://example.it:8443"),
        ("*.example.it", "https://*.example.it"),
        ("https://*.shop.example.co.uk:444", "https://*.shop.example.co.uk:444"),
        ("localhost:3000", "http://localhost:3000"),
        ("http://localhost", "http://localhost"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("127.0.0.1:8000/index.html", "http://127.0.0.1:8000"),
        ("пекарня.рф", "https://xn--80ajpngj0i.xn--p1ai"),
    ],
)
def test_addresses_as_people_write_them(text: str, origin: str) -> None:
    assert typed(text).origins == (origin,)
    assert typed(text).unread == ()


def test_several_are_read_and_each_once() -> None:
    read = typed("www.example.it, example.it;https://www.example.it/chi-siamo\nshop.example.it")

    assert read.origins == (
        "https://www.example.it",
        "https://example.it",
        "https://shop.example.it",
    )


def test_what_is_typed_with_http_is_told_but_where_that_is_meant() -> None:
    read = typed("http://example.it HTTP://a.example.it/x https://b.example.it http://localhost:80")
    assert read.insecure == ("https://example.it", "https://a.example.it")


@pytest.mark.parametrize(
    "word",
    [
        *("null", "example", "*", "*.it", "*.*.example.it", "a.*.example.it", "192.168.1.5"),
        *("ftp://example.it", "javascript:alert(1)", "user@example.it", "me:pw@example.it"),
        *("example.it:0", "example.it:70000", "-a.example.it", "a-.example.it", "a..b.it"),
        *("exa_mple.it", "[::1]:80", f"{'a' * 64}.it", f"{'a.' * 130}it", "xn--zzzzzz.it"),
    ],
)
def test_what_is_no_address_is_told(word: str) -> None:
    read = typed(f"example.it {word}")

    assert read.origins == ("https://example.it",)
    assert [one for one in read.unread if one in word] == list(read.unread) != []


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://www.example.it/camere/doppia/?da=google#prezzi", "www.example.it/camere/doppia"),
        ("https://www.example.it", "www.example.it"),
        ("https://www.example.it?x=1", "www.example.it"),
        ("https://www.example.it/camere;jsessionid=1A2B?da=google", "www.example.it/camere"),
        ("https://b.shop.example.it:8443/caff%C3%A8", "b.shop.example.it:8443/caffè"),
        ("https://www.example.it.evil.example/", ""),
        ("https://www.example.it@evil.example/", ""),
        ("https://other.example/camere", ""),
        ("http://www.example.it/", ""),
        ("/camere", ""),
        ("", ""),
    ],
)
def test_a_page_of_the_site_is_read_and_no_other(address: str, read: str) -> None:
    listed = ("https://www.example.it", "https://*.shop.example.it:8443")
    assert page_in(listed, address) == read


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for origin in typed(text).origins:
        assert typed(origin).origins == (origin,)


@given(origins)
def test_a_page_is_let_in_by_its_own_address_alone(origin: str) -> None:
    assert typed(origin).origins == (origin,)
    assert allows([origin], origin)
    assert not allows([], origin)
    assert not allows([origin], origin.replace("https://", "https://evil"))
    assert not allows([origin], origin.replace("https://", "https://evil."))
    assert not allows([origin], origin.replace("https://", "http://"))
    assert not allows([origin], f"{origin}.evil.example")


@given(names, ports, st.lists(labels, min_size=1, max_size=4))
def test_a_star_stands_for_one_name_or_more(name: str, port: str, below: list[str]) -> None:
    listed = [f"https://*.{name}{port}"]
    deep = ".".join(below)

    assert typed(listed[0]).origins == tuple(listed)
    assert allows(listed, f"https://{deep}.{name}{port}")
    assert not allows(listed, f"https://{name}{port}")
    assert not allows(listed, f"https://{deep}{name}{port}") or "." in deep
    assert not allows(listed, f"https://{deep}.{name}:1")
    assert not allows(listed, f"http://{deep}.{name}{port}")
    assert not allows(listed, f"https://{deep}.{name}{port}.evil.example")


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", None, "https://evilexample.it", "https://.example.it", "*.example.it"),
        *("https://*.example.it", "https://a.example.it/", "https://a.example.it:444"),
        *("https://A.example.it", "https://a.example.it\n", "https://user@a.example.it"),
        *("https://a.example.it.", "https://evil.com/.example.it", "https://a_b.example.it"),
    ],
)
def test_what_no_page_says_lets_nobody_in(origin: str | None) -> None:
    assert not allows(["https://*.example.it", "null", ""], origin)


def test_a_page_on_the_own_machine_may_be_tried() -> None:
    assert allows(["http://localhost:3000"], "http://localhost:3000")
    assert not allows(["http://localhost:3000"], "http://localhost:3001")
    assert not allows(["http://localhost:3000"], "https://localhost:3000")


@pytest.mark.parametrize(
    ("origin", "other"),
    [
        ("https://www.example.it", "https://example.it"),
        ("https://example.it", "https://www.example.it"),
        ("https://example.it:8443", "https://www.example.it:8443"),
        ("https://example.co.uk", "https://www.example.co.uk"),
        ("https://shop.example.it", None),
        ("https://a.shop.example.it", None),
        ("https://*.example.it", None),
        ("http://localhost:3000", None),
    ],
)
def test_most_sites_answer_under_two_names(origin: str, other: str | None) -> None:
    assert with_or_without_www(origin) == other


def test_where_no_script_runs_the_line_leads_to_where_else_the_company_is() -> None:
    """[75]"""
    line = line_for("https://desk.example", "site_1")
    assert line == '<script src="https://desk.example/widget.js" data-site="site_1" async></script>'
    led = line_for(
        "https://desk.example", "site_1", elsewhere="https://t.me/a?b&c", words="Scrivi <qui>"
    )
    link = '<a href="https://t.me/a?b&amp;c">Scrivi &lt;qui&gt;</a>'
    assert led == f"{line}<noscript>{link}</noscript>"
