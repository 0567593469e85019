"""In which language a program's client is told what nobody has written yet."""

from typing import Any

import pytest

from bot.core.texts import Text, say
from db.api_keys import Scope
from tenants.profile import Profile
from tests.gateways.caller import PATH
from tests.scenarios.stage import Stage
from tests.web.conftest import Programs
from tests.web.reader import Reader

ASKED = "When is check-in?"
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,it;q=0.5"}
WRITTEN = Profile().text_for("ai_notice", "en")
SPOKEN = say(Text.AI_NOTICE_SPOKEN, "en")
ROUTES = [
    ("/v1/messages", {"external_id": "7", "id": "m1", "text": ASKED}, WRITTEN),
    ("/api/chat", {"message": ASKED}, WRITTEN),
    ("/v1/threads/chat", {"content": ASKED}, WRITTEN),
    ("/k/{key}" + PATH, {"uuid": "7", "message": ASKED}, SPOKEN),
]


async def asked(stage: Stage, program: Programs) -> Reader:
    """A company that speaks Italian, and has no notice of its own."""
    crm = await program(Scope.CHAT)
    await stage.runs('UPDATE profiles SET body = \'{"language": "it"}\'')
    stage.will_say("From 2 pm.")
    return crm


async def told(stage: Stage) -> str:
    """What was said first."""
    await stage.settles()
    rows = await stage.rows("SELECT text FROM outbox ORDER BY id")
    return str(rows[0][0])


@pytest.mark.parametrize(("path", "body", "notice"), ROUTES)
async def test_the_notice_is_in_the_language_that_the_request_prefers(
    stage: Stage, program: Programs, path: str, body: dict[str, Any], notice: str
) -> None:
    crm = await asked(stage, program)
    await crm.asks("POST", path.format(key=crm.token), body, headers=ENGLISH)
    assert await told(stage) == notice


@pytest.mark.parametrize("headers", [{}, ENGLISH, {"Accept-Language": "ru"}])
async def test_on_the_phone_a_companys_own_notice_is_said_as_it_is_written(
    stage: Stage, program: Programs, headers: dict[str, str]
) -> None:
    """Whichever language the company or the caller speaks."""
    crm = await asked(stage, program)
    own = "Sie sprechen mit einer KI."
    await stage.publishes(language="it", ai_notice=own)
    path, body, _ = ROUTES[-1]
    await crm.asks("POST", path.format(key=crm.token), body, headers=headers)
    assert await told(stage) == own


async def test_what_a_program_says_of_its_client_comes_first(
    stage: Stage, program: Programs
) -> None:
    crm = await asked(stage, program)
    path, body, notice = ROUTES[0]
    other = {"Accept-Language": "ru"}
    await crm.asks("POST", path, {**body, "language": "en"}, headers=other)
    assert await told(stage) == notice


async def test_a_program_that_writes_into_a_chat_is_heard_in_its_language(
    stage: Stage, program: Programs
) -> None:
    crm = await asked(stage, program)
    given = {"id": "m1", "text": ASKED}
    await crm.asks("POST", "/v1/chats/7/messages", given, headers=ENGLISH)
    assert await told(stage) == WRITTEN


async def test_what_was_told_once_counts_for_commands_too(stage: Stage, program: Programs) -> None:
    crm = await asked(stage, program)
    path, body, _ = ROUTES[0]
    await crm.asks("POST", path, {**body, "language": "en"})

    answer = await crm.asks("POST", path, {**body, "id": "m2", "text": "/help"})

    assert [one["text"] for one in answer.body["messages"]] == [say(Text.HELP_WEB, "en")]
