"""What becomes of the files that people send: the real reader, in its own process."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.attachments import LARGEST_BYTES
from bot.files import (
    EXTENSIONS,
    BrokenFile,
    EncryptedFile,
    FileError,
    TextMissing,
    TextTooLong,
    TooLarge,
    TooSlow,
    Unsupported,
    read_text,
)
from tests.files.samples import docx, pdf, zipped

RUSSIAN = "Завтрак подаётся с 7:00 до 10:30, парковка стоит 15 евро."
PAGE = """\
<html><head><title>Hotel Aurora</title><style>p { color: red }</style></head><body>
<h1>Check-in</h1><p>From <b>14:00</b>, see <a href="https://aurora.example/map">the map</a>.</p>
<ul><li>Wi-Fi</li><li>parking_lot</li></ul>
<table><tr><th>Room</th><th>Price</th></tr><tr><td>Double</td><td>120 €</td></tr></table>
<script>track()</script><img src="x.png" alt="a picture"></body></html>
"""
PAGE_TEXT = """\
Hotel Aurora

# Check-in

From **14:00**, see [the map](https://aurora.example/map).

- Wi-Fi
- parking_lot

| Room | Price |
| --- | --- |
| Double | 120 € |"""


async def read(name: str, data: bytes, *, max_characters: int = 400_000) -> str:
    return await read_text(name, data, max_characters=max_characters)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1251", "koi8-r", "cp866"],
)
async def test_a_text_is_read_in_the_encoding_it_was_saved_in(encoding: str) -> None:
    assert await read("prezzi.TXT", RUSSIAN.encode(encoding)) == RUSSIAN


async def test_an_italian_text_of_an_old_windows() -> None:
    text = "Il caffè è a 2 €, però non la domenica."

    assert await read("bar.md", text.encode("cp1252")) == text


async def test_a_pdf_gives_the_text_of_its_pages() -> None:
    assert await read("a.pdf", pdf("Check-in 14:00", "", "Breakfast")) == (
        "Check-in 14:00\n\nBreakfast"
    )


async def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    assert await read("a.pdf", pdf("Check-in 14:00", password="")) == "Check-in 14:00"


async def test_a_word_document_keeps_its_tables() -> None:
    document = docx(
        "Camere &amp; prezzi", "Listino:", table=[["Doppia", "120 €"], ["Suite", "300 €"]]
    )

    assert await read("a.docx", document) == (
        "Camere & prezzi\n\nListino:\n\n| Doppia | 120 € |\n| --- | --- |\n| Suite | 300 € |"
    )


async def test_a_page_keeps_what_is_read_and_loses_what_runs() -> None:
    assert await read("index.htm", PAGE.encode()) == PAGE_TEXT


async def test_a_page_says_its_own_encoding() -> None:
    page = f'<meta charset="windows-1251"><p>{RUSSIAN}</p>'

    assert await read("a.html", page.encode("cp1251")) == RUSSIAN


PRICES = "<p>Doppia: 120 €, la colazione è inclusa</p>"


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("", "cp1252"),
        ("", "utf-8"),
        ('<meta charset="utf-8">', "cp1252"),  # a template's, saved by another program
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta charset="no-such-thing">', "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "cp1252"),
    ],
)
async def test_a_page_that_says_nothing_true_of_its_encoding(said: str, encoding: str) -> None:
    page = (said + PRICES).encode(encoding)

    assert await read("a.html", page) == "Doppia: 120 €, la colazione è inclusa"


async def test_a_word_documents_headers_and_footers_are_read_once() -> None:
    document = docx(
        "Camere",
        headers=["Hotel Aurora, tel. 02 555 1234", "Hotel Aurora, tel. 02 555 1234"],
        footers=["Via Roma 1", "12"],
    )

    assert await read("a.docx", document) == (
        "Hotel Aurora, tel. 02 555 1234\n\nCamere\n\nVia Roma 1"
    )


async def test_hidden_text_of_a_word_document_is_not_read() -> None:
    hidden = "</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>sconto 50%</w:t></w:r><w:r><w:t>"
    shown = '</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> 120 €</w:t></w:r><w:r><w:t>'

    assert await read("a.docx", docx(f"Doppia:{hidden}{shown}")) == "Doppia: 120 €"


@pytest.mark.parametrize(
    "text",
    [
        'Camera,Prezzo\n"Doppia, vista mare",120\nSuite,300\n',
        "Camera;Prezzo\r\nDoppia, vista mare;120\r\n;\r\nSuite;300\r\n",
        "sep=|\nCamera|Prezzo\nDoppia, vista mare|120\nSuite|300",
    ],
)
async def test_a_table_names_the_column_of_each_value(text: str) -> None:
    assert await read("listino.csv", text.encode()) == (
        "Camera | Prezzo\n\nCamera: Doppia, vista mare\nPrezzo: 120\n\nCamera: Suite\nPrezzo: 300"
    )


async def test_a_table_with_gaps_and_too_many_cells() -> None:
    assert await read("a.csv", b"Camera,Prezzo\n,120\nSuite,300,mare\n") == (
        "Camera | Prezzo\n\nPrezzo: 120\n\nCamera: Suite\nPrezzo: 300\nmare"
    )


async def test_a_wrong_name_matters_little_where_the_content_tells() -> None:
    assert await read("a.txt", pdf("Check-in 14:00")) == "Check-in 14:00"
    assert await read("a.pdf", docx("Check-in 14:00")) == "Check-in 14:00"


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("tariffe.xls", b"hello", Unsupported),
        ("tariffe", b"hello", Unsupported),
        ("all.zip", zipped({"a.txt": b"hello"}), Unsupported),
        ("sheet.docx", zipped({"xl/workbook.xml": b"<workbook/>"}), Unsupported),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Unsupported),
        ("21.txt", b"x" * (LARGEST_BYTES + 1), TooLarge),
        ("big.html", b"<p>hello</p>" * 500_000, TooLarge),
        ("bomb.docx", docx("hello", extra=b"0" * 80 * 1024**2), TooLarge),
        ("ratio.docx", docx("hello", extra=b"0" * 8 * 1024**2), TooLarge),
        ("locked.pdf", pdf("hello", password="secret"), EncryptedFile),
        (
            "locked.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            EncryptedFile,
        ),
        ("scan.pdf", pdf("", ""), TextMissing),
        ("empty.txt", b"", TextMissing),
        ("lines.md", b"\n---\n \n", TextMissing),
        ("long.txt", b"x" * 400_001, TextTooLong),
        ("pages.pdf", pdf(*["x" * 100_000] * 9), TextTooLong),
        ("named.docx", b"hello", BrokenFile),
        ("named.pdf", b"hello", BrokenFile),
        ("cut.pdf", pdf("hello")[:300], BrokenFile),
        ("cut.docx", docx("hello")[:-40], BrokenFile),
        ("program.txt", bytes(range(256)) * 8, BrokenFile),
        ("deep.html", b"<div>" * 20_000 + b"hello", BrokenFile),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_gives_no_text_says_why(name: str, data: bytes, error: type[FileError]) -> None:
    with pytest.raises(FileError) as raised:
        await read(name, data)

    assert raised.type is error


async def test_a_text_of_just_the_length_fits() -> None:
    assert await read("a.txt", b"\n\nhello\n\n\n\nyou ", max_characters=10) == "hello\n\nyou"


async def test_reading_ends_when_its_time_is_over() -> None:
    with pytest.raises(TooSlow):
        await read_text("a.txt", b"hello", max_characters=10, seconds=0)


SAMPLES = {
    "docx": docx("Camere e prezzi", table=[["Doppia", "120"]]),
    "pdf": pdf("Check-in 14:00", "Breakfast"),
    "html": PAGE.encode(),
    "csv": b"Camera,Prezzo\nDoppia,120\n",
    "txt": RUSSIAN.encode("cp1251"),
}
FEW = settings(max_examples=12, deadline=None)  # each one is a process


@FEW
@given(extension=st.sampled_from(sorted(EXTENSIONS)), data=st.binary(max_size=2_000))
async def test_any_bytes_give_text_or_a_reason(extension: str, data: bytes) -> None:
    with suppress(FileError):
        assert 0 < len(await read(f"file.{extension}", data, max_characters=500)) <= 500


@FEW
@given(
    extension=st.sampled_from(sorted(SAMPLES)),
    place=st.floats(0, 1),
    lost=st.integers(0, 40),
    put=st.binary(max_size=40),
)
async def test_a_damaged_file_gives_text_or_a_reason(
    extension: str, place: float, lost: int, put: bytes
) -> None:
    whole = SAMPLES[extension]
    start = int(place * len(whole))
    with suppress(FileError):
        assert await read(f"file.{extension}", whole[:start] + put + whole[start + lost :])
