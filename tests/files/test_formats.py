"""Each format's reader on what chance wrote."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.files.__main__ import tidy
from bot.files.errors import EXIT_CODES, BrokenFile, FileError
from bot.files.formats import html, plain, table
from bot.files.kinds import FileKind, kind_of


@given(st.text())
@example("a\r\nb\u2028c\x0bd\x85e")
@example("\u200b\u00ad\ufeff\x00\ud800")
@example("a\n\n\n\n  \nb \t ")
def test_tidied_text_is_tidy(text: str) -> None:
    tidied = tidy(text)

    assert tidied == tidy(tidied)
    assert not set(tidied) & set("\r\t\x00\x0b\x0c\u2028\u00a0\u200b\ud800")
    assert "\n\n\n" not in tidied
    assert all(line == line.rstrip(" ") for line in tidied.split("\n"))


def test_tidying_keeps_what_is_read() -> None:
    assert tidy("Prezzo:\t15 €\r\n\r\n\r\n\r\nfamiglia 👨‍👩‍👧") == "Prezzo: 15 €\n\nfamiglia 👨‍👩‍👧"


@given(st.text(max_size=200))
def test_any_text_is_a_table_of_some_kind(text: str) -> None:
    try:
        rows = list(table.read(text.encode()))
    except BrokenFile:
        assert "\0" in text
    else:
        assert len(rows) <= len(text.splitlines()) + 1


@given(st.lists(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=2)))
def test_no_cell_of_a_table_is_lost(rows: list[list[str]]) -> None:
    text = "\n".join(";".join(row) for row in rows)

    read = "\n".join(table.read(text.encode()))

    assert all(cell in read for row in rows for cell in row)


@given(st.binary(max_size=300))
def test_bytes_are_text_or_broken(data: bytes) -> None:
    try:
        text = "".join(plain.read(data))
    except BrokenFile:
        return
    assert "\0" not in text


@given(st.recursive(st.text(max_size=9), lambda inner: inner.map(lambda text: f"<b>{text}")))
def test_any_page_gives_text(page: str) -> None:
    if "\0" in page:
        with pytest.raises(BrokenFile):
            list(html.read(page.encode()))
    else:
        assert isinstance("".join(html.read(page.encode())), str)


@given(st.text(max_size=12), st.binary(max_size=64))
def test_any_name_and_first_bytes_are_of_a_kind_or_none(name: str, data: bytes) -> None:
    with suppress(FileError):
        assert kind_of(name, data) in FileKind


def test_each_error_has_a_code_of_its_own() -> None:
    assert set(EXIT_CODES) == set(FileError.__subclasses__())
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)
