"""What Markdown would become: deep nesting and wide tables grow far beyond what was written.

A line of 4,000 characters can open 2,000 lists, each indented deeper than the one before, and one
long cell pads every row of its table. A look at the events tells it before the text is made.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

from bot.telegram.parsed import Node, Parsed

_DEEPEST: Final = 20  # constructs inside one another: six lists, and something bold in the last
_FREE: Final = 4_096  # characters that even a short text may gain
_INDENT: Final = 2  # of a list inside a list
_GAP: Final = 3  # between two cells of a row


def is_tame(parsed: Parsed) -> bool:
    """Whether nothing lies deep, and the text becomes at most about twice as long."""
    gained = sum(chain(_indents(parsed.nodes), _tables(parsed.nodes), _looks_back(parsed.nodes)))
    return _depth(parsed.nodes) <= _DEEPEST and gained <= len(parsed.source) + _FREE


def _depth(nodes: Sequence[Node]) -> int:
    depth = deepest = 0
    for node in nodes:
        depth += (node.phase == "Start") - (node.phase == "End")
        deepest = max(deepest, depth)
    return deepest


def _indents(nodes: Sequence[Node]) -> Iterator[int]:
    lists = 0
    for node in nodes:
        match node.name, node.phase:
            case "List", phase:
                lists += 1 if phase == "Start" else -1
            case "Item", "Start":
                yield _INDENT * (lists - 1)


def _tables(nodes: Sequence[Node]) -> Iterator[int]:
    """The size of each table: every cell is as wide as the widest of its column."""
    widths: list[int] = []
    rows = column = 0
    for node in nodes:
        match node.name, node.phase:
            case "Table", "Start":
                widths, rows = [], 0
            case (("TableHead" | "TableRow"), "Start"):
                rows, column = rows + 1, 0
            case "TableCell", "Start":
                widths += [0] * (column + 1 - len(widths))
                widths[column] = max(widths[column], node.end - node.start)
                column += 1
            case "Table", "End":
                yield (rows + 1) * sum(width + _GAP for width in widths)


def _looks_back(nodes: Sequence[Node]) -> Iterator[int]:
    """Nothing longer, but work: at each empty code block the converter looks over all others."""
    empty = 0
    for node, following in pairwise(nodes):
        if node.name == following.name == "CodeBlock" and node.phase == "Start":
            empty += 1
            yield empty
