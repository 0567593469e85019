"""However an access code may be written: what `/unlock` reads as one, anywhere in a text. Pure.

A generated code is eight letters and digits, and nothing else of it matters: not what stands
between them, not their case, width or accents. So any eight in a row may be one, also in the
middle of a word. Work and candidates grow with the text's length alone.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HALF: Final = 4  # of a generated code, as it is printed: AB12-CD34
LENGTH: Final = 2 * HALF
DASHES: Final = (
    "-\u058a\u05be\u2010-\u2015\u2043\u2053\u2212\u2e3a\u2e3b\u301c\ufe58\ufe63\uff0d\u02d7\u2796"
)
_WALL: Final = "|"  # a letter that is in no code
_UNSEEN: Final = "\0"
_BETWEEN: Final = " "
_MOST_SHAPES: Final = 20_000  # characters that somebody has written
_ALIKE: Final = str.maketrans("oil", "011")
_MARKS: Final = frozenset({"Mn", "Me", "Cf", "Cc"})
_ROW: Final = re.compile(r"[a-z0-9|]+")
_WALLS: Final = re.compile(r"\|+")
_MIXED: Final = re.compile(rf"(?=[a-z]{{0,{LENGTH - 1}}}[0-9])(?=([a-z0-9]{{{LENGTH}}}))")
_SPELLED: Final = re.compile(  # letters alone, of which some may be digits
    rf"(?=[a-z]{{0,{LENGTH - 1}}}[oil])(?=[a-z]{{0,{LENGTH - 1}}}[a-hjkmnp-z])[a-z]{{{LENGTH}}}"
)
_LETTER: Final = re.compile(r"[a-hjkmnp-z]")  # that no digit is taken for
_PRINTED: Final = re.compile(  # no part of anything longer, such as the number of a licence
    rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][{DASHES}])"
    rf"([A-Za-z0-9]{{{HALF}}}[{DASHES}][A-Za-z0-9]{{{HALF}}})(?![{DASHES}]?[A-Za-z0-9])"
)
_ONE_OF_FOUR: Final = (  # rooms, and days: A101-B110, 5aug-8sep
    frozenset({"a000", "000a"}),
    frozenset({"aaa0", "0aaa"}),
)
_PAIRS: Final = (frozenset({"am", "pm"}), frozenset({"st", "nd", "rd", "th"}))


def canonical(code: str) -> str:
    """An access code as it is compared: letters and digits, no case, O like 0, I and L like 1."""
    folded = unicodedata.normalize("NFKC", code).casefold()
    return re.sub(r"[\W_]", "", folded).translate(_ALIKE)


def plain(spelling: str) -> str:
    """A generated code as it is compared, however it is written: accents do not matter either."""
    return _letters(spelling.translate(_SHAPES)).stream.replace(_WALL, "").translate(_ALIKE)


def looks_printed(code: str) -> bool:
    """Whether a code has the form in which generated ones are given out."""
    return _PRINTED.match(code) is not None


def printed(text: str) -> Iterator[str]:
    """The words with a letter and a digit that have this form, such as AB12-CD34; no ranges."""
    for match in _PRINTED.finditer(text):
        word = match[1]
        if re.search("[0-9]", word) and re.search("[A-Za-z]", word) and not is_range(word):
            yield word


def is_range(word: str) -> bool:
    """Whether a word of the printed form says from where to where, such as 10am-12pm."""
    first, last = word[:HALF].lower(), word[HALF + 1 :].lower()
    layouts = {re.sub("[0-9]", "0", half) for half in (first, last)}
    shapes = {re.sub("[a-z]", "a", layout) for layout in layouts}
    names = {re.sub("[0-9]", "", half) for half in (first, last)}
    if len(layouts) == 1 or any(shapes <= both for both in _ONE_OF_FOUR):
        return True
    return any(names <= pair for pair in _PAIRS)


def spellings(text: str, *, words: bool) -> Iterator[str]:
    """Whatever may be a generated code, as it stands there: what one looks like, the caller knows.

    With `words` also what is spelled in letters alone, O for 0, where it stands by itself.
    """
    if len(text) < LENGTH or not (words or any(map(str.isnumeric, text))):
        return
    letters = _letters(text.translate(_SHAPES))
    for match in _MIXED.finditer(letters.stream):
        if _LETTER.search(match[1]):
            yield letters.standing(text, match.start())
    for start in letters.opens if words else ():
        if start + LENGTH in letters.opens and _SPELLED.match(letters.stream, start):
            yield letters.standing(text, start)


def beginning(text: str) -> str:
    """The shortest beginning that has as many letters and digits as a code; empty if none."""
    letters = _letters(text.translate(_SHAPES))
    return text[: letters.at[LENGTH - 1] + 1] if len(letters.stream) >= LENGTH else ""


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters and digits of a text in a row, where each stood, and which begin a word.

    Behind the last one there is room for another word.
    """

    stream: str
    at: Sequence[int]
    opens: Mapping[int, None]

    def standing(self, text: str, start: int) -> str:
        return text[self.at[start] : self.at[start + LENGTH - 1] + 1]


def _letters(shape: str) -> _Letters:
    row: list[str] = []
    at: list[int] = []
    opens: dict[int, None] = {}
    end = 0
    for match in _ROW.finditer(shape):
        if not at or shape[end : match.start()].strip(_UNSEEN):
            opens[len(at)] = None
        row.append(match[0])
        end = match.end()
        at.extend(range(match.start(), end))
    stream = "".join(row)
    for wall in _WALLS.finditer(stream):
        opens[wall.start()] = opens[wall.end()] = None
    opens[len(at)] = None
    return _Letters(stream, at, opens)


class _Shapes(dict[int, str]):
    """What each character is in a code: one letter or digit, a wall, not seen, or between them."""

    def __missing__(self, number: int) -> str:
        shape = _shape(chr(number))
        if len(self) < _MOST_SHAPES:
            self[number] = shape
        return shape


def _shape(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char).casefold()
    kept = "".join(str(unicodedata.decimal(part, part)) for part in parts if part.isalnum())
    if kept:
        return kept if len(kept) == 1 and kept.isascii() else _WALL
    return _UNSEEN if unicodedata.category(char) in _MARKS else _BETWEEN


_SHAPES: Final = _Shapes()
