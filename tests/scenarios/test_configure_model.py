"""/configure model: a name that the server has, one that it has not, and one that nobody knows."""

import pytest

from bot.core.texts import say
from bot.core.texts.problems import Problems
from bot.core.texts.profile import Configure
from bot.playground.openai import FaultKind
from bot.telegram.admin.fields import label
from tests.scenarios.admins import admin, draft, each_language
from tests.scenarios.cards import last
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

TYPED = "gpt-6-lune"
NEAREST = "gpt-6-luna, gpt-5.6-luna, gpt-6-sol"


def names_it_wrong(language: str, where: str) -> str:
    return say(Problems.NO_MODEL, language, where=where, names=NEAREST)


@each_language
async def test_one_that_does_not_exist_is_not_taken(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    ada.writes(f"/configure model {TYPED}")
    told = await last(ada)
    assert say(Configure.REFUSED, language) in told
    assert names_it_wrong(language, label("model", language)) in told
    assert await draft(closed) == {}


@each_language
async def test_one_is_taken_with_a_warning_where_nobody_knows(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    closed.openai_fails(FaultKind.STATUS, status=404, message="Not Found", on="models.list")
    ada.writes(f"/configure model {TYPED}")
    told = await last(ada)
    assert told.endswith(say(Configure.MODEL_UNSURE, language, models=TYPED))
    assert await draft(closed) == {"model": TYPED}


async def test_one_that_exists_is_taken_without_a_word(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/configure model gpt-6-sol")
    assert (await last(ada)).endswith(say(Configure.DRAFTED, "it"))
    assert await draft(closed) == {"model": "gpt-6-sol"}


async def test_one_that_was_there_before_is_not_asked_about_again(closed: Stage) -> None:
    ada = await admin(closed)
    await closed.publishes(model=TYPED)
    ada.writes(f'/configure model = "{TYPED}"\nsector = "Ospitalità"')
    assert (await last(ada)).endswith(say(Configure.DRAFTED, "it"))


async def test_a_private_assistant_s_is_looked_at_too(closed: Stage) -> None:
    ada = await admin(closed)
    await closed.publishes(assistants={"vip": {"welcome": "Bentornata!"}})
    model = label("model", "it")
    ada.writes(f"/assistants vip {model}: {TYPED}")
    assert names_it_wrong("it", model) in await last(ada)
    ada.writes(f'/configure [assistants.vip]\nmodel = "{TYPED}"')
    assert names_it_wrong("it", f"{label('assistants', 'it')}, vip: {model}") in await last(ada)
    assert await draft(closed) == {}
    closed.openai_fails(FaultKind.STATUS, status=404, message="Not Found", on="models.list")
    ada.writes(f"/assistants vip {model}: {TYPED}")
    assert (await last(ada)).endswith(say(Configure.MODEL_UNSURE, "it", models=TYPED))
    assert await draft(closed) == {
        "assistants": {"vip": {"welcome": "Bentornata!", "model": TYPED}}
    }
