"""Whether the company is open now, as the note beside the client's words says."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.playground.openai.offline.intents import Intent, read_intents
from tenants import presets
from tests.playground.openai.offline.talk import Talk

HOURS = ("Mon-Fri 9:00-18:00", "Sat 20:00-1:00", "25 Dec closed", "26 Dec closed")
CHRISTMAS = (2026, 12, 25, 10, 30)  # a Friday
MONDAY = (2026, 12, 28, 10, 30)
EARLY = (2026, 12, 28, 7, 0)
NIGHT = (2026, 12, 19, 23, 0)  # a Saturday


def talk(at: tuple[int, ...], *hours: str) -> Talk:
    hotel = presets.load("hotel-aurora").model_copy(update={"opening_hours": hours or HOURS})
    moment = datetime(*at, tzinfo=ZoneInfo("Europe/Rome"))  # type: ignore[arg-type, misc]  # a date's parts
    return Talk(hotel, at=moment.timestamp())


@pytest.mark.parametrize(
    ("at", "asked", "answer"),
    [
        (
            CHRISTMAS,
            "Siete aperti adesso?",
            "No, adesso siamo chiusi. Riapriamo lunedì 28 dicembre alle 9:00.",
        ),
        (
            CHRISTMAS,
            "Are you open now?",
            "No, we are closed now. We open again on Monday 28 December at 9:00.",
        ),
        (
            CHRISTMAS,
            "Вы сейчас открыты?",
            "Нет, сейчас мы закрыты. Откроемся в понедельник, 28 декабря, в 9:00.",
        ),
        (MONDAY, "Oggi siete aperti?", "Sì, adesso siamo aperti, fino alle 18:00."),
        (MONDAY, "Hi, are you still open?", "Yes, we are open now, until 18:00."),
        (MONDAY, "Вы работаете сегодня?", "Да, сейчас мы открыты до 18:00."),
        (EARLY, "Siete aperti?", "No, adesso siamo chiusi. Riapriamo oggi alle 9:00."),
        (EARLY, "Is the hotel open now?", "No, we are closed now. We open again today at 9:00."),
        (EARLY, "Вы открыты?", "Нет, сейчас мы закрыты. Откроемся сегодня в 9:00."),
        (NIGHT, "Siete aperti ora?", "Sì, adesso siamo aperti, fino all'1:00 del 20 dicembre."),
        (NIGHT, "Are you open now?", "Yes, we are open now, until 1:00 on 20 December."),
        (NIGHT, "Сейчас вы открыты?", "Да, сейчас мы открыты до 1:00 20 декабря."),
    ],
)
def test_open_or_closed_and_until_when(at: tuple[int, ...], asked: str, answer: str) -> None:
    assert answer in " ".join(talk(at).say(asked))


def test_always_open() -> None:
    bubbles = talk(MONDAY, "every day 24 hours").say("Siete aperti adesso?")
    assert "Sì, adesso siamo aperti." in bubbles


@pytest.mark.parametrize(
    "asked",
    [
        "A che ora siete aperti oggi?",
        "Quando siete aperti?",
        "Siete aperti la domenica?",
        "Until when are you open today?",
        "Are you open on Sundays?",
        "Во сколько вы открываетесь сегодня?",
        "До скольки вы сегодня работаете?",
    ],
)
def test_who_asks_for_the_hours_is_not_told_yes_or_no(asked: str) -> None:
    assert Intent.OPEN_NOW not in read_intents(asked)
