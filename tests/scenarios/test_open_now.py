"""“Are you open now?” on a holiday, asked of the offline model as in the playground."""

import pytest

from bot.playground.openai.offline.briefing import Briefing
from bot.playground.openai.offline.translation import translate
from tests.scenarios.stage import Stage

for spoken in ("it", "en", "ru"):
    translate(Briefing(), spoken)  # reads the presets' files once, and not in the event loop

NIGHT = ("Mon-Sun 20:00-2:00", "21 Nov closed")  # it is one in the morning of that day in Auckland
HOLIDAY = ("Mon-Sun 9:00-18:00", "20 Nov closed")  # the day on which the stage's clock begins


@pytest.mark.parametrize(
    ("language", "asked", "answer"),
    [
        ("it", "Siete aperti adesso?", "chiusi. Riapriamo sabato 21 novembre alle 9:00."),
        ("en", "Are you open now?", "closed now. We open again on Saturday 21 November at 9:00."),
        ("ru", "Вы сейчас открыты?", "закрыты. Откроемся в субботу, 21 ноября, в 9:00."),
    ],
)
async def test_on_a_holiday(stage: Stage, language: str, asked: str, answer: str) -> None:
    stage.openai.script.strict = False
    await stage.publishes(opening_hours=HOLIDAY, time_zone="Europe/Rome")
    anna = stage.person("Anna", language)
    anna.writes(asked)
    heard = await anna.receives(3)  # the notice, a greeting, the answer
    assert heard[-1]["text"].endswith(answer)


@pytest.mark.parametrize(
    ("language", "asked", "answer"),
    [
        ("it", "Siete aperti adesso?", "Sì, adesso siamo aperti, fino alle 2:00."),
        ("en", "Are you open now?", "Yes, we are open now, until 2:00."),
        ("ru", "Вы сейчас открыты?", "Да, сейчас мы открыты до 2:00."),
    ],
)
async def test_in_a_night_that_ends_on_a_holiday(
    stage: Stage, language: str, asked: str, answer: str
) -> None:
    stage.openai.script.strict = False
    await stage.publishes(opening_hours=NIGHT, time_zone="Pacific/Auckland")
    anna = stage.person("Anna", language)
    anna.writes(asked)
    heard = await anna.receives(3)
    assert heard[-1]["text"] == answer
