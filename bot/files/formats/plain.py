"""Plain text in whatever encoding it was saved."""

from collections.abc import Iterator

from bot.files.errors import BrokenFile
from bot.files.formats import encoding


def read(data: bytes) -> Iterator[str]:
    """The text as it is. Raises BrokenFile when it is none."""
    yield decode(data)


def decode(data: bytes) -> str:
    """The text of these bytes. Raises BrokenFile when they are none."""
    text = encoding.decode(data)
    if text is None:
        raise BrokenFile
    return text
