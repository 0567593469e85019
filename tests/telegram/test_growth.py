"""No text costs much more to show than it is long, nor becomes much more than was written.

Work is counted in lines of Python that run, in our modules and in the converter's.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from bot.ports import Rendered
from bot.telegram.render import LONGEST, render

SIZE = 16_000
MOST_LINES = 1_000_000  # a long answer with much markup takes 300,000


def repeated(text: str) -> Callable[[int], str]:
    return lambda size: (text * size)[:size]


def table(row: str, *, widest: str = "") -> Callable[[int], str]:
    return lambda size: f"|a|b|\n|-|-|\n|{widest * (size // 2)}|b|\n{row * size}"[:size]


def wide_table(size: int) -> str:
    line = size // 3
    return "\n".join((repeated("|a")(line), repeated("|-")(line), repeated("|\n")(line)))


def nested(opening: str, closing: str, *, inner: str = "a") -> Callable[[int], str]:
    times = SIZE // (len(opening) + len(closing))
    return lambda size: opening * (times * size // SIZE) + inner + closing * (times * size // SIZE)


def staircase(line: str) -> Callable[[int], str]:
    return lambda size: "".join("  " * depth + line for depth in range(size))[:size]


HOSTILE: dict[str, Callable[[int], str]] = {
    "quotes and lists": repeated(">- "),
    "quotes": repeated(">"),
    "quotes with spaces": repeated("> "),
    "deep quotes on many lines": repeated(">" * 40 + "a\n"),
    "a deep quote that goes on": lambda size: ">" * (size // 2) + "a\n" + "a\n" * (size // 4),
    "lists": lambda size: "- " * (size // 2) + "a",
    "lists with space for more": lambda size: "- " * size + "a",
    "lists with wide gaps": lambda size: "-  " * (size // 3) + "a",
    "numbered lists": repeated("1. "),
    "a staircase": staircase("- **a**\n"),
    "a list and blank lines": lambda size: "- " * (size // 2) + "a\n" + "\n" * (size // 2) + "b",
    "tasks": repeated("- [ ] a\n"),
    "shallow lists on many lines": repeated("- - - - - - **a**\n"),
    "opening brackets": repeated("["),
    "nested brackets": nested("[", "]"),
    "brackets and parentheses": repeated("[a](b "),
    "links": repeated("[a](https://x.it) "),
    "nested links": nested("[a ", "](https://x.it)"),
    "nested images": nested("![", "](https://x.it)"),
    "references": lambda size: f"[a]: {'x' * (size // 2)}\n\n" + "[a]" * (size // 6),
    "entities": repeated("&amp;"),
    "numbers of characters": repeated("&#x41;"),
    "rows": table("|a|b|\n"),
    "rows with links": table("|[a](https://x.it)|b|\n"),
    "rows beside a wide one": table("|a|b|\n", widest="x"),
    "a table of many columns": wide_table,
    "combining marks": lambda size: "*a*" + "\u0301" * size,
    "joined emoji": lambda size: "*a*" + "\u200d😀" * (size // 2),
    "stars": repeated("*"),
    "stars and letters": repeated("*a "),
    "stars of all widths": repeated("*a**"),
    "nested emphasis": nested("*_", "_*"),
    "bold words": repeated("**a** "),
    "products": repeated("2*3*4 "),
    "strikes": repeated("~~a"),
    "single strikes": repeated("~a~ "),
    "backticks": repeated("`"),
    "growing backticks": lambda size: " ".join("`" * n for n in range(size))[:size] + "*a*",
    "code": repeated("`a"),
    "empty blocks of code": repeated("```\n"),
    "blocks of code": repeated("```a\nb\n```\n"),
    "tags": repeated("*a*<a>"),
    "comments": repeated("*a*<!--"),
    "tags that do not end": repeated('*a*<a href="'),
    "headings": repeated("# a\n"),
    "underlined headings": repeated("*a*\n=\n"),
    "formulas": repeated("*a*$$a"),
    "spoilers": repeated("**a**||a"),
    "bars": lambda size: "*a*" + "|" * size,
    "backslashes": repeated("\\"),
    "rules": repeated("---\n\n"),
    "blank lines": lambda size: "*a*" + "\n" * size + "*b*",
    "lines of spaces": repeated("**a**\n \n"),
    "one bold word": lambda size: f"**{'a' * size}**",
    "bold words of a message each": repeated(f"**{'a' * 2_100}** "),
    "letters": repeated("a"),
}


def counted(markdown: str) -> tuple[int, tuple[Rendered, ...]]:
    """How many lines of Python showing a text took, and the messages."""
    lines = 0

    def trace(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        assert lines <= MOST_LINES, f"more than {MOST_LINES} lines"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        messages = render(markdown)
    finally:
        sys.settrace(before)
    return lines, messages


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_becomes_little_and_costs_about_twice_what_half_of_it_does(
    kind: str,
) -> None:
    text = HOSTILE[kind](SIZE)
    lines, messages = counted(text)
    half, _ = counted(HOSTILE[kind](SIZE // 2))
    assert lines <= 2.5 * half + 50_000
    assert len(messages) <= 4 + 4 * len(text) // 4_096
    assert sum(len(one.text) for one in messages) <= 3 * len(text) + 4_096
    assert sum(len(one.entities or "") for one in messages) <= 30 * len(text)


def test_what_is_longer_than_any_answer_is_shown_as_written() -> None:
    text = "**a** " * LONGEST
    assert "".join(one.text + " " for one in render(text)) == text


@pytest.mark.parametrize(
    "deep",
    ["> " * 24 + "a", "- " * 24 + "a", ">- " * 12 + "a"],
)
def test_what_nests_deeper_than_anybody_means_is_shown_as_written(deep: str) -> None:
    assert [one.text for one in render(deep)] == [deep]


def test_a_list_in_a_list_in_a_list_keeps_its_shape() -> None:
    steps = "\n".join("  " * depth + "- **a**" for depth in range(6))
    assert [one.text for one in render(steps)] == [steps.replace("**", "")]


def test_a_table_that_padding_would_make_much_longer_is_shown_as_written() -> None:
    rows = "|a|b|\n|-|-|\n" + f"|{'x' * 500}|b|\n" + "|a|b|\n" * 100
    assert "".join(one.text for one in render(rows)).replace("\n", "") == rows.replace("\n", "")
