"""Keys of an answer, where nothing can be tapped: they are part of what is said, on every route."""

import json
from collections.abc import Mapping
from typing import Final

import pytest

from bot.playground.openai import Reply
from db.api_keys import Scope
from tests.scenarios.stage import Stage
from tests.scenarios.test_answer_keys import YES_NO, offers
from tests.web.conftest import Programs

ASKED: Final = "Check-in?"
CHAT: Final = {"user_id": "anna", "message": ASKED}
COMPLETION: Final = {"model": "default", "messages": [{"role": "user", "content": ASKED}]}


def offers_late(stage: Stage, bubble: str) -> None:
    """Keys for a bubble that has left: they come in a row of their own, behind the turn."""
    text = json.dumps({"messages": [bubble], "buttons": YES_NO}, ensure_ascii=False)
    stage.openai.script.add([Reply(raw=text, chunks=3, delay_ms=40)])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/threads/chat", {"content": ASKED}),
        ("/ask", {"session_id": "s", "user_input": ASKED}),
        ("/api/chat", CHAT),
        ("/v1/chat/completions", COMPLETION),
        ("/v1/chat/completions", {**COMPLETION, "stream": True}),
        ("/v1/messages", {"external_id": "anna", "id": "m1", "text": ASKED}),
    ],
)
async def test_an_answer_is_told_with_keys_that_came_late(
    stage: Stage, program: Programs, path: str, body: Mapping[str, object]
) -> None:
    crm = await program(Scope.CHAT)
    offers_late(stage, "Ha bagagli?")
    answer = await crm.asks("POST", path, body)
    told = json.dumps(answer.body, ensure_ascii=False)
    assert told.count("Ha bagagli?") == told.count("Sì") > 0
    await stage.settles()


async def test_a_key_to_tap_is_said_instead(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.CHAT)
    offers(stage, "Ha bagagli?")
    asked = await crm.asks("POST", "/api/chat", CHAT)
    assert asked.body["answer"].endswith("Ha bagagli?\n[Sì] [No]")
    stage.will_say("Bene.")
    tapped = await crm.asks("POST", "/api/chat", {**CHAT, "message": "sì"})
    assert tapped.body["answer"] == "Bene."
    assert await stage.count("SELECT count(*) FROM updates WHERE pressed IS NOT NULL") == 1
    await stage.settles()


async def test_what_stands_on_an_older_key_is_a_word(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.CHAT)
    offers(stage, "Ha bagagli?")
    await crm.asks("POST", "/api/chat", CHAT)
    for said, answer in (("Due notti", "Vuole la colazione?"), ("Sì", "Bene.")):
        stage.will_say(answer)
        told = await crm.asks("POST", "/api/chat", {**CHAT, "message": said})
        assert told.body["answer"] == answer
    assert await stage.count("SELECT count(*) FROM updates WHERE pressed IS NOT NULL") == 0
    await stage.settles()
