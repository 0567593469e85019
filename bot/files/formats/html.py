"""A page as Markdown: headings, lists, tables and links stay; scripts and pictures go."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from markdownify import ATX, MarkdownConverter

from bot.files.errors import TooLarge
from bot.files.formats.plain import decode

PAGE_BYTES: Final = 5 * 1024**2  # its tree takes a hundred times as much
# What browsers read these names as: encoding.spec.whatwg.org, 4.2.
_MEANT: Final = dict.fromkeys(("iso-8859-1", "latin1", "ascii", "us-ascii"), "cp1252")
_UNREAD: Final = ["script", "style", "noscript", "template", "svg", "iframe", "object"]


def read(data: bytes) -> Iterator[str]:
    """The page. Raises TooLarge, and BrokenFile when it is no text."""
    if len(data) > PAGE_BYTES:
        raise TooLarge
    yield markdown(_decode(data))


def markdown(page: str) -> str:
    """A page's text as Markdown."""
    soup = BeautifulSoup(page, "html.parser")
    for element in soup(_UNREAD):
        element.decompose()
    converter = MarkdownConverter(
        heading_style=ATX,
        bullets="-",
        strip=["img"],
        table_infer_header=True,
        escape_asterisks=False,
        escape_underscores=False,
    )
    return str(converter.convert_soup(soup))


def _decode(data: bytes) -> str:
    """By what the page says of itself, where that is true; many say nothing."""
    declared = EncodingDetector.find_declared_encoding(data, is_html=True)
    if declared:
        with suppress(UnicodeDecodeError, LookupError):
            return data.decode(_MEANT.get(declared, declared))
    return decode(data)
