"""A page as Markdown: headings, lists, tables and links stay; scripts and pictures go."""

from collections.abc import Iterator
from typing import Final

from bs4 import BeautifulSoup
from markdownify import ATX, MarkdownConverter

from bot.files.errors import TooLarge

PAGE_BYTES: Final = 5 * 1024**2  # its tree takes a hundred times as much
_UNREAD: Final = ["script", "style", "noscript", "template", "svg", "iframe", "object"]


def read(data: bytes) -> Iterator[str]:
    """The page, decoded by what it says of itself. Raises TooLarge."""
    if len(data) > PAGE_BYTES:
        raise TooLarge
    yield markdown(data)


def markdown(page: str | bytes) -> str:
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
