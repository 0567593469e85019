"""How often somebody may ask, and what a company's own programs may."""

import asyncio
from collections.abc import Mapping

from bot.core.texts import Text, say
from db.api_keys import Scope
from db.journal import apply
from db.sites import ChangeSite
from tests.databases import SEEDED_AT
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.admins import admin
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.web import SITE
from tests.web.conftest import ADA, Programs
from tests.web.reader import Answer, Reader
from tests.web.talk import heard, talked, texts


async def test_who_asks_too_often_is_told_when_to_come_again(
    stage: Stage, unhurried: Reader
) -> None:
    """[61] Reading and coming again are not counted."""
    narrow = ChangeSite(1, 1, {"messages_per_minute": 2}, ADA, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [narrow]))
    chat = await unhurried.opens(SITE, language="it")
    said = [await unhurried.says(chat, f"Parola {n}", f"m{n}") for n in range(4)]
    assert [one.status for one in said] == [202, 202, 429, 429]
    assert said[0].headers["ratelimit-policy"] == '"session";q=2;w=60'
    assert said[0].headers["ratelimit"].startswith('"session";r=1;t=')
    assert said[2].kind.endswith("#quota-exceeded")
    assert 1 <= int(said[2].headers["retry-after"]) <= 30
    for _ in range(5):
        assert (await unhurried.asks("GET", f"/v1/chats/{chat}/events?after=0")).status == 200
    assert (await unhurried.says(chat, "Parola 0", "m0")).status == 200
    await stage.settles()


async def test_who_forgets_too_often_waits_as_well(stage: Stage, unhurried: Reader) -> None:
    """[61]"""
    narrow = ChangeSite(1, 1, {"messages_per_minute": 2}, ADA, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [narrow]))
    chat = await unhurried.opens(SITE, language="it")
    asked = [await unhurried.asks("POST", f"/v1/chats/{chat}/forget") for _ in range(3)]
    assert [one.status for one in asked] == [202, 202, 429]
    await stage.settles()


async def test_new_sessions_are_counted_by_where_they_come_from(
    stage: Stage, unhurried: Reader
) -> None:
    """[61, 64] A proxy that is not known is the one who asks."""
    path = f"/v1/sites/{SITE}/session"
    told = [{"X-Forwarded-For": f"203.0.113.{n}"} for n in range(40)]
    answers = await asyncio.gather(*(unhurried.asks("POST", path, {}, headers=one) for one in told))
    assert {one.status for one in answers} == {201, 429}
    await stage.closes()
    await stage.opens(trusted_proxies="127.0.0.1")
    named = {"X-Forwarded-For": "198.51.100.7, 203.0.113.99"}
    assert (await unhurried.asks("POST", path, {}, headers=named)).status == 201
    stored = await stage.everything_stored()
    assert [one for one in stored if "203.0.113" in one] == []


async def answered(crm: Reader, body: Mapping[str, object]) -> Answer:
    """What comes of it in the end; on the clock of tests half a minute is soon over."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await crm.asks("POST", "/v1/messages", body)).status == 202:
            pass
    assert answer.status == 200, answer
    return answer


async def test_a_program_gets_the_answer_at_once(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.CHAT, Scope.READ)
    stage.will_say("Dalle 14:00.")
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    answer = await answered(crm, body)
    assert [one["text"] for one in answer.body["messages"]] == [AI_NOTICE, "Dalle 14:00."]
    again = await crm.asks("POST", "/v1/messages", body)
    assert again.body == answer.body
    assert len(stage.asked()) == 1
    history = await crm.asks("GET", "/v1/chats/guest-7/messages")
    assert [one["seq"] for one in history.body["messages"]] == [1, 2, 3]


async def test_a_repetition_joins_the_wait(stage: Stage, program: Programs) -> None:
    """[3]"""
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=500)
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    early = await crm.asks("POST", "/v1/messages", {**body, "wait": 0})
    assert early.status == 202
    both = await asyncio.gather(*(answered(crm, body) for _ in range(2)))
    assert both[0].body == both[1].body
    assert len(stage.asked()) == 1


async def test_a_key_opens_what_it_is_for(page: Reader, program: Programs) -> None:
    crm = await program(Scope.READ)
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?"}
    assert (await crm.asks("POST", "/v1/messages", body)).kind == "scope-missing"
    assert (await crm.asks("GET", "/v1/chats/guest-7/messages")).status == 200
    assert (await crm.asks("DELETE", "/v1/session")).kind == "sessions-only"
    await page.opens(SITE)
    assert (await page.asks("POST", "/v1/messages", body)).kind == "keys-only"


# ------------------------------------------------------------------------- a site's own tokens


async def test_a_site_that_used_its_tokens_asks_no_model_and_says_so_once(stage: Stage) -> None:
    """[62] Its visitors are told kindly, and Telegram's clients are answered as before."""
    reader = Reader(stage.settings.pop("url"))
    ada = await admin(stage)
    stage.will_say("Salve.")
    ada.writes("Buongiorno")
    await ada.hears(AI_NOTICE, "Salve.")
    few = ChangeSite(1, 1, {"daily_tokens": 1}, ADA, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [few]))
    chat = await talked(stage, reader)
    for number, own in ((2, "m2"), (4, "m3")):
        await reader.says(chat, "E domani?", own)
        (_, told) = texts(await heard(reader, chat, number=2, after=number + 1))
        assert told == ("notice", say(Text.DAILY_CAP, "it"))
        await stage.settles()
    stage.warns("turn failed")
    assert len(stage.asked()) == 2
    await ada.hears(say(Text.SITE_DAILY_CAP, "it", site="www.aurora.example"))
    stage.will_say("Sì.")
    ada.writes("Avete posto?")
    await ada.hears("Sì.")
    await reader.http.close()
