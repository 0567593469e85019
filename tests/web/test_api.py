"""The API over real HTTP, from session to answer; what may go wrong has its number in brackets."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import update

from bot.core.api_keys import PURPOSE, SECRET, written
from bot.core.texts import Text, say
from bot.ops.vault import KeyVault
from bot.web.bodies import BODY_BYTES
from bot.web.letter import LONGEST
from db.api_keys import IssueKey, Scope
from db.journal import apply
from db.models import chats, log, outbox
from db.records import Actor
from db.sites import ChangeSite
from tests.databases import SEEDED_AT
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.backends import on_both
from tests.scenarios.stage import AI_NOTICE, Stage, on_stage
from tests.scenarios.web import FORGETTABLE, SITE, serve_web
from tests.web.reader import ORIGIN, Answer, Event, Reader

PROGRAM = "0" * SECRET  # the secret of a program's key
ADA = Actor(None, "test")


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """Served over HTTP as well; it does not run yet."""
    async with on_stage(database_url) as made:
        made.settings["url"] = await serve_web(made)
        yield made


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Reader]:
    """A page of the site's; the program runs."""
    url = stage.settings.pop("url")
    await stage.opens()
    async with ClientSession() as http:
        yield Reader(url, http=http)


async def heard(page: Reader, chat: str, *, number: int, after: int = 0) -> list[Event]:
    """So many numbered events."""
    found: list[Event] = []
    async with page.follows(chat, after) as events, asyncio.timeout(60):
        async for event in events:
            found += [event] if event.seq is not None else []
            if len(found) == number:
                return found
    raise AssertionError(found)


def texts(events: list[Event]) -> list[tuple[str, str]]:
    return [(one.data["from"], one.data["text"]) for one in events]


async def talked(stage: Stage, page: Reader) -> str:
    """A chat with a question and its answer: its numbers are 1 to 3."""
    chat = await page.opens(SITE, language="it")
    stage.will_say("Dalle 14:00.")
    await page.says(chat, "A che ora è il check-in?", "m1")
    await heard(page, chat, number=3)
    await stage.settles()
    return chat


async def program(stage: Stage, page: Reader, *scopes: Scope) -> Reader:
    """A company's own program."""
    vault = KeyVault.open(SecretStr(FORGETTABLE))
    digest = vault.digests(PROGRAM, purpose=PURPOSE)[0]
    issue = IssueKey(
        tenant=1, name="crm", digest=digest, scopes=frozenset(scopes), actor=ADA, now=SEEDED_AT
    )
    (row,) = await stage.database.write(lambda connection: apply(connection, [issue]))
    return replace(page, origin=None, token=written(row, PROGRAM))


# ------------------------------------------------------------------------- sessions, origins


@on_both
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
    chat = await page.opens(SITE)
    off = ChangeSite(1, 1, {"is_on": False}, ADA, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [off]))
    assert (await page.asks("POST", f"/v1/sites/{SITE}/session", {})).kind == "site-off"
    assert (await page.asks("GET", f"/v1/chats/{chat}/messages")).status == 401


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


async def test_forms_are_no_messages(page: Reader) -> None:
    chat = await page.opens(SITE)
    given = {"Content-Type": "text/plain"}
    answer = await page.asks("POST", f"/v1/chats/{chat}/messages", raw=b"{}", headers=given)
    assert answer.status == 415


async def test_what_is_not_there_is_told_as_everything_else(page: Reader) -> None:
    assert (await page.asks("GET", "/nothing")).kind == "about:blank"
    assert (await page.asks("PUT", "/v1/messages")).status == 405
    assert (await page.asks("GET", "/healthz")).body == {"ok": True}


# ------------------------------------------------------------------------- reading


@pytest.mark.parametrize("after", ["99", "-1", "nonsense", "9" * 40, "1.5"])
async def test_a_number_that_nobody_gave_begins_with_what_there_is(
    stage: Stage, page: Reader, after: str
) -> None:
    """[8]"""
    chat = await talked(stage, page)
    answer = await page.asks("GET", f"/v1/chats/{chat}/events?after={after}")
    (event,) = answer.body["events"]
    assert event["event"] == "reset"
    assert event["data"]["seq"] == event["seq"] == answer.body["after"] == 3
    assert [one["seq"] for one in event["data"]["messages"]] == [1, 2, 3]
    async with page.follows(chat, after) as events:
        first = await anext(events)
    assert first.event == "reset"
    assert first.seq == 3


async def test_who_asks_again_and_again_waits_for_the_next(stage: Stage, page: Reader) -> None:
    chat = await talked(stage, page)
    path = f"/v1/chats/{chat}/events"
    assert (await page.asks("GET", f"{path}?after=3")).body == {"events": [], "after": 3}
    asking = asyncio.create_task(page.asks("GET", f"{path}?after=3&wait=25"))
    stage.will_say("Fino alle 11:00.")
    await page.says(chat, "E il check-out?", "m2")
    answer = await asking
    numbered = [one["seq"] for one in answer.body["events"] if one["seq"]]
    assert numbered[:1] == [4]
    assert answer.body["after"] == numbered[-1]
    await heard(page, chat, number=2, after=3)


