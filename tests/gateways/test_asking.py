"""Clients of servers with sessions and users, and what all routes refuse, each in its own words."""

from collections.abc import Mapping

import pytest

from db.api_keys import Scope
from db.unlocking import TRIES_OF_A_PLACE
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.web.conftest import Programs
from tests.web.reader import Answer, Reader

ASK = {"session_id": "s 1", "user_input": "Check-in?"}
CHAT = {"user_id": "anna", "message": "Check-in?"}
CODE = "/unlock QWER-TY12"


async def answered(stage: Stage, crm: Reader, path: str, body: Mapping[str, object]) -> Answer:
    stage.will_say("Dalle 14:00.", "A presto!")
    answer = await crm.asks("POST", path, body)
    await stage.settles()
    return answer


@pytest.mark.parametrize("path", ["/ask", "/api/ask"])
async def test_a_session_is_answered_with_a_text(
    stage: Stage, program: Programs, path: str
) -> None:
    """[48]"""
    crm = await program(Scope.CHAT)
    answer = await answered(stage, crm, path, ASK)
    told = f"{AI_NOTICE}\n\nDalle 14:00.\n\nA presto!"
    assert (answer.status, answer.body) == (200, {"session_id": "s 1", "response": told})
    again = await answered(stage, crm, path, ASK)
    assert again.body["response"] == "Dalle 14:00.\n\nA presto!"


async def test_who_says_no_name_is_nobody_else(stage: Stage, program: Programs) -> None:
    """[46] The id that is told is good for going on."""
    crm = await program(Scope.CHAT)
    first = await answered(stage, crm, "/api/chat", {"message": "Sono Anna"})
    other = await answered(stage, crm, "/api/chat", {"message": "Chi sono?", "user_id": None})
    assert first.body["user_id"] != other.body["user_id"]
    assert await stage.count("SELECT count(*) FROM chats") == 2
    mine = {"message": "Chi sono?", "user_id": first.body["user_id"]}
    again = await answered(stage, crm, "/api/chat", mine)
    told = "Dalle 14:00.\n\nA presto!"
    assert again.body == {"answer": told, "user_id": first.body["user_id"]}
    assert await stage.count("SELECT count(*) FROM chats") == 2


async def test_one_name_on_two_routes_is_two_callers(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.CHAT)
    await answered(stage, crm, "/api/chat", {"user_id": "7", "message": "Check-in?"})
    other = await answered(stage, crm, "/ask", {"session_id": 7, "user_input": "Check-in?"})
    assert other.body["response"].startswith(AI_NOTICE), "nobody has met them"
    assert await stage.count("SELECT count(*) FROM chats") == 2


async def test_an_answer_that_is_late_is_never_the_one_before(
    stage: Stage, program: Programs
) -> None:
    """[47]"""
    crm = await program(Scope.CHAT)
    await answered(stage, crm, "/api/chat", CHAT)
    stage.clock.speed = 100.0
    stage.will_say("Sì.", first_ms=600)
    late = await crm.asks("POST", "/api/chat", {**CHAT, "message": "Parcheggio?"})
    assert (late.status, late.body["user_id"]) == (504, "anna")
    assert "14:00" not in late.body["error"]
    await stage.settles()


async def test_a_key_that_anybody_can_read_gives_no_new_guesses(
    stage: Stage, program: Programs
) -> None:
    """[42] A new session is no new place from which to guess."""
    crm = await program(Scope.CHAT)
    given = [
        (
            await crm.asks(
                "POST", f"/k/{crm.token}/ask", {"session_id": f"s{at}", "user_input": CODE}
            )
        )
        for at in range(TRIES_OF_A_PLACE + 1)
    ]
    told = [str(one.body["response"]) for one in given]
    assert len({*told[:-1]}) == 1
    assert told[-1] != told[0]
    await stage.settles()


# ------------------------------------------------------------------------- what is refused


async def test_a_key_may_stand_in_the_address_if_it_can_only_chat(
    stage: Stage, program: Programs
) -> None:
    crm = await program(Scope.CHAT)
    key, crm.token = crm.token, ""
    answer = await answered(stage, crm, f"/k/{key}/api/chat", CHAT)
    assert answer.status == 200
    routes = [fields.get("route") for _, fields in stage.telemetry.records]
    assert "/k/{program}/api/chat" in routes
    assert [one for one in map(str, stage.telemetry.records) if key in one] == []


