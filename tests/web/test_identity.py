"""A visitor whom the company knows, over HTTP; what may go wrong has its number in brackets."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from bot.core.texts import Text, say
from bot.ops.vault import KeyVault
from bot.web.events import SURE_SECONDS
from bot.web.shapes import RETRY
from db.identity_secrets import AddIdentitySecret, RetireIdentitySecret
from db.journal import apply
from db.sites import ChangeSite
from db.talks import list_talks
from db.transaction import OneByOne
from tests.databases import SEEDED_AT
from tests.scenarios.stage import Stage
from tests.scenarios.web import FORGETTABLE, SITE
from tests.web.conftest import ADA
from tests.web.reader import Answer, Event, Reader
from tests.web.talk import heard, talked, texts

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SECRET, OLD = "spi_" + "a" * 64, "spi_" + "b" * 64
QUESTION = "A che ora è il check-in?"
Proves = Callable[..., str]


@pytest.fixture
async def proves(stage: Stage, page: Reader) -> Proves:
    """The company's own server, which signs who somebody is."""
    vault = KeyVault.open(SecretStr(FORGETTABLE))
    for one in (OLD, SECRET):
        await does(
            stage,
            AddIdentitySecret(
                site=1, tenant=1, sealed=vault.encrypt(one), actor=ADA, now=SEEDED_AT
            ),
        )

    def proves(sub: str = "anna", secret: str = SECRET, **claims: Any) -> str:
        usual = {"sub": sub, "aud": SITE, "exp": stage.clock.now() + 6 * 3_600, "name": "Anna Neri"}
        return jwt.encode(usual | claims, secret, algorithm="HS256")

    return proves


async def does(stage: Stage, *operations: OneByOne[Any]) -> None:
    await stage.database.write(lambda connection: apply(connection, operations))


async def identifies(page: Reader, chat: str, token: str) -> Answer:
    """The page proves who writes in this chat, and goes on with the new token."""
    answer = await page.asks("POST", f"/v1/chats/{chat}/identity", {"jwt": token})
    if answer.status == 200:
        page.token = answer.body["token"]
    return answer


