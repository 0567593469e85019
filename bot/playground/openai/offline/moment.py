"""What the notes beside a client's words say of the moment, as the offline model reads them."""

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.playground.openai.items import Said
from tenants import hours_words

LABEL: Final = re.compile(r"^⟦([^:⟧]*)(?:: ([^⟧]*))?⟧$\n?", re.MULTILINE)
_DATE: Final = re.compile(r"(\w+) (\d+) (\w+) \d+, (\d+:\d\d)")


@dataclass(frozen=True, slots=True)
class Note:
    """The latest of them; what they do not say is empty."""

    language: str = ""
    first_turn: bool | None = None
    now: str = ""
    open_now: str = ""
    nobody: bool = False  # of the company can be told


def read_note(history: Sequence[Said]) -> Note:
    """The note of ours, and what follows of labels that stand alone."""
    notes = [at for at, line in enumerate(history) if line.role == "developer" and _reads(line)]
    if not notes:
        return Note()
    said = dict(LABEL.findall(history[notes[-1]].text))
    beside = history[notes[-1] + 1 : notes[-1] + 2]
    typed = {
        about: data
        for line in beside
        if line.role == "user" and not LABEL.sub("", line.text)
        for about, data in LABEL.findall(line.text)
    }
    return Note(
        language=typed.get("language", ""),
        first_turn={"yes": True, "no": False}.get(said.get("first_turn", "")),
        now=said["now"],
        open_now=said.get("open_now", ""),
        nobody="nobody" in said,
    )


def _reads(line: Said) -> bool:
    return line.text.startswith("⟦now: ")


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language says it; {time}, {day}, {month}, {weekday}."""

    is_open: str
    until_today: str
    until: str
    closed: str
    again_today: str
    again: str


WEEKDAYS: Final = {
    language: names.split("|")
    for language, names in {
        "en": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
        "it": "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
        "ru": "в понедельник|во вторник|в среду|в четверг|в пятницу|в субботу|в воскресенье",
    }.items()
}
MONTHS: Final = {**hours_words.MONTHS, "en": month_name[1:]}
_WORDS: Final[Mapping[str, _Words]] = {
    "en": _Words(
        is_open="Yes, we are open now",
        until_today=", until {time}",
        until=", until {time} on {day} {month}",
        closed="No, we are closed now.",
        again_today=" We open again today at {time}.",
        again=" We open again on {weekday} {day} {month} at {time}.",
    ),
    "it": _Words(
        is_open="Sì, adesso siamo aperti",
        until_today=", fino alle {time}",
        until=", fino alle {time} del {day} {month}",
        closed="No, adesso siamo chiusi.",
        again_today=" Riapriamo oggi alle {time}.",
        again=" Riapriamo {weekday} {day} {month} alle {time}.",
    ),
    "ru": _Words(
        is_open="Да, сейчас мы открыты",
        until_today=" до {time}",
        until=" до {time} {day} {month}",
        closed="Нет, сейчас мы закрыты.",
        again_today=" Откроемся сегодня в {time}.",
        again=" Откроемся {weekday}, {day} {month}, в {time}.",
    ),
}


def say_open(note: Note, language: str) -> str | None:
    """Whether the company is open now, in a sentence; None where the note does not say."""
    if not note.open_now:
        return None
    words, is_open = _WORDS[language], note.open_now.startswith("yes")
    until = _DATE.search(note.open_now)
    if until is None:
        return f"{words.is_open}." if is_open else words.closed
    weekday, day, month, time = until.groups()
    today = note.now.startswith(f"{weekday} {day} {month} ")
    if is_open:
        form = words.until_today if today else words.until
    else:
        form = words.again_today if today else words.again
    told = form.format(
        time=time,
        day=day,
        month=MONTHS[language][MONTHS["en"].index(month)],
        weekday=WEEKDAYS[language][WEEKDAYS["en"].index(weekday)],
    ).replace("alle 1:", "all'1:")
    return f"{words.is_open}{told}." if is_open else f"{words.closed}{told}"
