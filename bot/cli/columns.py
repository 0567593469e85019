"""Text in columns, for a terminal. Pure."""

from collections.abc import Sequence

from bot.core.visible import visible

GAP = "  "


def align(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, each column as wide as its widest cell; no cell begins another line."""
    rows = [[in_a_cell(cell) for cell in row] for row in rows]
    widths = measure(rows)
    return "\n".join(pad(row, widths).rstrip() for row in rows)


def measure(rows: Sequence[Sequence[str]]) -> Sequence[int]:
    """How wide each column is."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def pad(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A line; what goes beyond the widths follows as it is."""
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return GAP.join((*padded, *cells[len(widths) :]))


def in_a_cell(text: str) -> str:
    """The text as it is shown, in one line."""
    return visible(" ".join(text.splitlines()))


def shorten(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
