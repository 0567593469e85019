"""A table as words: a paragraph per row, a line "column: value" per cell."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final, TextIO

from bot.files.formats.plain import decode

_DELIMITERS: Final = ",;\t|"
_SEPARATOR_LINE: Final = re.compile(rf"sep=([{_DELIMITERS}])\r?\n", re.IGNORECASE)  # Excel's
_CELL_CHARACTERS: Final = 1_000_000


def read(data: bytes) -> Iterator[str]:
    """The rows under the names of the first one. Raises BrokenFile."""
    text = decode(data)
    declared = _SEPARATOR_LINE.match(text)
    body = io.StringIO(text[declared.end() :] if declared else text, newline=None)
    delimiter = declared[1] if declared else _delimiter(body)
    csv.field_size_limit(_CELL_CHARACTERS)
    rows = filter(any, csv.reader(body, delimiter=delimiter))
    names = next(rows, [])
    yield " | ".join(names)
    for row in rows:
        yield "\n".join(_lines(names, row))


def _delimiter(body: TextIO) -> str:
    """What stands most often in the first line, the names; a comma where it is one name alone."""
    names = next(filter(str.strip, body), "")
    body.seek(0)
    return max(_DELIMITERS, key=names.count)


def _lines(names: list[str], row: list[str]) -> Iterator[str]:
    for name, cell in zip_longest(names, row, fillvalue=""):
        label, value = " ".join(name.split()), " ".join(cell.split())
        if value:
            yield f"{label}: {value}" if label else value
