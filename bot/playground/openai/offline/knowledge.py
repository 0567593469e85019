"""The company's knowledge cut into passages: list items and sentences, under their headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.playground.openai.offline.tables import spell_tables

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_LABEL = re.compile(r"^\s*(?:\*\*|__)?([^.!?:|]{2,60}):?(?:\*\*|__)?:?\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+•–—]|\d{1,2}[.)])\s+(.*)$")
_FILE = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_QUESTION = re.compile(r"^\s*(?:[DQВ]\s*[:.)]|\*\*[DQВ]\*\*:?)\s*(.*\?)\s*$")
_ABBREVIATIONS = (
    "sig",
    "dr",
    "dott",
    "n",
    "art",
    "ecc",
    "es",
    "tel",
    "mr",
    "mrs",
    "st",
    "ул",
    "руб",
)
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-ZА-Я]\.)"
    + "".join(rf"(?<!\b(?i:{word})\.)" for word in _ABBREVIATIONS)
    + r"\s+(?=[\"«(*]?[A-ZÀ-ÝА-ЯЁ0-9])"
)
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest thing that can be quoted."""

    text: str
    heading: str  # the nearest; empty when there is none
    context: str  # all headings above it
    section: int  # passages of one heading share it
    source: str = ""  # the name under which the company added it, as its heading says it


def read_passages(knowledge: str) -> list[Passage]:
    """Cut the knowledge up, in its order."""
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    section = 0
    for block in _read_blocks(knowledge):
        if block.level:
            section += 1
            headings = [pair for pair in headings if pair[0] < block.level]
            headings.append((block.level, block.text))
            continue
        heading = headings[-1][1] if headings else ""
        heading = "" if _FILE.search(heading) else heading  # how a file is called tells no client
        context = " ".join(text for _, text in headings)
        source = headings[0][1] if headings and headings[0][0] == 1 else ""
        for sentence in [block.text] if block.row else _split(block.text):
            passages.append(Passage(sentence, heading, context, section, source))
    return passages


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    level: int = 0  # of a heading; 0 for anything else
    row: bool = False  # of a table


_LABEL_LEVEL = 7  # a line of its own that ends in a colon, below every real heading


def _read_blocks(knowledge: str) -> Iterator[_Block]:
    """Headings, list items and paragraphs; a line that continues an item belongs to it."""
    pending = ""
    for line, row in [*spell_tables(knowledge), ("", False)]:
        own = _Block(_clean(line), row=True) if row else _read_line(line)
        if own is None and line.strip():
            pending = f"{pending} {_clean(line)}".strip()
            continue
        if pending:
            yield _Block(pending)
            pending = ""
        if own is not None and (own.level or own.row):
            yield own
        elif own is not None:
            pending = own.text


def _read_line(line: str) -> _Block | None:
    """The block that begins on this line, if one does."""
    if heading := _HEADING.match(line):
        return _Block(_clean(heading[1]), line.lstrip().index(" "))
    if item := _ITEM.match(line):
        return _Block(_clean(item[1]))
    if line.count("|") > 1:  # a row without a heading
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        return _Block(_clean(", ".join(filter(None, cells))))
    if question := _QUESTION.match(line):
        return _Block(_clean(question[1]), _LABEL_LEVEL)
    label = _LABEL.match(line)
    if label and (line.rstrip(" *_").endswith(":") or line.strip().startswith(("**", "__"))):
        return _Block(_clean(label[1]), _LABEL_LEVEL)
    return None


def _split(text: str) -> list[str]:
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip())]


def _clean(text: str) -> str:
    return " ".join(_EMPHASIS.sub(r"\2", text).split())
