"""What CommonMark takes for markup and a chat does not mean.

An assistant that writes `2*3*4`, `Press <Enter>` or `$5 or $6` means just that. The parser
itself tells what it would take for markup; what is not meant gets a backslash, and the text
is parsed again until nothing is left to escape. Offsets are bytes of the UTF-8 source.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.telegram.growth import is_tame
from bot.telegram.parsed import Node, Parsed, parse_markdown

_WORK: Final = 8_000  # events that may be read of one text, over all rounds
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_CONTACT: Final = re.compile(r"(?:mailto|tel):", re.IGNORECASE)
_COMPARISON: Final = re.compile(rb">[0-9=]")
_NAME: Final = re.compile(r"__\w+__")
_NO_LETTERS: Final = re.compile(r"[\W_]+")


def escape_unmeant(source: str) -> Parsed | None:
    """The source with backslashes where needed, parsed.

    None when no end is in sight, or when showing it would cost or become too much.
    """
    work = _WORK
    while parsed := parse_markdown(source, at_most=work):
        work -= len(parsed.nodes) + 1
        if not is_tame(parsed):
            return None
        offsets = sorted(set(_unmeant(source.encode(), parsed.nodes)))
        if not offsets:
            return parsed
        source = _escape(source.encode(), offsets)
    return None


def is_link(url: str) -> bool:
    """Whether it may become a link: the web and nothing else."""
    return _LINK.fullmatch(url) is not None


def keeps_letters(parsed: Parsed, shown: str) -> bool:
    """Whether every letter and digit meant to be seen is shown, in order."""
    visible = _visible(parsed.source.encode(), parsed.nodes)
    expected, letters = _letters(visible), _letters(shown)
    remaining = iter(letters)
    return expected == letters or all(letter in remaining for letter in expected)


def _unmeant(source: bytes, nodes: Sequence[Node]) -> Iterator[int]:
    """Offsets that want a backslash."""
    in_table = False
    for index, node in enumerate(nodes):
        match node.name:
            case "Table":
                in_table = node.phase == "Start"
            case "InlineHtml" | "Html":
                yield from _opening_bracket(source, node)
            case "BlockQuote" if _COMPARISON.match(source, node.start):
                yield node.start
            case "InlineMath":
                yield from (node.start, node.end - 1)
            case "DisplayMath":
                yield from (node.start, node.start + 1, node.end - 2, node.end - 1)
            case "Emphasis":
                yield from _marks(source, node, width=1)
            case "Strong":
                yield from _marks(source, node, width=2)
            case "Link" | "Image" if node.phase == "Start":
                # The converter's tables show no links: there the target must stay in sight.
                if in_table or not _is_meant(node, _label(nodes, index)):
                    yield node.start + (node.name == "Image")
            case "Strikethrough" if source[node.start : node.start + 2] != b"~~":  # about 5
                yield from (node.start, node.end - 1)


def _opening_bracket(source: bytes, node: Node) -> Iterator[int]:
    line = source[node.start : node.end]
    indent = len(line) - len(line.lstrip())
    if line[indent:].startswith(b"<"):
        yield node.start + indent


def _marks(source: bytes, node: Node, *, width: int) -> Iterator[int]:
    """The stars of 2*3*4 and 2**8**1, and the underscores of a name like __init__."""
    start, end = node.start, node.end
    if source[start : start + 1] == b"*":
        neighbours = source[max(0, start - 1) : start] + source[end : end + 1]
        is_literal = re.search(rb"[0-9A-Za-z]" if width == 1 else rb"[0-9]", neighbours) is not None
    else:
        is_literal = _NAME.fullmatch(source[start:end].decode()) is not None
    if is_literal:
        yield from (*range(start, start + width), *range(end - width, end))


def _is_meant(link: Node, label: str) -> bool:
    """A link to the web, or to an address that its label shows anyway."""
    url, kind = link.value["dest_url"], link.value["link_type"]
    if kind not in {"Inline", "Autolink", "Email"} or not _letters(label):
        return False
    is_contact = kind == "Email" or _CONTACT.match(url)
    return is_link(url) or bool(is_contact and _letters(_CONTACT.sub("", url)) in _letters(label))


def _inside(nodes: Sequence[Node], index: int) -> Iterator[Node]:
    """The leaves with text inside the construct that starts at `index`."""
    end = nodes[index].end
    for inner in range(index + 1, len(nodes)):
        if nodes[inner].end > end:
            return
        if nodes[inner].name in {"Text", "Code"}:
            yield nodes[inner]


def _label(nodes: Sequence[Node], index: int) -> str:
    return "".join(node.value for node in _inside(nodes, index))


def _visible(source: bytes, nodes: Sequence[Node]) -> str:
    """The source without what Markdown hides: link targets, languages of code, check boxes."""
    text = bytearray(source)
    for index in range(len(nodes)):
        if hidden := _hidden(source, nodes, index):
            text[hidden] = b" " * (hidden.stop - hidden.start)
    return text.decode()


def _hidden(source: bytes, nodes: Sequence[Node], index: int) -> slice | None:
    node = nodes[index]
    match node.name:
        case "Link" | "Image" if node.phase == "Start":
            return slice(max(inner.end for inner in _inside(nodes, index)), node.end)
        case "CodeBlock" if node.phase == "Start" and "Fenced" in node.value:
            line_end = source.find(b"\n", node.start, node.end)
            return slice(node.start, node.end if line_end < 0 else line_end)
        case "TaskListMarker":
            return slice(node.start, node.end)
        case "Text" if source[node.start : node.end] != node.value.encode():  # &amp;
            return slice(node.start, node.end)
    return None


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _escape(source: bytes, offsets: Sequence[int]) -> str:
    bounds = (0, *offsets, len(source))
    return b"\\".join(source[low:high] for low, high in pairwise(bounds)).decode()
