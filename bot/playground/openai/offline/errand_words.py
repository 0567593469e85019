"""What the offline model says while it does something for a client: asks, and tells what became."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.playground.openai.offline.moment import MONTHS, WEEKDAYS
from bot.playground.openai.offline.values import Kind

ASKS: Final[Mapping[Kind, Mapping[str, str]]] = {  # {asked}: the parameter's own words
    Kind.DAY: {"en": "For which day?", "it": "Per quale giorno?", "ru": "На какой день?"},
    Kind.TIME: {"en": "At what time?", "it": "A che ora?", "ru": "На какое время?"},
    Kind.PEOPLE: {
        "en": "For how many people?",
        "it": "Per quante persone?",
        "ru": "На сколько человек?",
    },
    Kind.NAME: {"en": "Under what name?", "it": "A che nome?", "ru": "На чьё имя?"},
    Kind.PHONE: {
        "en": "What phone number should we note?",
        "it": "Quale numero di telefono possiamo segnare?",
        "ru": "Какой номер телефона записать?",
    },
    Kind.EMAIL: {
        "en": "What email address should we note?",
        "it": "Quale indirizzo e-mail possiamo segnare?",
        "ru": "Какой адрес электронной почты записать?",
    },
    Kind.WORDS: {
        "en": "One more thing, please: {asked}",
        "it": "Serve ancora un dato: {asked}",
        "ru": "Нужно ещё вот что: {asked}",
    },
}
AT_MOST: Final = {
    "en": "{most} at most, I'm afraid.",
    "it": "Al massimo {most}, purtroppo.",
    "ru": "К сожалению, не больше {most}.",
}
TO_CONFIRM: Final = {  # the client is asked to next, on the phone too
    "en": "It only needs confirming.",
    "it": "Manca solo la conferma.",
    "ru": "Осталось только подтвердить.",
}
DONE: Final = {
    "en": "Done: {told}.",
    "it": "Fatto: {told}.",
    "ru": "Готово: {told}.",
}
DONE_ALONE: Final = {"en": "Done.", "it": "Fatto.", "ru": "Готово."}
FOUND: Final = {
    "en": "Here is what I found: {told}.",
    "it": "Ecco che cosa risulta: {told}.",
    "ru": "Вот что нашлось: {told}.",
}
NOTHING_FOUND: Final = {
    "en": "I'm afraid there is nothing.",
    "it": "Purtroppo non risulta nulla.",
    "ru": "К сожалению, ничего нет.",
}
PASSED_ON: Final = {
    "en": "Your request has been passed on: a person will see to it.",
    "it": "Richiesta inoltrata: se ne occuperà una persona.",
    "ru": "Заявка передана: ею займётся сотрудник.",
}
NOT_DONE: Final = {
    "en": "I'm afraid that could not be done.",
    "it": "Purtroppo non è stato possibile.",
    "ru": "К сожалению, не получилось.",
}
OTHER_TIME: Final = {
    "en": "Would another day or time do?",
    "it": "Andrebbe bene un altro giorno o un altro orario?",
    "ru": "Подойдёт ли другой день или другое время?",
}
DECLINED: Final = {
    "en": "All right: nothing was done.",
    "it": "Va bene: non è stato fatto nulla.",
    "ru": "Хорошо: ничего не сделано.",
}
IN_DOUBT: Final = {
    "en": "I can't tell whether that worked: a person will check.",
    "it": "Non è certo che sia riuscito: una persona controllerà.",
    "ru": "Неизвестно, получилось ли: это проверит сотрудник.",
}
WAITS: Final = frozenset({*TO_CONFIRM.values(), *OTHER_TIME.values()})  # for the client's answer
OPEN_ON: Final = {
    "en": "On {day} we are open: {told}.",
    "it": "{day} siamo aperti: {told}.",
    "ru": "{day} мы открыты: {told}.",
}
OPEN_ALL_DAY: Final = {
    "en": "On {day} we are open day and night.",
    "it": "{day} siamo aperti giorno e notte.",
    "ru": "{day} мы открыты круглосуточно.",
}
CLOSED_ON: Final = {
    "en": "On {day} we are closed.",
    "it": "{day} siamo chiusi.",
    "ru": "{day} мы закрыты.",
}


def read_ask(bubble: str) -> tuple[Kind, str] | None:
    """What a bubble of ours asked for, and in which words of the tool; None: for nothing."""
    for kind, texts in ASKS.items():
        for text in texts.values():
            pattern = re.escape(text).replace(r"\{asked\}", "(.+)")
            if found := re.fullmatch(pattern, bubble):
                return kind, found[1] if found.groups() else ""
    return None


def is_open_still(bubble: str) -> bool:
    """Whether a day or a time that follows it corrects what was asked for."""
    return bubble in {*WAITS, *DECLINED.values()}


def say_day(iso: str, language: str) -> str:
    """A day such as `sabato 12 dicembre`."""
    day = date.fromisoformat(iso)
    weekday, month = WEEKDAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    return f"{weekday}{',' if language == 'ru' else ''} {day.day} {month}"