async def test_a_thousand_that_were_missed_come_in_order(stage: Stage, page: Reader) -> None:
    """[10]"""
    chat = await talked(stage, page)
    await stage.database.write(lambda connection: missed(connection, 1000))
    events = await heard(page, chat, number=1000, after=3)
    assert [one.seq for one in events] == list(range(4, 1004))
    polled = await page.asks("GET", f"/v1/chats/{chat}/events?after=3")
    assert len(polled.body["events"]) == 200
    assert polled.body["after"] == 203


def missed(connection: Any, number: int) -> None:
    """So many bubbles that nobody has read."""
    rows = [
        {
            "chat_id": 1,
            "kind": "reply",
            "position": 0,
            "text": f"bubble {n}",
            "state": "sent",
            "owner": "x",
            "queued_at": SEEDED_AT,
            "message_id": 10_000 + n,
        }
        for n in range(number)
    ]
    added = connection.execute(outbox.insert().returning(outbox.c.id), rows)
    entries = [
        {"chat_id": 1, "seq": 4 + n, "kind": "said", "outbox_id": row, "at": SEEDED_AT}
        for n, row in enumerate(added.scalars().all())
    ]
    connection.execute(log.insert(), entries)
    connection.execute(update(chats).where(chats.c.id == 1).values(logged=3 + number))


async def test_history_goes_back_page_by_page(stage: Stage, page: Reader) -> None:
    chat = await talked(stage, page)
    path = f"/v1/chats/{chat}/messages"
    newest = (await page.asks("GET", f"{path}?limit=2")).body
    assert ([one["seq"] for one in newest["messages"]], newest["before"]) == ([2, 3], 2)
    before = (await page.asks("GET", f"{path}?limit=2&before=2")).body
    assert ([one["seq"] for one in before["messages"]], before["before"]) == ([1], None)
    for wrong in ("limit=0", "limit=999", "before=x", "before=-1"):
        assert (await page.asks("GET", f"{path}?{wrong}")).status == 400


async def test_what_was_read_is_told_to_other_devices(stage: Stage, page: Reader) -> None:
    """[19]"""
    chat = await talked(stage, page)
    async with page.follows(chat, 3) as events:
        for seq in (3, 2):
            answer = await page.asks("POST", f"/v1/chats/{chat}/read", {"seq": seq})
            assert answer.status == 204
        event = await anext(events)
    assert (event.event, event.data, event.seq) == ("read", {"seq": 3}, 4)
    assert (await page.asks("GET", f"/v1/chats/{chat}/messages")).body["read"] == 3


async def test_typing_is_told_without_a_number(stage: Stage, page: Reader) -> None:
    chat = await talked(stage, page)
    stage.will_say("Fino alle 11:00.", first_ms=500)
    async with page.follows(chat, 3) as events:
        await page.says(chat, "E il check-out?", "m2")
        told = [await anext(events) for _ in range(2)]
        assert {one.event for one in told} == {"message", "typing"}
        assert [one.seq for one in told if one.event == "typing"] == [None]
        async for event in events:
            if event.event == "message" and event.data["from"] == "assistant":
                break
    await stage.settles()


@on_both
async def test_what_is_forgotten_is_erased_where_it_is_read(stage: Stage, page: Reader) -> None:
    """[9, 39]"""
    chat = await talked(stage, page)
    async with page.follows(chat, 3) as events:
        assert (await page.asks("POST", f"/v1/chats/{chat}/forget")).status == 202
        erased, receipt = await anext(events), await anext(events)
    assert (erased.event, erased.seq) == ("erased", 4)
    assert receipt.data["text"] == say(Text.FORGOTTEN, "it")
    await stage.settles()
    pruned = await page.asks("GET", f"/v1/chats/{chat}/events?after=2")
    assert [one["event"] for one in pruned.body["events"]] == ["reset"]
    history = (await page.asks("GET", f"/v1/chats/{chat}/messages")).body["messages"]
    assert [one["text"] for one in history] == [say(Text.FORGOTTEN, "it")]
    stored = await stage.everything_stored()
    assert [text for text in stored if "check-in" in text or "Dalle 14:00" in text] == []


async def test_a_stop_tells_readers_to_come_again(stage: Stage, page: Reader) -> None:
    """[15]"""
    chat = await talked(stage, page)
    async with page.follows(chat, 3) as events:
        closing = asyncio.create_task(stage.closes())
        assert [event async for event in events] == []
        await closing
    await stage.opens()


# ------------------------------------------------------------------------- limits


