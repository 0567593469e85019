"""Opening hours, taken to pieces: each word and sign with a letter for its kind. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tenants.hours import DAY_MINUTES, HOUR_MINUTES, WHOLE, Day
from tenants.hours_words import (
    BUT_WORDS,
    CLOSED_WORDS,
    IDLE_WORDS,
    MOMENTS,
    MONTH_OF,
    PHRASES,
    RANGE_WORDS,
    WEEKDAYS,
    folded,
)

_KINDS: Final = {
    word: kind
    for kind, words in {"c": CLOSED_WORDS, "x": BUT_WORDS, "r": RANGE_WORDS}.items()
    for word in words
}
_TOKEN: Final = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d)|(?P<date>\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2}/\d{1,2})"
    r"|(?P<time>\d{1,2}[:.]\d\d(?!\d)|\d{1,2}h(?:\d\d)?\b|\d{1,2}(?=\s?[ap]\.?m\b))"
    r"|(?P<year>\d{4})|(?P<number>\d{1,2})(?!\d)(?:st\b|nd\b|rd\b|th\b)?"
    r"|(?P<half>[ap]\.?m\b\.?)|(?P<separator>[,;\n])|(?P<sign>[-&+])|(?P<space>[\s:.'’/()]+)"
    r"|(?P<word>all-day|[^\W\d]+)|(?P<other>\S)"
)


# lun/ven; of three, as in lun/mer/ven, each stands for itself.
_FROM_TO: Final = re.compile(r"(?<![\w/])([^\W\d]+)/([^\W\d]+)(?![\w/])")


class Unread(ValueError):
    """Something was not understood: `words` names it as it was typed, folded."""

    def __init__(self, *words: str) -> None:
        self.words = words
        super().__init__(*words)


@dataclass(frozen=True, slots=True)
class HoursToken:
    """A word or a sign, or what some of them stand for together.

    `kind`: n a number, t a time, h its half of the day, m a month, M Tuesday or a month, y a year,
    w days of the week, d dates, p a span, c closed, r from one to another, x all but, s a
    separator, u what is unknown. `but` are the days of the week that are left out.
    """

    kind: str
    text: str
    value: Any = None
    but: frozenset[int] = frozenset()


Tokens = Sequence[HoursToken]


def tokens_of(text: str) -> Iterator[HoursToken]:
    """Those of a text, without what may stand anywhere and changes nothing."""
    plain = folded(text)
    for phrase in sorted(PHRASES, key=len, reverse=True):
        plain = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", PHRASES[phrase], plain)
    plain = _FROM_TO.sub(_from_to, plain)
    for found in _TOKEN.finditer(plain):
        kind, told = found.lastgroup or "", found[0]
        match kind:
            case "word":
                if told not in IDLE_WORDS:
                    yield _word(told)
            case "sign":
                if told == "-":
                    yield HoursToken("r", told)
            case "time":
                yield _time(told)
            case "iso" | "date":
                yield _written_date(told)
            case "number" | "year":
                yield HoursToken(kind[0], told, int(re.sub(r"\D", "", told)))
            case "half" | "separator":
                yield HoursToken("h" if kind == "half" else "s", told, told[0])
            case "other":
                yield HoursToken("u", told)


def _from_to(found: re.Match[str]) -> str:
    days = all(word in WEEKDAYS for word in found.groups())
    return f"{found[1]}-{found[2]}" if days else found[0]


def _word(word: str) -> HoursToken:
    if word == "all-day":
        return HoursToken("p", word, WHOLE)
    if word in WEEKDAYS:
        return HoursToken("M" if word in MONTH_OF else "w", word, WEEKDAYS[word])
    if word in MONTH_OF:
        return HoursToken("m", word, MONTH_OF[word])
    if word in MOMENTS:
        return HoursToken("t", word, MOMENTS[word])
    return HoursToken(_KINDS.get(word, "u"), word)


def _time(told: str) -> HoursToken:
    hour, minute = (*re.split(r"[:.h]", told), "")[:2]
    value = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) < HOUR_MINUTES and value <= DAY_MINUTES:
        return HoursToken("t", told, value)
    return _written_date(told) if "." in told else HoursToken("u", told)


def _written_date(told: str) -> HoursToken:
    parts = [int(part) for part in re.split(r"[-./]", told)]
    if "-" in told:  # the year first
        parts.reverse()
    day, month, *year = parts
    return date_of(told, day, month, next(iter(year), None))


def date_of(text: str, day: int, month: int, year: int | None) -> HoursToken:
    """A date, if there is such a one."""
    found = Day(month, day, year)
    return HoursToken("d" if found.exists else "u", text, (found,))


def text_of(tokens: Tokens) -> str:
    """Tokens as they were typed, folded."""
    return " ".join(one.text for one in tokens)
