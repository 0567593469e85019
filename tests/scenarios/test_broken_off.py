"""Questions that are tried on a draft get no answers: whoever asked is told, and may again.

The program ends meanwhile, or something happens that nobody foresaw.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.core.texts.setup import Setup
from bot.llm.model import OpenAIModel, open_model
from tests.scenarios.admins import admin
from tests.scenarios.cards import last
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

LONG_MS = 5_000.0  # nobody waits for it: the model stops when its client is gone
QUESTION = "Quanto costa la colazione?"


async def drafts(stage: Stage) -> Person:
    ada = await admin(stage)
    ada.writes(f"/configure test_questions {QUESTION}")
    await last(ada)
    return ada


async def asks_at_length(stage: Stage, ada: Person) -> None:
    """Until the model is at it; then the program is killed, and started anew."""
    await stage.until(lambda: len(stage.asked()) == 1)
    await stage.dies()
    await stage.opens()
    assert await last(ada) == say(Versions.TRYING_BROKEN_OFF, "it")


async def test_the_questions_of_a_publication(closed: Stage) -> None:
    ada = await drafts(closed)
    ada.writes("/publish")
    await last(ada)
    closed.will_say("Otto euro.", first_ms=LONG_MS)
    ada.presses(say(Versions.TRY_QUESTIONS, "it"))
    await asks_at_length(closed, ada)
    closed.will_say("Prima.")
    closed.will_say("Dopo.")
    ada.presses(say(Versions.TRY_ANEW, "it"))
    one, _ = [one["text"] for one in await ada.receives(2)]
    assert "– Prima." in one
    assert "– Dopo." in one
    await closed.settles()
    assert await closed.count("SELECT count(*) FROM chats WHERE trying IS NOT NULL") == 0


async def test_a_question_of_the_guide(closed: Stage) -> None:
    ada = await drafts(closed)
    ada.finds_button(QUESTION, data="setup:1:ask 0")
    closed.will_say("Otto euro.", first_ms=LONG_MS)
    ada.presses(QUESTION)
    await asks_at_length(closed, ada)
    ada.presses(say(Versions.TRY_ANEW, "it"))
    assert say(Setup.TRY, "it") in await last(ada)


async def test_what_nobody_foresaw(closed: Stage) -> None:
    broken = [True]

    class Odd(OpenAIModel):
        async def create_conversation(self) -> str:
            if broken.pop():
                raise ZeroDivisionError
            return await super().create_conversation()

    @asynccontextmanager
    async def opener(**how: Any) -> AsyncIterator[OpenAIModel]:
        async with open_model(**how) as model:
            yield Odd(model.api, model.stream_timeouts, marks_prefix=False)

    closed.open_model = opener
    ada = await drafts(closed)
    ada.finds_button(QUESTION, data="setup:1:ask 0")
    closed.warns("task failed")
    ada.presses(QUESTION)
    assert await last(ada) == say(Versions.TRYING_BROKEN_OFF, "it")
    await closed.settles()
    assert await closed.count("SELECT count(*) FROM chats WHERE trying IS NOT NULL") == 0
    ada.presses(say(Versions.TRY_ANEW, "it"))
    assert say(Setup.TRY, "it") in await last(ada)
    broken.append(False)
    closed.will_say("Otto euro.")
    ada.presses(QUESTION)
    assert "Otto euro." in await last(ada)