async def test_who_asks_too_often_is_told_when_to_come_again(stage: Stage, page: Reader) -> None:
    """[61] Reading and coming again are not counted."""
    narrow = ChangeSite(1, 1, {"messages_per_minute": 2}, ADA, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [narrow]))
    await stage.closes()
    await stage.opens(turn_quiet_seconds=60, turn_max_wait_seconds=60)
    stage.will_say("Sì.")
    chat = await page.opens(SITE, language="it")
    said = [await page.says(chat, f"Parola {n}", f"m{n}") for n in range(4)]
    refused = [one for one in said if one.status == 429]
    assert refused
    assert said[0].headers["ratelimit-policy"] == '"session";q=2;w=60'
    assert said[0].headers["ratelimit"].startswith('"session";r=1;t=')
    assert refused[0].kind.endswith("#quota-exceeded")
    assert 1 <= int(refused[0].headers["retry-after"]) <= 30
    for _ in range(5):
        assert (await page.asks("GET", f"/v1/chats/{chat}/events?after=0")).status == 200
    assert (await page.says(chat, "Parola 0", "m0")).status == 200
    await heard(page, chat, number=len(said) - len(refused) + 2)


async def test_new_sessions_are_counted_by_where_they_come_from(stage: Stage, page: Reader) -> None:
    """[61, 64] A proxy that is not known is the one who asks."""
    path = f"/v1/sites/{SITE}/session"
    stage.settings["trusted_proxies"] = ""
    answers = await asyncio.gather(
        *(
            page.asks("POST", path, {}, headers={"X-Forwarded-For": f"203.0.113.{n}"})
            for n in range(80)
        )
    )
    assert {one.status for one in answers} == {201, 429}
    await stage.closes()
    await stage.opens(trusted_proxies="127.0.0.1")
    told = {"X-Forwarded-For": "198.51.100.7, 203.0.113.99"}
    assert (await page.asks("POST", path, {}, headers=told)).status == 201
    stored = await stage.everything_stored()
    assert [one for one in stored if "203.0.113" in one] == []


# ------------------------------------------------------------------------- programs


async def answered(crm: Reader, body: dict[str, object]) -> Answer:
    """What comes of it in the end; on the clock of tests half a minute is soon over."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await crm.asks("POST", "/v1/messages", body)).status == 202:
            pass
    assert answer.status == 200, answer
    return answer


@on_both
async def test_a_program_gets_the_answer_at_once(stage: Stage, page: Reader) -> None:
    crm = await program(stage, page, Scope.CHAT, Scope.READ)
    stage.will_say("Dalle 14:00.")
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    answer = await answered(crm, body)
    assert [one["text"] for one in answer.body["messages"]] == [AI_NOTICE, "Dalle 14:00."]
    again = await crm.asks("POST", "/v1/messages", body)
    assert again.body == answer.body
    assert len(stage.asked()) == 1
    history = await crm.asks("GET", "/v1/chats/guest-7/messages")
    assert [one["seq"] for one in history.body["messages"]] == [1, 2, 3]


async def test_a_repetition_joins_the_wait(stage: Stage, page: Reader) -> None:
    """[3]"""
    crm = await program(stage, page, Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=500)
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    early = await crm.asks("POST", "/v1/messages", {**body, "wait": 0})
    assert early.status == 202
    both = await asyncio.gather(*(answered(crm, body) for _ in range(2)))
    assert both[0].body == both[1].body
    assert len(stage.asked()) == 1


async def test_a_key_opens_what_it_is_for(stage: Stage, page: Reader) -> None:
    crm = await program(stage, page, Scope.READ)
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?"}
    assert (await crm.asks("POST", "/v1/messages", body)).kind == "scope-missing"
    assert (await crm.asks("GET", "/v1/chats/guest-7/messages")).status == 200
    assert (await crm.asks("DELETE", "/v1/session")).kind == "sessions-only"
    await page.opens(SITE)
    assert (await page.asks("POST", "/v1/messages", body)).kind == "keys-only"


# ------------------------------------------------------------------------- who is away, and when


async def test_a_company_that_pauses_says_so(stage: Stage, page: Reader) -> None:
    """[40]"""
    await stage.runs("UPDATE tenants SET state = 'paused'")
    await stage.publishes(pause_message="Siamo in ferie.")
    chat = await page.opens(SITE, language="it")
    await page.says(chat, "Avete posto?", "m1")
    events = await heard(page, chat, number=2)
    assert texts(events)[1:] == [("notice", "Siamo in ferie.")]


async def test_times_are_the_servers(stage: Stage, page: Reader) -> None:
    """[65]"""
    chat = await talked(stage, page)
    history = (await page.asks("GET", f"/v1/chats/{chat}/messages")).body["messages"]
    assert all(one["at"].startswith("2026-11-2") for one in history)
    assert [one["at"] for one in history] == sorted(one["at"] for one in history)
