"""The API over real HTTP, from session to answer; what may go wrong has its number in brackets."""

import asyncio
import json
from dataclasses import replace

import pytest

from bot.core.api_keys import written
from bot.web.bodies import BODY_BYTES
from bot.web.letter import LONGEST
from db.journal import apply
from db.sites import ChangeSite
from tests.databases import SEEDED_AT
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.web import SITE
from tests.web.conftest import ADA
from tests.web.keys import PROGRAM
from tests.web.reader import ORIGIN, Reader
from tests.web.talk import heard, talked, texts

# ------------------------------------------------------------------------- sessions, origins


async def test_a_visitor_is_answered(stage: Stage, page: Reader) -> None:
    chat = await page.opens(SITE, language="it")
    stage.will_say("Buongiorno!", "Dalle 14:00.")
    said = await page.says(chat, "A che ora è il check-in?", "m1")
    assert said.status == 202
    assert said.body["id"] == "m1"
    assert said.body["seq"] == 1
    events = await heard(page, chat, number=4)
    assert [one.seq for one in events] == [1, 2, 3, 4]
    assert texts(events) == [
        ("client", "A che ora è il check-in?"),
        ("notice", AI_NOTICE),
        ("assistant", "Buongiorno!"),
        ("assistant", "Dalle 14:00."),
    ]


async def test_no_session_before_it_is_asked_for(stage: Stage, page: Reader) -> None:
    """[31] And none but its digest is kept."""
    assert await stage.count("SELECT count(*) FROM sessions") == 0
    await page.opens(SITE)
    stored = await stage.everything_stored()
    assert [one for one in stored if page.token in one] == []


async def test_only_pages_of_the_site_get_a_session(page: Reader) -> None:
    """[25, 26, 27, 28]"""
    strangers = ("https://evil.example", "null", "https://evilaurora.example", f"{ORIGIN}.evil.it")
    for origin in (*strangers, ORIGIN.replace("https", "http"), None):
        answer = await replace(page, origin=origin).asks("POST", f"/v1/sites/{SITE}/session", {})
        assert answer.status == 403
        assert answer.kind == "origin-not-listed"
        assert "access-control-allow-origin" not in answer.headers
    own = await replace(page, origin=page.url).asks("POST", f"/v1/sites/{SITE}/session", {})
    assert own.status == 201
    unknown = await page.asks("POST", "/v1/sites/nobodys/session", {})
    assert unknown.status == 404
    assert unknown.kind == "not-found"


async def test_a_listed_page_may_ask_from_its_own_origin(page: Reader) -> None:
    chat = await page.opens(SITE)
    for path in (f"/v1/sites/{SITE}/session", f"/v1/chats/{chat}/messages"):
        asked = await page.asks("OPTIONS", path, headers={"Access-Control-Request-Method": "POST"})
        assert asked.status == 204
        assert asked.headers["access-control-allow-origin"] == ORIGIN
        assert "authorization" in asked.headers["access-control-allow-headers"].lower()
        assert "access-control-allow-credentials" not in asked.headers
        other = await replace(page, origin="https://evil.example").asks("OPTIONS", path)
        assert other.status == 403
        assert "access-control-allow-origin" not in other.headers
    answer = await page.asks("GET", f"/v1/chats/{chat}/messages")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["vary"] == "Origin"


async def test_a_token_is_of_no_use_on_another_page(page: Reader) -> None:
    chat = await page.opens(SITE)
    elsewhere = replace(page, origin="https://evil.example")
    answer = await elsewhere.asks("GET", f"/v1/chats/{chat}/messages")
    assert answer.kind == "origin-not-listed"


async def test_a_site_that_is_off_serves_nobody(stage: Stage, page: Reader) -> None:
    """Until it is on again: a token is not thrown away, as one that is over is."""
    off = ChangeSite(1, 1, {"is_on": False}, ADA, SEEDED_AT)
    path = f"/v1/chats/{await page.opens(SITE)}/messages"
    await stage.database.write(lambda connection: apply(connection, [off]))
    assert (await page.asks("POST", f"/v1/sites/{SITE}/session", {})).kind == "site-off"
    assert (await page.asks("GET", path)).kind == "site-off"
    on = replace(off, changes={"is_on": True})
    await stage.database.write(lambda connection: apply(connection, [on]))
    assert (await page.asks("GET", path)).status == 200


async def test_nobody_reads_the_chat_of_another(stage: Stage, page: Reader) -> None:
    chat = await talked(stage, page)
    other = replace(page)
    await other.opens(SITE)
    for one, status in ((other, 404), (replace(page, token=""), 401), (page, 200)):
        answer = await one.asks("GET", f"/v1/chats/{chat}/messages")
        assert answer.status == status
    for token in ("sps_nonsense", "spk_1_nonsense", written(1, PROGRAM), "nonsense"):
        answer = await replace(page, token=token).asks("GET", f"/v1/chats/{chat}/messages")
        assert answer.kind == "unauthorized"


async def test_a_session_that_is_over_opens_nothing(stage: Stage, page: Reader) -> None:
    """[21]"""
    chat = await page.opens(SITE)
    await stage.runs("UPDATE sessions SET expires_at = 0")
    for method, path in (("GET", "messages"), ("GET", "events"), ("POST", "messages")):
        answer = await page.asks(
            method, f"/v1/chats/{chat}/{path}", {} if method == "POST" else None
        )
        assert answer.status == 401
        assert answer.kind == "unauthorized"