async def test_a_key_that_can_do_more_may_not(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.CHAT, Scope.READ)
    key, crm.token = crm.token, ""
    refused = await crm.asks("POST", f"/k/{key}/api/chat", CHAT)
    assert refused.status == 403
    assert refused.body == {"error": "In an address only a key with the scope chat alone is taken."}
    assert stage.asked() == []


async def test_without_a_key_nobody_is_answered(page: Reader) -> None:
    """[50] Each route says so in its own shape."""
    for path, body, shape in (
        ("/v1/threads/chat", {"content": "Check-in?"}, "error"),
        ("/ask", ASK, "detail"),
        ("/api/chat", CHAT, "error"),
        ("/k/spk_1_nobody/api/chat", CHAT, "error"),
        ("/v1/threads/update", {}, "error"),
        ("/v1/chat/completions", {}, "error"),
    ):
        refused = await page.asks("POST", path, body)
        assert (refused.status, [*refused.body]) == (401, [shape]), path
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_caller_has_five_questions_a_minute(stage: Stage, program: Programs) -> None:
    """[61] Another has their own; who is nobody yet is counted by where they come from."""
    crm = await program(Scope.CHAT)
    await stage.closes()
    await stage.opens(gateway_messages_per_minute=2)
    for user in ("anna", None):
        body = {"user_id": user, "message": "Check-in?"}
        asked = [await answered(stage, crm, "/api/chat", body) for _ in range(2)]
        assert [one.status for one in asked] == [200, 200]
        refused = await crm.asks("POST", "/api/chat", body)
        assert (refused.status, [*refused.body]) == (429, ["error"])
        assert int(refused.headers["retry-after"]) <= 30


async def test_a_company_that_pauses_is_asked_again_later(stage: Stage, program: Programs) -> None:
    """[40]"""
    crm = await program(Scope.CHAT)
    await stage.runs("UPDATE tenants SET state = 'paused'")
    refused = await crm.asks("POST", "/ask", ASK)
    assert (refused.status, [*refused.body]) == (503, ["detail"])
    assert refused.headers["retry-after"] == "300"
    assert await stage.count("SELECT count(*) FROM updates") == 0


async def test_each_says_in_its_own_words_what_is_missing(program: Programs) -> None:
    """[50]"""
    crm = await program(Scope.CHAT)
    refused = await crm.asks("POST", "/api/chat", raw=b"Buongiorno")
    assert (refused.status, refused.body) == (400, {"error": "Message is required"})
    refused = await crm.asks("POST", "/ask", {"session_id": "s"})
    assert refused.status == 422
    (wrong,) = refused.body["detail"]
    assert (wrong["type"], wrong["loc"]) == ("missing", ["body", "user_input"])


async def test_it_says_that_it_is_there(page: Reader) -> None:
    """`GET /`, `GET /api/` and `GET /health` need no key."""
    page.token = ""
    assert (await page.asks("GET", "/health")).body == {"ok": True}
    assert [*(await page.asks("GET", "/")).body] == ["message"]
    assert [*(await page.asks("GET", "/api/")).body] == ["message"]


async def test_a_page_elsewhere_may_not_ask(page: Reader, program: Programs) -> None:
    """Such servers let pages of any origin ask."""
    crm = await program(Scope.CHAT)
    crm.origin = page.origin
    refused = await crm.asks("OPTIONS", "/ask", headers={"Access-Control-Request-Method": "POST"})
    assert refused.status == 403
    assert "access-control-allow-origin" not in refused.headers


async def test_nothing_is_put_off_for_who_waits(stage: Stage, program: Programs) -> None:
    """Where a second lasts an hour, any pause would be too long. Nobody is told to wait either."""
    crm = await program(Scope.CHAT)
    await stage.closes()
    await stage.opens(pace="human", waiting_seconds=0.001)
    stage.clock.speed = 1 / 3600
    answer = await answered(stage, crm, "/ask", ASK)
    assert answer.body["response"] == f"{AI_NOTICE}\n\nDalle 14:00.\n\nA presto!"
    assert await stage.count("SELECT count(*) FROM outbox WHERE kind = 'waiting'") == 0
