"""The whole program with no key: the offline model books a table, in three languages."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.core.texts import Text, say
from bot.playground.openai.offline import errand_words as words
from bot.playground.openai.offline.briefing import Briefing
from bot.playground.openai.offline.translation import translate
from bot.playground.openai.offline.values import Kind
from bot.tools.kit.toolbox import FileToolbox
from tests.scenarios.admins import each_language
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

for spoken in ("it", "en", "ru"):
    translate(Briefing(), spoken)  # reads the presets' files once, and not in the event loop

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "tools"
WISHES = {  # what is wanted, and the time, the number and the name, as they are asked for
    "en": ("I'd like to book a table for Saturday", "8 pm", "4", "Anna Rossi"),
    "it": ("Vorrei prenotare un tavolo per sabato", "alle 20", "siamo in 4", "Anna Rossi"),
    "ru": ("Хочу забронировать столик на субботу", "в 20:00", "четверо", "Анна Росси"),
}
DONE = {
    "en": "Booked: 2026-11-21 at 20:00, 4 people, Anna Rossi.",
    "it": "Fatto: sabato 21 novembre, 20:00, 4, Anna Rossi.",
    "ru": "Готово: в субботу, 21 ноября, 20:00, 4, Анна Росси.",
}
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example's files, and none of what somebody tried with it."""
    copied = tmp_path / "tools"
    shutil.copytree(EXAMPLE, copied, ignore=lambda _, names: [n for n in names if n[-3:] != ".py"])
    return copied


@pytest.fixture
def own(folder: Path) -> FileToolbox:
    """The host's tools, whose files are read before the loop is watched."""
    box = FileToolbox(folder, {})
    box.load()
    return box


async def guest(stage: Stage, own: FileToolbox, language: str, *tools: str) -> Person:
    stage.toolbox.own = own
    stage.openai.script.strict = False
    await stage.publishes(tools=tools, time_zone="Europe/Rome")
    anna = stage.person("Anna", language)
    anna.writes("/start")
    await anna.receives(2)
    return anna


async def hears(stage: Stage, anna: Person, ending: str) -> None:
    await stage.until(lambda: anna.said()[-1:] == [ending])
    await stage.settles()
    await anna.receives(0)


async def asks_for_a_table(stage: Stage, anna: Person, language: str) -> None:
    wish, at, people, name = WISHES[language]
    anna.writes(wish)
    for kind, said in ((Kind.TIME, at), (Kind.PEOPLE, people), (Kind.NAME, name)):
        await hears(stage, anna, words.ASKS[kind][language])
        anna.writes(said)
    await stage.until(lambda: say(Text.CONFIRM, language) in anna.said()[-1])
    await stage.until(lambda: say(Text.CONFIRM_YES, language) in anna.buttons())
    assert anna.said()[-2] == words.TO_CONFIRM[language]
    await stage.settles()


def bookings(folder: Path) -> list[dict[str, Any]]:
    file = folder / "bookings.json"
    return list(json.loads(file.read_text()).values()) if file.exists() else []


@each_language
async def test_a_table_is_booked_by_a_tap(
    stage: Stage, folder: Path, language: str, own: FileToolbox
) -> None:
    anna = await guest(stage, own, language, "book_table", "free_tables")
    await asks_for_a_table(stage, anna, language)
    assert await asyncio.to_thread(bookings, folder) == []
    anna.presses(say(Text.CONFIRM_YES, language))
    await hears(stage, anna, DONE[language])
    name = WISHES[language][-1]
    assert await asyncio.to_thread(bookings, folder) == [
        {"day": "2026-11-21", "time": "20:00", "people": 4, "name": name}
    ]


@each_language
async def test_what_is_declined_is_not_booked(
    stage: Stage, folder: Path, language: str, own: FileToolbox
) -> None:
    anna = await guest(stage, own, language, "book_table")
    await asks_for_a_table(stage, anna, language)
    anna.presses(say(Text.CONFIRM_NO, language))
    await hears(stage, anna, words.DECLINED[language])
    assert await asyncio.to_thread(bookings, folder) == []


REQUESTS = {  # the wish, the list of what is asked, and the answers to it
    "en": (
        "Please call me back about a wedding",
        ("Name", "Phone number", "When"),
        ("Anna Rossi", "+39 045 000 0142", "on Saturday at 10:30"),
    ),
    "it": (
        "Vorrei essere richiamata per un matrimonio",
        ("Nome", "Numero di telefono", "Quando"),
        ("Anna Rossi", "+39 045 000 0142", "sabato alle 10:30"),
    ),
    "ru": (
        "Перезвоните мне, пожалуйста, насчёт свадьбы",
        ("Имя", "Номер телефона", "Когда"),
        ("Анна Росси", "+7 495 000 0142", "в субботу в 10:30"),
    ),
}


@each_language
async def test_a_request_is_taken_down_and_passed_on(
    stage: Stage, language: str, own: FileToolbox
) -> None:
    wish, fields, answers = REQUESTS[language]
    anna = await guest(stage, own, language, "request_fields", "take_request")
    await stage.publishes(request_fields=fields)
    anna.writes(wish)
    for kind, said in zip((Kind.NAME, Kind.PHONE, Kind.DAY), answers, strict=True):
        await hears(stage, anna, words.ASKS[kind][language])
        anna.writes(said)
    await stage.until(lambda: say(Text.CONFIRM_YES, language) in anna.buttons())
    await stage.settles()
    assert say(Text.CONFIRM_REQUEST, language) in anna.said()[-1]
    assert await stage.rows("SELECT outcome FROM turns") == [("asked",)] * 4
    anna.presses(say(Text.CONFIRM_YES, language))
    await hears(stage, anna, words.PASSED_ON[language])
    ((taken,),) = await stage.rows("SELECT fields FROM requests")
    name, phone, _ = json.loads(taken)
    assert (name, phone) == ([fields[0], answers[0]], [fields[1], answers[1]])