async def test_a_session_is_ended_and_its_stream_with_it(stage: Stage, page: Reader) -> None:
    chat = await talked(stage, page)
    async with page.follows(chat, 3) as events:
        ended = await page.asks("DELETE", "/v1/session")
        assert ended.status == 204
        assert [event async for event in events] == []
    assert (await page.asks("GET", f"/v1/chats/{chat}/messages")).status == 401


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_no_line_of_the_log_tells_who_asked_or_what(stage: Stage, page: Reader) -> None:
    """[29] Neither a token nor a path: a route alone."""
    chat = await talked(stage, page)
    await page.asks("GET", f"/v1/chats/{chat}/messages?token={page.token}")
    await replace(page, origin="https://evil.example").asks("GET", f"/v1/chats/{chat}/messages")
    told = [str(fields) for name, fields in stage.telemetry.records if name == "http request"]
    assert len(told) >= 5
    assert [one for one in told if page.token in one or chat in one or "check-in" in one] == []


# ------------------------------------------------------------------------- once under one id


async def test_a_message_that_comes_again_is_the_same(stage: Stage, page: Reader) -> None:
    """[1, 5, 40 of a retry]"""
    chat = await talked(stage, page)
    again = await page.says(chat, "A che ora è il check-in?", "m1")
    assert again.status == 200
    assert again.body["seq"] == 1
    await stage.settles()
    history = await page.asks("GET", f"/v1/chats/{chat}/messages")
    assert [one["seq"] for one in history.body["messages"]] == [1, 2, 3]
    await stage.runs("UPDATE updates SET update_id = NULL")  # two days later
    assert (await page.says(chat, "A che ora è il check-in?", "m1")).body["seq"] == 1


async def test_other_words_under_the_same_id_are_refused(stage: Stage, page: Reader) -> None:
    """[2]"""
    chat = await talked(stage, page)
    other = await page.says(chat, "E il check-out?", "m1")
    assert other.status == 422
    assert other.kind == "idempotency-mismatch"


async def test_the_same_id_in_another_chat_is_another_message(stage: Stage, page: Reader) -> None:
    await talked(stage, page)
    other = replace(page)
    chat = await other.opens(SITE)
    stage.will_say("Sì.")
    assert (await other.says(chat, "Avete posto?", "m1")).status == 202
    await heard(other, chat, number=3)


async def test_a_repetition_that_overtakes_is_the_same_message(stage: Stage, page: Reader) -> None:
    chat = await page.opens(SITE, language="it")
    stage.will_say("Sì.")
    both = await asyncio.gather(*(page.says(chat, "Avete posto?", "m1") for _ in range(4)))
    assert {one.body["seq"] for one in both} == {1}
    await heard(page, chat, number=3)


async def test_two_devices_write_in_one_order(stage: Stage, page: Reader) -> None:
    """[18]"""
    await stage.closes()
    await stage.opens(turn_quiet_seconds=60, turn_max_wait_seconds=60)
    chat = await page.opens(SITE, language="it")
    stage.will_say("Certo.")
    said = [page.says(chat, text, own) for text, own in (("Una camera", "a1"), ("Per due", "b1"))]
    seqs = [one.body["seq"] for one in await asyncio.gather(*said)]
    assert sorted(seqs) == [1, 2]
    events = await heard(page, chat, number=4)
    assert [one.seq for one in events] == [1, 2, 3, 4]
    assert len(stage.inputs()) == 1


# ------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b"[]", 400),
        (b'{"id": "m9", "text": ""}', 400),
        (b'{"id": "m9", "text": "   "}', 400),
        (b'{"id": "m9", "text": "a\\u0000b"}', 400),
        (b'{"id": "m9", "text": "\\ud800"}', 400),
        (b'{"id": "m9", "text": "\xff"}', 400),
        (b'{"id": "m9"}', 400),
        (b'{"id": "no spaces", "text": "a"}', 400),
        (b'{"id": "m9", "text": "a", "other": 1}', 400),
        (json.dumps({"id": "m9", "text": "a" * (LONGEST + 1)}).encode(), 400),
        (json.dumps({"id": "m9", "text": "a" * BODY_BYTES}).encode(), 413),
    ],
)
async def test_what_is_no_message_is_not_stored(
    stage: Stage, page: Reader, raw: bytes, status: int
) -> None:
    """[50]"""
    chat = await page.opens(SITE)
    headers = {"Content-Type": "application/json"}
    answer = await page.asks("POST", f"/v1/chats/{chat}/messages", raw=raw, headers=headers)
    assert answer.status == status
    assert answer.kind
    assert await stage.count("SELECT count(*) FROM updates") == 0


async def test_what_no_database_takes_names_nothing(stage: Stage, page: Reader) -> None:
    """[50] Also for those who come without any token."""
    await page.opens(SITE)
    for path in ("sites/%00/session", "sites/%00/frame", "chats/%00/messages", "chats/%0A/events"):
        for method in ("GET", "POST", "OPTIONS"):
            answer = await page.asks(method, f"/v1/{path}", {} if method == "POST" else None)
            assert answer.status in (404, 405), (method, path)


async def test_forms_are_no_messages(page: Reader) -> None:
    chat = await page.opens(SITE)
    given = {"Content-Type": "text/plain"}
    answer = await page.asks("POST", f"/v1/chats/{chat}/messages", raw=b"{}", headers=given)
    assert answer.status == 415


async def test_what_is_not_there_is_told_as_everything_else(page: Reader) -> None:
    assert (await page.asks("GET", "/nothing")).kind == "about:blank"
    assert (await page.asks("PUT", "/v1/messages")).status == 405
    assert (await page.asks("GET", "/healthz")).body == {"ok": True}
