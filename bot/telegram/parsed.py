"""What the parser finds in a Markdown text. Offsets are bytes of its UTF-8 source."""

from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import pyromark
from telegramify_markdown.converter import STANDARD_OPTIONS


class Node(NamedTuple):
    """One event of the parser: where a construct starts or ends, or a piece of text."""

    phase: str  # "Start", "End", or "" for a leaf
    name: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A source, the parser's events as the converter takes them, and the same as nodes."""

    source: str
    events: tuple[Any, ...]
    nodes: tuple[Node, ...]


def parse_markdown(source: str, *, at_most: int) -> Parsed | None:
    """Parse the way the converter does; None when there are more events than `at_most`.

    The parser makes them one by one, so the rest costs nothing.
    """
    found = pyromark.events_with_range(source, options=STANDARD_OPTIONS)
    events = tuple(islice(found, max(0, at_most) + 1))
    if len(events) > at_most:
        return None
    nodes = tuple(_node(event, span["start"], span["end"]) for event, span in events)
    return Parsed(source, events, nodes)


def _node(event: Any, start: int, end: int) -> Node:
    if isinstance(event, str):
        return Node("", event, None, start, end)
    ((phase, value),) = event.items()
    if phase not in {"Start", "End"}:
        return Node("", phase, value, start, end)
    if isinstance(value, str):
        return Node(phase, value, None, start, end)
    ((name, details),) = value.items()
    return Node(phase, name, details, start, end)
