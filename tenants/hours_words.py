"""The words of opening hours, as each language writes them and as people type them.

Those that are read are folded (`folded`): without capitals and accents.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
}
MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    language: tuple(names.split())
    for language, names in {
        "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre"
        " novembre dicembre",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    }.items()
}
CLOSED: Final = {"en": "closed", "it": "chiuso", "ru": "закрыто"}
WHOLE_DAY: Final = {"en": "24 hours", "it": "24 ore su 24", "ru": "круглосуточно"}


def folded(text: str) -> str:
    """The same whatever the capitals, the accents and the dashes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[‐‑‒–—―−]", "-", bare)


_READ_DAYS: Final = (  # beside the short ones above
    "monday|mondays|lunedi|понедельник|понедельника|понедельники|понедельникам",
    "tues|tuesday|tuesdays|martedi|вторник|вторника|вторники|вторникам",
    "weds|wednesday|wednesdays|mercoledi|среда|среду|среды|средам",
    "thur|thurs|thursday|thursdays|giovedi|четверг|четверга|четверги|четвергам",
    "friday|fridays|venerdi|пятница|пятницу|пятницы|пятницам",
    "saturday|saturdays|sabato|sabati|суббота|субботу|субботы|субботам",
    "sunday|sundays|domenica|domeniche|воскресенье|воскресение|воскресенья|воскресеньям",
)
_READ_MONTHS: Final = (
    "jan|january|gen|gennaio|янв|январь|января",
    "feb|february|febbraio|фев|февраль|февраля",
    "mar|march|marzo|мар|март|марта",
    "apr|april|aprile|апр|апрель|апреля",
    "may|mag|maggio|май|мая",
    "jun|june|giu|giugno|июн|июнь|июня",
    "jul|july|lug|luglio|июл|июль|июля",
    "aug|august|ago|agosto|авг|август|августа",
    "sep|sept|september|set|sett|settembre|сен|сент|сентябрь|сентября",
    "oct|october|ott|ottobre|окт|октябрь|октября",
    "nov|november|novembre|ноя|ноябрь|ноября",
    "dec|december|dic|dicembre|дек|декабрь|декабря",
)
_SEVERAL_DAYS: Final = {
    "daily": range(7),
    "everyday": range(7),
    "ежедневно": range(7),
    "weekday": range(5),
    "weekdays": range(5),
    "будни": range(5),
    "будням": range(5),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
    "выходным": range(5, 7),
}
_PHRASES: Final = {  # several words that stand for one
    "every day": "daily",
    "all week": "daily",
    "tutti i giorni": "daily",
    "ogni giorno": "daily",
    "7 giorni su 7": "daily",
    "каждый день": "daily",
    "без выходных": "daily",
    "24/7": "daily all-day",
    "sempre aperti": "daily all-day",
    "sempre aperto": "daily all-day",
    "sempre aperta": "daily all-day",
    "always open": "daily all-day",
    "open always": "daily all-day",
    "всегда открыто": "daily all-day",
    "всегда открыты": "daily all-day",
    "fine settimana": "weekend",
    "24 ore su 24": "all-day",
    "24 hours": "all-day",
    "24 ore": "all-day",
    "24 часа": "all-day",
    "h24": "all-day",
    "24h": "all-day",
    "all day": "all-day",
    "tutto il giorno": "all-day",
    "round the clock": "all-day",
    "круглосуточно": "all-day",
    "весь день": "all-day",
}
_CLOSED: Final = (
    "closed|close|chiuso|chiusi|chiusa|chiusura|закрыто|закрыт|закрыта|закрыты|выходной|выходные"
)
_RANGE: Final = "-|to|till|until|through|thru|al|alle|alla|a|ad|all|fino|по|до"
_BUT: Final = "except|excluding|tranne|eccetto|salvo|escluso|esclusi|esclusa|escluse|кроме"
_MOMENTS: Final = {"noon": 720, "mezzogiorno": 720, "полдень": 720, "полудня": 720}
_MIDNIGHT: Final = "midnight|mezzanotte|полночь|полуночи"
_IDLE: Final = (  # what may stand anywhere and changes nothing
    "from on at the we are is open hours opening and only of our"
    " dal dalle dalla il la le lo i gli l e ed ore orario orari aperto aperti aperta siamo di del"
    " della nei in dell che quando when"
    " с со в во на и мы открыто открыты работаем работает часы работы время режим ч час часов г"
    " года когда & + ."
)


def _set(words: str) -> frozenset[str]:
    return frozenset(folded(words).split("|"))


def _day_words(day: int) -> frozenset[str]:
    return _set(_READ_DAYS[day]) | {folded(names[day]) for names in DAYS.values()}


WEEKDAYS: Final[Mapping[str, frozenset[int]]] = {
    **{word: frozenset({day}) for day in range(7) for word in _day_words(day)},
    **{folded(word): frozenset(days) for word, days in _SEVERAL_DAYS.items()},
}
MONTH_OF: Final[Mapping[str, int]] = {
    word: at for at, words in enumerate(_READ_MONTHS, 1) for word in _set(words)
}
PHRASES: Final = {folded(phrase): word for phrase, word in _PHRASES.items()}
CLOSED_WORDS: Final = _set(_CLOSED)
RANGE_WORDS: Final = _set(_RANGE)
BUT_WORDS: Final = _set(_BUT)
IDLE_WORDS: Final = frozenset(folded(_IDLE).split())
MOMENTS: Final[Mapping[str, int]] = {
    **{folded(word): at for word, at in _MOMENTS.items()},
    **dict.fromkeys(_set(_MIDNIGHT), 0),
}
