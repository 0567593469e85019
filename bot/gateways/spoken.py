"""A bubble for the ear: what a voice reads out, in sentences, as a phone stack takes them. Pure.

Agent Voice Response's core cuts what it gets at every `.`, `!` and `?`, speaks each piece, and
never speaks a tail without one. So such a mark stands at the end of a sentence and nowhere else.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.core.json_text import to_json

PIECE_BYTES: Final = 1000  # of one JSON object: a larger one may not arrive in one piece

_HIDDEN: Final = re.compile(r"【[^】]*】|```\w*|^\s*\|?(?:\s*:?-{3,}:?\s*\|?)+\s*$", re.MULTILINE)
_LINK: Final = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")
_ADDRESS: Final = re.compile(r"<?\b(?:[a-z][a-z0-9+.-]*://|www\.)([^\s<>\"/?#]*)[^\s<>\"]*>?", re.I)
_BEHIND: Final = re.compile(r"[.,;:!?…)»”]*$")  # belongs to the sentence, not to the address
_MAILBOX: Final = re.compile(r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+")
_LEADING: Final = re.compile(r"^\s*(?:(?:[-*+•>–—]|#{1,6})\s+)+")
_NUMBERED: Final = re.compile(r"^\s*(\d{1,3})[.)]\s+")
_MARKS: Final = re.compile(r"[*`#\\~|_]+")
_KEPT_SIGNS: Final = "°№"  # symbols that are read out
_NUMBER: Final = re.compile(r"(?<![^\W_])\d+(?:\.\d+)+(?![^\W_])")
_DATE: Final = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2}|\d{4})")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")
_BY_COMMAS: Final = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?=\.\d+(?![\w.,]*\d))")
_TIME: Final = re.compile(  # where a number with a dot is nothing else
    r"\b(?:ore|alle|dalle|в)\s+\d{1,2}\.[0-5]\d(?:\s*[-–]\s*\d{1,2}\.[0-5]\d)?(?![\w.,]*\d)"
    r"|(?<![\w.])\d{1,2}\.[0-5]\d(?=\s?[ap]m\b)",
    re.I,
)
# Of Arabic and Urdu, Hindi, Armenian, Amharic, Khmer, Chinese and Japanese too.
_MARK: Final = ".!?…。．！？؟۔।॥։።፧។"
_RUN: Final = re.compile(rf"[{_MARK}]+(?:\s*[{_MARK}]+)*")
_ASKS: Final = frozenset("?？؟፧")
_EXCLAIMS: Final = frozenset("!！")
_ENDS: Final = (".", "!", "?")
_GAP: Final = re.compile(r" +([,.;:!?])")
_CLOSERS: Final = re.compile(r"([.!?])([\"'’»”)\]}]+)")
_LAST: Final = re.compile(r"[^\W_]*$")
_FIRST: Final = re.compile(r"[^\W_]*")
_SENTENCE: Final = re.compile(r"[^.!?]*[.!?]")
_WHOLE_WORDS: Final = {  # of those with a dot inside
    **{"sig.ra": "signora", "sig.na": "signorina"},
    **{"dott.ssa": "dottoressa", "prof.ssa": "professoressa"},
    **{"p.zza": "piazza", "p.le": "piazzale", "v.le": "viale", "c.so": "corso", "l.go": "largo"},
    **{"a.m": "am", "p.m": "pm"},
}
_DOTTED: Final = re.compile(rf"\b(?:{'|'.join(map(re.escape, _WHOLE_WORDS))})(?!\w)", re.I)
# Behind these a dot ends no sentence, whatever follows; behind others it does before a capital.
_SHORT_WORDS: Final = (
    "dr dott ssa prof sig ra sigg avv ing geom arch rag mr mrs ms st jr art n nr num tel cell pag"
    " es vs approx ca ул пл пр просп кв корп стр тел им г"
)
_SHORT: Final = frozenset(_SHORT_WORDS.split())


def sentences(text: str, *, dot: str = "") -> tuple[str, ...]:
    """What is said of a bubble, each with its end; `dot`: how the dot of an address is read out."""
    told = _LINK.sub(r"\1", _HIDDEN.sub(" ", text))
    told = _ADDRESS.sub(lambda found: _domain(found, dot), told)
    told = _MAILBOX.sub(lambda found: _with_words(found.group(), dot), told)
    lines = (_line(line, dot) for line in _audible(told).splitlines())
    found = (one.strip() for line in lines for one in _SENTENCE.findall(line))
    return tuple(filter(_says_something, found))


def pieces(text: str, *, dot: str = "") -> Iterator[bytes]:
    """The same as JSON objects; a sentence that is too long for one is spoken in parts."""
    for sentence in sentences(text, dot=dot):
        yield from map(_object, filter(_says_something, _parts(sentence)))


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _domain(found: re.Match[str], dot: str) -> str:
    """Of an address its domain alone, as it is said."""
    whole = found.group().rstrip(">")
    behind = _BEHIND.search(whole)
    end = behind.group() if behind else ""
    host = found[1].rpartition("@")[2].partition(":")[0].rstrip(".,;:!?…)»”").removeprefix("www.")
    return _with_words(host, dot) + end


def _audible(text: str) -> str:
    """Without emoji, and what is seen nowhere."""
    kept = (one for one in text if one in "\n\t" or one in _KEPT_SIGNS or not _is_silent(one))
    return "".join(kept)


def _is_silent(letter: str) -> bool:
    return unicodedata.category(letter) in {"So", "Sk", "Me", "Cc", "Cf", "Cs", "Co", "Cn"} or (
        "\ufe00" <= letter <= "\ufe0f"
    )


def _line(line: str, dot: str) -> str:
    """A line, which is a sentence at the least, with marks only where one ends."""
    told = _NUMBERED.sub(r"\1, ", _LEADING.sub("", line))
    told = _MARKS.sub(_unmarked, told)
    told = _DOTTED.sub(_whole_word, told)
    told = _BY_COMMAS.sub(lambda found: found.group().replace(",", ""), told)
    told = _TIME.sub(lambda found: found.group().replace(".", ":"), told)
    told = _NUMBER.sub(_number, told)
    told = _RUN.sub(lambda run: _end(run, dot), told)
    told = _CLOSERS.sub(r"\2\1", told)
    told = _GAP.sub(r"\1", " ".join(told.split()))
    return told if told[-1:] in (*_ENDS, "") else told.rstrip(" ,;:–—-") + "."


def _unmarked(found: re.Match[str]) -> str:
    """Marks go; between words something must part these."""
    before, behind = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return " " if before.isalnum() and behind.isalnum() else ""


def _whole_word(found: re.Match[str]) -> str:
    told = _WHOLE_WORDS[found.group().casefold()]
    return told.capitalize() if found.group()[0].isupper() else told


def _number(found: re.Match[str]) -> str:
    told = found.group()
    if _THOUSANDS.fullmatch(told):
        return told.replace(".", "")
    if _DATE.fullmatch(told):
        return told.replace(".", "/")
    is_decimal = told.count(".") == 1 and not re.match("0[0-9]", told)
    return told.replace(".", "," if is_decimal else " ")


def _end(found: re.Match[str], dot: str) -> str:
    """What stands for a dot, or several marks in a row: an end, a pause, a word, or nothing."""
    before, behind = found.string[: found.start()], found.string[found.end() :]
    run, gap = found.group(), " " if behind[:1].isalnum() else ""
    if _ASKS & {*run}:
        return "?" + gap
    if _EXCLAIMS & {*run}:
        return "!" + gap
    if run != ".":
        return "," + gap if behind.lstrip()[:1].islower() else "." + gap
    if behind[:1] in (",", ";", ":"):
        return ""
    last = _LAST.search(before)
    return _of_one_dot(last.group() if last else "", behind, dot)


def _of_one_dot(word: str, behind: str, dot: str) -> str:
    """`word`: the letters and digits before it."""
    follows = behind.lstrip()[:1]
    if behind[:1].isalnum():
        first = _FIRST.match(behind)
        if not word:  # ".5"
            return ""
        if 1 in (len(word), len(first.group()) if first else 0):  # "e.g.", "S.p.A."
            return " "
        return ". " if word[-1].islower() and follows.isupper() else _with_words(".", dot)
    is_initial = len(word) == 1 and word.isalpha() and follows.isalnum()
    is_short = word.casefold() in _SHORT and (follows.isalnum() or follows in ("+", "("))
    return "" if follows.islower() or is_initial or is_short else "."


def _with_words(host: str, dot: str) -> str:
    return host.replace(".", f" {dot} " if dot else " ")


def _object(content: str) -> bytes:
    return to_json({"type": "text", "content": content}).encode()


def _parts(sentence: str) -> Iterator[str]:
    """As much at once as there is room for; each part ends as a sentence does."""
    part = ""
    for word in sentence.split(" "):
        longer = f"{part} {word}" if part else word
        if len(_object(longer + ".")) <= PIECE_BYTES:
            part = longer
            continue
        if part:
            yield _ended(part)
        *full, part = _cut(word)
        yield from map(_ended, full)
    if part:
        yield _ended(part)


def _cut(word: str) -> Iterator[str]:
    """A word that no voice reads out, in parts that fit."""
    room = (PIECE_BYTES - len(_object("."))) // 12  # as JSON a letter has at most so many bytes
    whole = len(_object(word + ".")) <= PIECE_BYTES
    yield from [word] if whole else (word[at : at + room] for at in range(0, len(word), room))


def _ended(part: str) -> str:
    return part if part[-1] in _ENDS else part.rstrip(",;: ") + "."