async def until_answered(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    async for event in events:
        yield event
        if event.data.get("from") == "assistant":
            return


async def history(page: Reader, chat: str) -> list[str]:
    answer = await page.asks("GET", f"/v1/chats/{chat}/messages")
    assert answer.status == 200, answer
    return [one["text"] for one in answer.body["messages"]]


# ------------------------------------------------------------------------- whose a chat is


async def test_who_logs_in_keeps_the_chat_under_a_new_token(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[32]"""
    chat = await talked(stage, page)
    before = replace(page)
    async with before.follows(chat, 3) as events:
        answer = await identifies(page, chat, proves())
        told = [event async for event in events]

    assert answer.body == {"chat": chat, "token": page.token, "seq": 3}
    assert told == [Event("identity", {})]
    assert (await before.asks("GET", f"/v1/chats/{chat}/messages")).kind == "unauthorized"
    assert QUESTION in await history(page, chat)


async def test_their_other_device_finds_the_chat_and_both_read_it(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    chat = await talked(stage, page)
    await identifies(page, chat, proves())
    phone = replace(page, token="")
    assert await phone.opens(SITE, identity=proves(), language="it") == chat

    stage.will_say("Fino alle 11:00.", first_ms=500)
    async with page.follows(chat, 3) as events:
        await phone.says(chat, "E il check-out?", "p1")
        assert (await anext(events)).data["text"] == "E il check-out?"
        ended = await phone.asks("DELETE", "/v1/session")
        assert ended.status == 204
        rest = [event async for event in until_answered(events)]
    assert rest[-1].data["text"] == "Fino alle 11:00."
    assert (await phone.asks("GET", f"/v1/chats/{chat}/messages")).status == 401
    await stage.settles()


async def test_what_was_said_on_another_device_is_closed_and_stays_readable(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[35]"""
    chat = await talked(stage, page)
    await identifies(page, chat, proves())
    phone = replace(page, token="")
    other = await talked(stage, phone)
    async with phone.follows(other, 3) as events:
        moved = await identifies(phone, other, proves())
        told = [event async for event in events]

    assert (moved.body["chat"], moved.body["seq"]) == (chat, 3)
    assert told == [Event("moved", {})]
    assert (await phone.asks("GET", f"/v1/chats/{other}/messages")).kind == "not-found"
    assert len(await history(phone, chat)) == 3
    talks = await stage.database.read(list_talks, 1, private=False, first=0, limit=9)
    assert [one.name for one in talks] == ["Anna Neri", "Anna Neri"]


async def test_nothing_of_the_first_is_seen_by_the_next(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[33]"""
    chat = await talked(stage, page)
    await identifies(page, chat, proves())
    annas = replace(page)

    answer = await identifies(page, chat, proves("bruno", name="Bruno"))

    assert answer.body["chat"] != chat
    assert await history(page, answer.body["chat"]) == []
    assert (await page.asks("GET", f"/v1/chats/{chat}/messages")).kind == "not-found"
    assert (await annas.asks("GET", f"/v1/chats/{chat}/messages")).status == 401
    assert await replace(page, token="").opens(SITE, identity=proves()) == chat


async def test_an_answer_on_its_way_goes_to_the_chat_that_was_left(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[34]"""
    chat = await talked(stage, page)
    await identifies(page, chat, proves())
    stage.will_say("Fino alle 11:00.", first_ms=500)
    await page.says(chat, "E il check-out?", "m2")
    assert (await page.asks("DELETE", "/v1/session")).status == 204
    page.token = ""
    anew = await page.opens(SITE)
    await stage.settles()

    assert await history(page, anew) == []
    assert anew != chat
    annas = replace(page, token="")
    assert await annas.opens(SITE, identity=proves()) == chat
    assert (await history(annas, chat))[-1] == "Fino alle 11:00."


async def test_only_who_proves_it_has_the_history_once_a_session_is_over(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[21]"""
    chat = await talked(stage, page)
    await identifies(page, chat, proves())
    await stage.runs("UPDATE sessions SET expires_at = 0")
    assert (await page.asks("GET", f"/v1/chats/{chat}/messages")).kind == "unauthorized"
    page.token = ""
    assert await page.opens(SITE) != chat
    assert await page.opens(SITE, identity=proves()) == chat
    assert len(await history(page, chat)) == 3


# ------------------------------------------------------------------------- what is proven


async def test_whatever_proves_nothing_is_refused_in_one_way(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[22] The log alone tells why."""
    chat = await talked(stage, page)
    now = stage.clock.now()
    wrong = {
        "expired": proves(exp=now - 1),
        "good for too long": proves(exp=now + 2 * 86_400),
        "InvalidAudienceError": proves(aud="site_other"),
        "InvalidAlgorithmError": jwt.encode({"sub": "anna"}, "", algorithm="none"),
        "signature": proves(secret="spi_" + "c" * 64),
        "issued later": proves(iat=now + 3_600),
        "claims": proves(sub=""),
        "DecodeError": "nonsense",
    }
    answers = [await identifies(page, chat, one) for one in wrong.values()]
    opened = {"identity": wrong["expired"]}
    answers.append(await page.asks("POST", f"/v1/sites/{SITE}/session", opened))

    assert {one.kind for one in answers} == {"identity-not-proven"}
    assert len({str(one.body) for one in answers}) == 1
    records = [told for name, told in stage.telemetry.records if name == "identity refused"]
    causes = [told["cause"] for told in records]
    assert causes == [*wrong, "expired"]
    assert len(await history(page, chat)) == 3, "and whoever asks may go on as anybody"


async def test_both_secrets_count_until_one_is_retired(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[23]"""
    chat = await page.opens(SITE, identity=proves(secret=OLD))
    assert await page.opens(SITE, identity=proves()) == chat
    retire = RetireIdentitySecret(secret=1, site=1, tenant=1, actor=ADA, now=SEEDED_AT)
    await does(stage, retire)
    path = f"/v1/sites/{SITE}/session"
    assert (await page.asks("POST", path, {"identity": proves(secret=OLD)})).status == 401
    assert (await page.asks("POST", path, {"identity": proves()})).status == 201


async def test_a_site_for_known_visitors_refuses_everybody_else_everywhere(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[24]"""
    chat = await talked(stage, page)
    known = replace(page, token="")
    theirs = await known.opens(SITE, identity=proves())
    only = ChangeSite(1, 1, {"known_only": True}, ADA, SEEDED_AT)
    await does(stage, only)

    opened = await page.asks("POST", f"/v1/sites/{SITE}/session", {})
    assert (opened.status, opened.kind) == (401, "identity-not-proven")
    posts = {"messages": {"id": "m9", "text": "?"}, "read": {"seq": 1}, "forget": {}}
    posts["identity"] = {"jwt": proves()}
    asked: list[tuple[str, str, object]] = [("GET", "messages", None), ("GET", "events", None)]
    asked += [("POST", name, body) for name, body in posts.items()]
    for method, name, body in asked:
        answer = await page.asks(method, f"/v1/chats/{chat}/{name}", body)
        assert (answer.status, answer.kind) == (401, "unauthorized"), name
    assert (await page.asks("DELETE", "/v1/session")).status == 401
    assert await history(known, theirs) == []


# ------------------------------------------------------------------------- what is told of them


async def test_people_and_the_model_read_the_name_and_nobody_the_subject(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    chat = await page.opens(SITE, identity=proves("customer-0815"), language="it")
    stage.will_say("Dalle 14:00.")
    await page.says(chat, QUESTION, "m1")
    await heard(page, chat, number=3)
    await stage.settles()

    (talk,) = await stage.database.read(list_talks, 1, private=False, first=0, limit=9)
    assert talk.name == "Anna Neri"
    assert "Anna Neri" in str(stage.asked())
    assert "0815" not in str(stage.asked())
    assert [one for one in await stage.everything_stored() if "0815" in one] == []


async def test_what_is_forgotten_is_nobodys(stage: Stage, page: Reader, proves: Proves) -> None:
    chat = await page.opens(SITE, identity=proves(), language="it")
    stage.will_say("Dalle 14:00.")
    await page.says(chat, QUESTION, "m1")
    await heard(page, chat, number=3)
    await page.asks("POST", f"/v1/chats/{chat}/forget")
    events = await heard(page, chat, number=2, after=3)
    assert texts(events[1:]) == [("notice", say(Text.FORGOTTEN_WEB, "it"))]
    await stage.settles()

    assert [one for one in await stage.everything_stored() if "Anna" in one] == []
    assert await stage.count("SELECT count(*) FROM identities WHERE subject IS NOT NULL") == 0
    assert await replace(page, token="").opens(SITE, identity=proves()) != chat


async def test_a_device_that_may_read_no_more_is_told_nothing_new(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """As where another process ended its session: the stream here is open still."""
    chat = await page.opens(SITE, identity=proves(), language="it")
    phone = replace(page, token="")
    await phone.opens(SITE, identity=proves(), language="it")
    given = {"Authorization": f"Bearer {phone.token}", "Accept": "text/event-stream"}
    async with page.http.get(f"{page.url}/v1/chats/{chat}/events?after=0", headers=given) as stream:
        await stream.content.readuntil(RETRY)
        await stage.runs("UPDATE sessions SET expires_at = 0 WHERE id = 2")
        stage.clock.skips(SURE_SECONDS + 1)
        stage.will_say("Dalle 14:00.")
        await page.says(chat, QUESTION, "m1")
        rest = await stream.content.read()
    assert b"data:" not in rest
    assert rest.endswith(RETRY)


async def test_no_device_goes_on_where_all_was_forgotten(
    stage: Stage, page: Reader, proves: Proves
) -> None:
    """[39] It is told, reads the receipt, and goes on where the others do, as the same person."""
    chat = await page.opens(SITE, identity=proves(), language="it")
    phone, tablet = replace(page, token=""), replace(page, token="")
    for one in (phone, tablet):
        await one.opens(SITE, identity=proves(), language="it")
    stage.will_say("Dalle 14:00.")
    await page.says(chat, QUESTION, "m1")
    await heard(phone, chat, number=3)
    await page.asks("POST", f"/v1/chats/{chat}/forget")
    erased, receipt = await heard(phone, chat, number=2, after=3)
    await stage.settles()

    assert (erased.event, receipt.data["text"]) == ("erased", say(Text.FORGOTTEN_WEB, "it"))
    for one in (page, phone):
        assert (await one.says(chat, "Ci siete?", "m2")).kind == "unauthorized"
        assert (await one.sends(chat, b"8:30")).kind == "unauthorized"
        assert await history(one, chat) == [say(Text.FORGOTTEN_WEB, "it")]
    anew = {await one.opens(SITE, identity=proves(), language="it") for one in (page, phone)}
    moved = await identifies(tablet, chat, proves())
    assert {moved.body["chat"]} == anew != {chat}
