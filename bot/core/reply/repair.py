"""What can be saved of a reply that is no JSON: cut, or damaged by whoever wrote it."""

import json
import re
from bisect import bisect_left
from typing import Final, Literal

import jiter

from bot.core.reply.shapes import read_closed

_LAST_BREAK: Final = re.compile(r".*[\s、。，！？；：]", re.DOTALL)  # these scripts have no spaces
_SENTENCE_ENDS: Final = (".", "!", "?", "…", "。", "！", "？")

_GAP: Final = r"(?:\s|\\[nrt])*+"  # a break may be there as it would stand in a string
_ESCAPE: Final = r"""\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})"""
_HEAD: Final = re.compile(
    rf"""(?:\{{{_GAP}\\?["']?messages\\?["']?{_GAP}:{_GAP}(?:\[{_GAP})?|\[{_GAP})(?=")"""
)
_STRING: Final = re.compile(rf"""\"(?:[^"\\\x00-\x1f]|{_ESCAPE})*+\"""")
_OPEN_STRING: Final = re.compile(
    rf"""\"(?:[^"\\\x00-\x1f]|{_ESCAPE})*+(?:\\(?:u[0-9a-fA-F]{{0,3}})?)?\Z"""
)
_COMMA: Final = re.compile(rf"{_GAP},{_GAP}")
_OVER: Final = re.compile(rf"{_GAP}(?:,{_GAP}\Z|\]|\}}{_GAP}\Z|\Z)")
_STRAY: Final = re.compile(rf"""{_GAP}[\]}},;]*+{_GAP},?{_GAP}\"""")
_BETWEEN: Final = re.compile(rf"""\"{_GAP},{_GAP}\"|\"\s++\"""")
_END: Final = re.compile(
    rf"""\"{_GAP},?{_GAP}(?:\]{_GAP})?(?=\}}{_GAP}(?:```|\Z)|\Z|```)|\"{_GAP}\](?={_GAP},{_GAP}\")"""
)
_ANY_ESCAPE: Final = re.compile(_ESCAPE)


def parse_partly(text: str, *, mode: Literal[True, "trailing-strings"] = True) -> list[str] | None:
    """The strings of the beginning of a reply; None when it can no longer become JSON."""
    try:
        value = jiter.from_json(text.encode(), partial_mode=mode, catch_duplicate_keys=True)
    except ValueError:  # also a lone surrogate, which cannot be encoded
        return None
    return read_closed(value)


def find_closed(text: str) -> list[str]:
    """The closed strings of the longest beginning that may become JSON."""
    if (strings := parse_partly(text)) is not None:
        return strings
    ends = [0, *(quote.end() for quote in re.finditer('"', text))]
    first_wrong = bisect_left(ends, 1, lo=1, key=lambda end: parse_partly(text[:end]) is None)
    return parse_partly(text[: ends[first_wrong - 1]]) or []


def save(text: str) -> list[str]:
    """The closed strings, and as much of the open one as reads well."""
    closed = find_closed(text)
    opened = (parse_partly(text, mode="trailing-strings") or [])[len(closed) :]
    return [*closed, *(string for one in opened for string in _save_open(one))]


def mend(text: str, closed: list[str]) -> list[str]:
    """The strings of a reply that holds quotes, breaks or backslashes as they are.

    `closed` are those that may have been shown already: the first of them may have been closed by
    a quote that was meant to be read. Empty when nothing of this sort is the matter.
    """
    head = _HEAD.match(text)
    if head is None:
        return []
    position = _skip_closed(text, head.end(), len(closed))
    if _OPEN_STRING.match(text, position) or _OVER.match(text, position):
        return []
    return [*closed, *_read_loosely(text[position:], inside=bool(closed))]


def cut_back(text: str) -> str:
    """Drop the word that was cut, and show that there was more, unless a sentence just ended."""
    text = text.replace("\0", "")
    if text.rstrip().endswith(_SENTENCE_ENDS):
        return text
    rest = _LAST_BREAK.match(text)
    kept = rest.group().rstrip(" \t\r\n,;:-(，、") if rest else ""
    return kept if not kept or kept.endswith(_SENTENCE_ENDS) else f"{kept}…"


def _save_open(string: str) -> list[str]:
    if string.lstrip().startswith('{"messages"'):
        return save(string.lstrip())
    return [cut_back(string)]


def _skip_closed(text: str, position: int, count: int) -> int:
    """Where what follows the last of so many strings begins."""
    for _ in range(count):
        string = _STRING.match(text, position)
        if string is None:
            break
        comma = _COMMA.match(text, string.end())
        position = comma.end() if comma else string.end()
    return position


def _read_loosely(text: str, *, inside: bool) -> list[str]:
    """Strings between quotes, where only a quote with a comma or an end behind it counts."""
    first = _STRAY.match(text)
    body = text[first.end() :] if first else text
    end = _END.search(body)
    pieces = [_read_piece(piece) for piece in _BETWEEN.split(body[: end.start()] if end else body)]
    if not first and inside and pieces[0].count('"') % 2:
        pieces[0] = f'"{pieces[0]}'  # the quote that seemed to close the string before
    if not end:
        pieces[-1] = cut_back(pieces[-1])
    return pieces


def _read_piece(piece: str) -> str:
    """Escapes count where all of them are JSON's; else the backslashes are meant to be seen."""
    valid = _ANY_ESCAPE.sub("", piece)
    if "\\" in valid:
        return piece.replace('\\"', '"')
    return _ANY_ESCAPE.sub(lambda escape: json.loads(f'"{escape.group()}"'), piece)
