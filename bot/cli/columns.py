"""Text in columns, for a terminal. Pure."""

from collections.abc import Sequence

GAP = "  "


def align(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, each column as wide as its widest cell."""
    widths = measure(rows)
    return "\n".join(pad(row, widths).rstrip() for row in rows)


def measure(rows: Sequence[Sequence[str]]) -> Sequence[int]:
    """How wide each column is."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def pad(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A line; what goes beyond the widths follows as it is."""
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return GAP.join((*padded, *cells[len(widths) :]))


def shorten(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
