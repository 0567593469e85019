"""Days and times that stand as ISO 8601 has them, as clients read them. Pure."""

import re
from datetime import date
from typing import Final

from bot.core.texts import say
from bot.core.texts.client import Days

_DAY: Final = r"(?P<day>\d{4}-\d{2}-\d{2})"
_TIME: Final = r"(?P<time>(?:[01]\d|2[0-3]):[0-5]\d)"
_MOMENT: Final = re.compile(rf"{_DAY}(?:[T ]{_TIME}(?::\d{{2}}\S{{0,15}})?)?", re.ASCII)
_OF_DAY: Final = re.compile(rf"{_TIME}:\d{{2}}", re.ASCII)


def in_words(text: str, language: str) -> str:
    """A text that is a day, a time or both, in one of our languages; any other as it is."""
    if of_day := _OF_DAY.fullmatch(text):
        return of_day["time"]
    found = _MOMENT.fullmatch(text)
    if not found or not (day := _day_in_words(found["day"], language)):
        return text
    return f"{day}, {found['time']}" if found["time"] else day


def _day_in_words(written: str, language: str) -> str:
    """Empty: there is no such day."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return ""
    told = say(Days(f"month_{day.month}"), language, day=day.day, year=day.year)
    return say(Days(f"weekday_{day.isoweekday()}"), language, day=told)
