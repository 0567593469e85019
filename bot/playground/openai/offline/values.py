"""Days, times, numbers and names that a client's words hold, for the parameters of a tool."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.playground.openai.offline.words import fold
from tenants.hours_words import MONTH_OF, WEEKDAYS, folded

Value = str | int
_WEEK: Final = 7
_SHORTEST_WEEKDAY: Final = 5  # letters; the shorter ones mean other things as well
_LONGEST_NAME: Final = 3  # words
_LONGEST_WORDS: Final = 300  # characters
_CENTURY: Final = 2000
_HALF_A_DAY: Final = 12
_HOUR: Final = 60


class Kind(StrEnum):
    """What a parameter holds, as far as it is told apart."""

    DAY = "day"
    TIME = "time"
    PEOPLE = "people"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"
    WISH = "wish"  # what the client wants, which its first words say
    WORDS = "words"


_PEOPLE = (
    r"(?:person\w*|people|guests?|pax|adult\w*|ospiti|coperti|of us"
    r"|чел\w*|гост\w*|персон\w*|взросл\w*)"
)
_NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        (
            "uno una one один одного",
            "due two два двое двоих двух",
            "tre three три трое троих трех",
            "quattro four четыре четверо четверых",
            "cinque five пять пятеро пятерых",
            "sei six шесть шестеро шестерых",
            "sette seven семь семеро семерых",
            "otto eight восемь восьмерых",
            "nove nine девять",
            "dieci ten десять",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER = rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})(?![\d\w])"
_LATER = r"(?:p\.?m\.?|di sera|del pomeriggio|in the evening|tonight|вечера|дня)"
_EARLIER = r"(?:a\.?m\.?|di mattina|del mattino|in the morning|o'?clock|утра|часов|часа|час)"
_TIMES: Final = (
    re.compile(rf"(?<![\d.:])(\d{{1,2}}):(\d{{2}})(?![\d:])(?:\s*({_LATER}|{_EARLIER})\b)?"),
    re.compile(
        r"\b(?:alle|dalle|le|all'|ore|at|by|around|в|к)\s*(\d{1,2})(?!\d)(?:[.](\d{2})(?![\d.]))?"
        rf"(?:\s*({_LATER}|{_EARLIER})\b)?(?!\s*(?:{_PEOPLE}|[а-я]+(?:аря|аля|рта|еля|ая|юня|юля"
        r"|уста|ября)\b)|[/.]\d)"
    ),
    re.compile(rf"\b(\d{{1,2}})(?!\d)()\s*({_LATER}|{_EARLIER})\b"),
)
_DATES: Final = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?\b"),
    re.compile(r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})(?:\.(?P<y>\d{4}|\d{2}))?\b"),
    re.compile(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+|di\s+)?(?P<m>[^\W\d_]+)(?:\s+(?P<y>\d{4}))?\b"
    ),
    re.compile(r"\b(?P<m>[^\W\d_]+)\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{4}))?\b"),
)
_SOON: Final = (
    (2, re.compile(r"\b(?:dopodomani|the day after tomorrow|day after tomorrow|послезавтра)\b")),
    (1, re.compile(r"\b(?:domani|tomorrow|завтра)\b")),
    (0, re.compile(r"\b(?:oggi|stasera|today|tonight|this evening|сегодня)\b")),
)
_OF_PEOPLE: Final = (
    re.compile(rf"\b{_NUMBER}\s*{_PEOPLE}\b"),
    re.compile(rf"\b(?:siamo in|saremo in|siamo|saremo|in|per|for|we are|нас|на)\s+{_NUMBER}"),
)
_CALLED = re.compile(
    r"\b(?:mi chiamo|a nome(?: di)?|il mio nome e'?|il mio nome è|my name is|my name's"
    r"|(?:under|in) the name(?: of)?|меня зовут|на имя|на фамилию)\s+"
    r"([^\W\d_][\w'’-]*(?: [A-ZÀ-ÝА-ЯЁ][\w'’-]*){0,2})",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"(?: [a-zà-ÿа-яё].*)$", re.DOTALL)  # words that go on behind a name
_PHONE = re.compile(r"(?<!\w)\+?\d[\d\s()-]{5,}\d(?!\w)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def read_values(text: str, today: date | None) -> Mapping[Kind, Value]:
    """Every value that the words show by themselves. Days need to know what day it is."""
    found: dict[Kind, Value] = {}
    left = text
    for kind, read in _READERS:
        value, left = read(left, today)
        if value is not None:
            found[kind] = value
    return found


def read_answer(text: str, kind: Kind, today: date | None) -> Value | None:
    """The value of this kind in words that answer a question for it."""
    shown = read_values(text, today)
    if kind in shown:
        return shown[kind]
    bare = " ".join(text.split()).strip(" .!,;")
    match kind:
        case Kind.TIME:
            return _first(_TIMES[1], f"alle {fold(bare)}")
        case Kind.PEOPLE | Kind.NUMBER:
            numbers = re.findall(rf"\b{_NUMBER}", fold(bare))
            return _number(numbers[0]) if len(numbers) == 1 else None
        case Kind.NAME:
            bare = re.sub(r"^(?:sono|i am|i'm|it's|это|я)\s+", "", bare, flags=re.IGNORECASE)
            is_name = bare and len(bare.split()) <= _LONGEST_NAME and not re.search(r"[\d?]", bare)
            return bare if is_name else None
        case Kind.WORDS | Kind.WISH:
            return bare[:_LONGEST_WORDS] if bare and "?" not in bare else None
        case _:
            return None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.match(text)
    return _clock(found) if found else None


Reader = Callable[[str, date | None], tuple[Value | None, str]]


def _by(pattern: re.Pattern[str], group: int = 0) -> Reader:
    def read(text: str, _: date | None) -> tuple[Value | None, str]:
        found = pattern.search(text)
        if not found:
            return None, text
        value = found[group] if not group else _FURTHER.sub("", found[group])
        return value.strip(), _without(text, found)

    return read


def _read_time(text: str, _: date | None) -> tuple[Value | None, str]:
    text = fold(text)
    for pattern in _TIMES:
        for found in pattern.finditer(text):
            if value := _clock(found):
                return value, _without(text, found)
    return None, text


def _clock(found: re.Match[str]) -> str | None:
    hour, minute, part = int(found[1]), int(found[2] or 0), found[3] or ""
    if re.fullmatch(_LATER, part) and hour < _HALF_A_DAY:
        hour += _HALF_A_DAY
    exists = hour < 2 * _HALF_A_DAY and minute < _HOUR
    return f"{hour:02}:{minute:02}" if exists else None


def _read_day(text: str, today: date | None) -> tuple[Value | None, str]:
    text = fold(text)
    if today is None:
        return None, text
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if day := _date(found, today):
                return day.isoformat(), _without(text, found)
    for days, pattern in _SOON:
        if soon := pattern.search(text):
            return (today + timedelta(days)).isoformat(), _without(text, soon)
    for found in re.finditer(r"[^\W\d_]+", text):
        weekdays = WEEKDAYS.get(folded(found[0]), frozenset())
        if len(weekdays) == 1 and len(found[0]) >= _SHORTEST_WEEKDAY:
            ahead = (min(weekdays) - today.weekday() - 1) % _WEEK + 1
            return (today + timedelta(ahead)).isoformat(), _without(text, found)
    return None, text


def _date(found: re.Match[str], today: date) -> date | None:
    month = found["m"]
    at = int(month) if month.isdecimal() else MONTH_OF.get(folded(month), 0)
    try:
        if year := found["y"]:
            return date(int(year) % _CENTURY + _CENTURY, at, int(found["d"]))
        day = date(today.year, at, int(found["d"]))
        return day if day >= today else day.replace(year=day.year + 1)
    except ValueError:
        return None


def _read_people(text: str, _: date | None) -> tuple[Value | None, str]:
    text = fold(text)
    for pattern in _OF_PEOPLE:
        if found := pattern.search(text):
            return _number(found[1]), _without(text, found)
    return None, text


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


_READERS: Final[tuple[tuple[Kind, Reader], ...]] = (  # each sees what those before it left
    (Kind.NAME, _by(_CALLED, 1)),
    (Kind.EMAIL, _by(_EMAIL)),
    (Kind.TIME, _read_time),
    (Kind.DAY, _read_day),
    (Kind.PHONE, _by(_PHONE)),
    (Kind.PEOPLE, _read_people),
)
