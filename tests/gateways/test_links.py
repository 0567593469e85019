"""What a program names, and what it is told of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.attachments import NotRead
from bot.gateways.files import LONGEST_NAME, MOST, Link, data_link, had, left_out, link_in

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda more: st.lists(more) | st.dictionaries(st.text(), more),
    max_leaves=5,
)
NAMED = st.fixed_dictionaries({"url": st.text()}, optional={"mediaType": ANYTHING})
WHY = st.none() | st.sampled_from(NotRead)


@given(st.lists(NAMED | ANYTHING, max_size=9), st.lists(WHY, min_size=MOST, max_size=MOST))
def test_each_is_looked_at_or_named_with_a_reason(
    files: list[Any], became: list[NotRead | None]
) -> None:
    named = [*map(link_in, files)]
    links = had(named)
    assert len(links) <= MOST
    attached = [
        replace(link.missing(NotRead.GONE), why=why)
        for link, why in zip(links, became, strict=False)
    ]
    told = dict(left_out(named, attached))
    assert len(told) + became[: len(links)].count(None) == len(files)
    assert all(told.values())


@pytest.mark.parametrize(
    ("url", "media_type", "name"),
    [
        ("https://a.example/listino%202026.pdf?x=1#p", "application/pdf", "listino 2026.pdf"),
        ("https://a.example/download?id=7", "application/pdf", "download.pdf"),
        ("https://a.example/", "image/jpeg", "file"),
        ("https://a.example/menu.php", "", "menu.php.html"),  # as its server says
        ("https://a.example/%00%0a%E2%80%AEfdp", "", "fdp.html"),
        ("http://[", "text/csv", "file.csv"),
    ],
)
def test_its_name_tells_how_to_read_it(url: str, media_type: str, name: str) -> None:
    assert Link(url, media_type).name("text/html") == name


@pytest.mark.parametrize(
    ("url", "called", "name"),
    [
        ("data:text/csv;charset=utf-8,a,b", "", "file.csv"),
        ("DATA:;base64,AAAA", "../listino.pdf", "listino.pdf"),
        ("data:application/pdf;base64,AAAA", "listino", "listino.pdf"),
        ("data:" + "a" * 999, "", "file"),
    ],
)
def test_what_came_along_is_called_as_it_is_said(url: str, called: str, name: str) -> None:
    assert data_link(url, called).name() == name


@given(st.text(), st.text())
def test_a_name_is_one_line(path: str, media_type: str) -> None:
    name = Link(f"https://a.example/{path}", media_type).name()
    assert name.isprintable()
    assert 0 < len(name) <= LONGEST_NAME + 5
