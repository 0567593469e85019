"""What people of a company see, in Telegram, of those who write from elsewhere."""

import pytest

from bot.cli.script import read_heard
from bot.core.texts import say
from bot.core.texts.people import Chats, Wanted
from db.api_keys import Scope
from db.records import Outcome
from db.sites import WEB
from tests.scenarios.admins import ADA
from tests.scenarios.cards import last, sees
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_chats import lists
from tests.scenarios.test_wanted import SAUNA
from tests.scenarios.versions import appoint
from tests.scenarios.web import SITE
from tests.web.conftest import Programs
from tests.web.reader import ORIGIN, Reader
from tests.web.talk import heard, talked

SITES = "www.aurora.example"


async def operator(stage: Stage, language: str = "it") -> Person:
    """Somebody who answers for the hotel."""
    await appoint(stage, ADA, "operator", "Ada")
    return stage.person("Ada", language)


@pytest.mark.parametrize("language", ["en", "it", "ru"])
async def test_whoever_writes_from_elsewhere_is_told_apart(
    stage: Stage, page: Reader, program: Programs, language: str
) -> None:
    ada = await operator(stage, language)
    await talked(stage, page)
    crm = await program(Scope.CHAT)
    asked = {"id": "m1", "text": "Avete un garage?"}
    for client in ("anna.neri@example.it", "a" * 40):
        stage.will_say("Sì.")
        await crm.asks("POST", "/v1/messages", {"external_id": client, **asked})
    stage.will_say("Sì.")
    call = {"uuid": "0f3c9a52-7c1e-4b62-9a41-0d1f1f2e8b77", "message": "Avete una sauna?"}
    await crm.asks("POST", f"/k/{crm.token}/prompt-stream", call, headers={"Authorization": ""})
    await stage.settles()

    await lists(ada)

    visitor = say(Chats.VISITOR, language, number=1, site=SITES)
    known = ["📞 crm · 0f3c9a", "crm · aaaaaa", "crm · anna.neri@example.it", visitor]
    assert sorted(labels(ada)) == sorted(known)
    await lists(ada, visitor.partition(" (")[0].lower())
    assert labels(ada)[len(known) :] == [visitor]


def labels(ada: Person) -> list[str]:
    """What stands for each conversation."""
    return [label.rpartition(" · ")[0] for label in ada.buttons() if " · " in label]


async def test_a_notice_says_on_which_site_a_visitor_waits(stage: Stage, page: Reader) -> None:
    ada = await operator(stage)
    ada.writes("/start")
    await ada.receives(1)
    chat = await page.opens(SITE, language="it")
    stage.will_say(raw=SAUNA % (Outcome.HANDOVER, "una persona"))

    await page.says(chat, "Vorrei parlare con una persona", "m1")

    name = say(Chats.VISITOR, "it", number=1, site=SITES)
    assert say(Wanted.HEAD_HANDOVER, "it", name=name) in await last(ada)


async def test_the_model_is_told_no_name_where_there_is_none(
    stage: Stage, page: Reader, program: Programs
) -> None:
    await talked(stage, page)
    stage.will_say("Sì.")
    asked = {"external_id": "42", "id": "m1", "text": "Avete un garage?"}
    await (await program(Scope.CHAT)).asks("POST", "/v1/messages", asked)
    assert len(stage.asked()) == 2
    assert "⟦name: " not in str(stage.asked())


async def test_people_and_the_model_read_on_which_page_somebody_writes(
    stage: Stage, page: Reader
) -> None:
    ada = await operator(stage)
    chat = await page.opens(SITE, language="it")
    stage.will_say("Sì.")
    await page.says(chat, "Avete posto?", "m1", page=f"{ORIGIN}/camere?da=google")
    await heard(page, chat, number=3)
    stage.will_say("Sì.")
    await page.says(chat, "Anche domani?", "m2", page="https://other.example/")
    await heard(page, chat, number=2, after=3)
    await stage.settles()

    first, second = map(str, stage.asked())
    assert f"⟦writes_on_page: {SITES}/camere⟧" in first
    assert "writes_on_page" not in second
    await lists(ada)
    ada.presses(next(one for one in ada.buttons() if " · " in one))
    await sees(ada, say(Chats.PAGE, "it", page=f"{SITES}/camere"))


async def test_a_transcript_tells_who_writes_too(
    stage: Stage, page: Reader, program: Programs
) -> None:
    chat = await talked(stage, page)
    stage.will_say("Sì.")
    asked = {"external_id": "42", "id": "m1", "text": "Avete un garage?"}
    await (await program(Scope.CHAT)).asks("POST", "/v1/messages", asked)
    found = await stage.rows("SELECT payload FROM updates ORDER BY id")
    who = [read_heard(WEB, payload)[0] for (payload,) in found]
    assert who == [f"Visitor {chat.removeprefix('c_')[:6]}", "crm · 42"]
