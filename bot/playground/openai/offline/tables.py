"""Tables as people paste and send them: each row becomes a line that says its headings."""

import csv
import re
from collections.abc import Iterator, Sequence

_RULE = re.compile(r"^\s*\|?[\s:|=-]*-[\s:|=-]*$")  # the line under a table's heading
_DELIMITERS = ("|", "\t", ";", ",")
_LONGEST = 2_000  # characters of a row; `csv` itself refuses a cell of more than 131,072


def spell_tables(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of the text, and whether one is a table's row, which stands alone."""
    lines = [line for line in text.splitlines() if "|" not in line or not _RULE.match(line)]
    while lines:
        rows = _read_table(lines)
        if not rows:
            yield lines.pop(0), False
            continue
        yield from ((_spell(rows[0], row), True) for row in rows[1:])
        del lines[: len(rows)]


def _read_table(lines: Sequence[str]) -> list[list[str]]:
    """The table that these lines begin with, its heading first; empty when they do not."""
    for delimiter in _DELIMITERS:
        rows: list[list[str]] = []
        for line in lines:
            cells = _cells(line, delimiter)
            if not cells[1:] or (rows and len(cells) != len(rows[0])):
                break
            if not rows and any(char.isdigit() for char in "".join(cells)):
                break  # before all that follow are read: each of them may begin a table
            rows.append(cells)
        if len(rows) > 1:
            return rows
    return []


def _cells(line: str, delimiter: str) -> list[str]:
    """The line's cells; commas with a space behind them are those of a sentence."""
    if len(line) > _LONGEST:
        return []
    if delimiter == "," and ", " in re.sub(r'"[^"]*"', "", line):
        return []
    line = line.strip().strip("|") if delimiter == "|" else line
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _spell(headings: Sequence[str], row: Sequence[str]) -> str:
    """What the row is about, then each heading with its value."""
    pairs = zip(headings[1:], row[1:], strict=True)
    values = ", ".join(f"{_small(heading)}: {value}" for heading, value in pairs if value)
    return f"{row[0]} – {values}" if row[0] and values else row[0] or values


def _small(heading: str) -> str:
    """With a small first letter, unless it is an abbreviation."""
    return heading[:1].lower() + heading[1:] if heading[1:].islower() else heading
