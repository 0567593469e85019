"""What stands in a chat's log, read over HTTP; what may go wrong has its number in brackets."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any, Final

import pytest
from aiohttp import ClientSession, TCPConnector
from sqlalchemy import Engine, event, update

from bot.core.texts import Text, say
from bot.core.texts.client import Access
from bot.web.seats import IN_A_CHAT
from bot.web.shapes import RETRY
from db.models import chats, log, outbox
from tests.databases import SEEDED_AT
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.scenarios.web import SITE
from tests.web.reader import Reader
from tests.web.talk import heard, talked, texts

READERS: Final = 200


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
    stage.clock.speed = 1.0  # so that the wait is long enough, however busy the machine is
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


async def test_who_listens_before_the_first_word_hears_it_all(stage: Stage, page: Reader) -> None:
    """And from then on this process tells what it commits without reading it."""
    chat = await page.opens(SITE, language="it")
    read: list[str] = []

    def note(*said: object) -> None:
        read.extend([str(said[2])] if str(said[2]).startswith("SELECT log.seq") else [])

    async with page.follows(chat) as events, asyncio.timeout(PATIENCE_SECONDS):
        numbered = (one.seq async for one in events if one.seq is not None)
        stage.will_say("Sì?")
        await page.says(chat, "Salve", "m1")
        assert [await anext(numbered) for _ in range(3)] == [1, 2, 3]
        event.listen(Engine, "before_cursor_execute", note)
        stage.will_say("Sì.")
        await page.says(chat, "Avete posto?", "m2")
        assert [await anext(numbered) for _ in range(2)] == [4, 5]
        event.remove(Engine, "before_cursor_execute", note)
    assert read == []


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


async def test_what_is_forgotten_is_erased_where_it_is_read(stage: Stage, page: Reader) -> None:
    """[9, 39]"""
    chat = await talked(stage, page)
    async with page.follows(chat, 3) as events:
        assert (await page.asks("POST", f"/v1/chats/{chat}/forget")).status == 202
        erased, receipt = await anext(events), await anext(events)
    assert (erased.event, erased.seq) == ("erased", 4)
    assert receipt.data["text"] == say(Text.FORGOTTEN_WEB, "it")
    await stage.settles()
    pruned = await page.asks("GET", f"/v1/chats/{chat}/events?after=2")
    assert [one["event"] for one in pruned.body["events"]] == ["reset"]
    history = (await page.asks("GET", f"/v1/chats/{chat}/messages")).body["messages"]
    assert [one["text"] for one in history] == [say(Text.FORGOTTEN_WEB, "it")]
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


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_all_of_two_hundred_readers_are_told_to_come_again(
    stage: Stage, page: Reader
) -> None:
    """[15] None is cut, and none is waited for."""
    async with ClientSession(connector=TCPConnector(limit=0)) as http, AsyncExitStack() as tabs:
        streams = []
        for _ in range(READERS // IN_A_CHAT + 1):
            path = f"{page.url}/v1/chats/{await page.opens(SITE)}/events"
            given = {"Authorization": f"Bearer {page.token}", "Accept": "text/event-stream"}
            for _ in range(IN_A_CHAT):
                streams.append(await tabs.enter_async_context(http.get(path, headers=given)))
                assert await streams[-1].content.readline() == b"retry: 2000\n"
        await stage.closes()
        assert {(await one.content.read())[-len(RETRY) :] for one in streams} == {RETRY}
    assert len(streams) >= READERS
    await stage.opens()


async def test_an_idle_stream_says_that_it_is_alive(stage: Stage, page: Reader) -> None:
    """[13]"""
    chat = await talked(stage, page)
    given = {"Authorization": f"Bearer {page.token}", "Accept": "text/event-stream"}
    path = f"{page.url}/v1/chats/{chat}/events?after=3"
    async with page.http.get(path, headers=given) as response:
        assert response.headers["x-accel-buffering"] == "no"
        assert response.headers["cache-control"] == "no-cache, no-transform"
        lines = [await response.content.readline() for _ in range(4)]
    assert lines == [b"retry: 2000\n", b"\n", b": \n", b"\n"]


async def test_one_chat_has_no_more_readers_than_somebody_has_tabs(
    stage: Stage, page: Reader
) -> None:
    """[61]"""
    chat = await talked(stage, page)
    async with AsyncExitStack() as tabs:
        for _ in range(IN_A_CHAT):
            await tabs.enter_async_context(page.follows(chat, 3))
        refused = await page.asks("GET", f"/v1/chats/{chat}/events?after=3&wait=1")
        assert (await page.asks("GET", f"/v1/chats/{chat}/events?after=3")).status == 200
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 0


async def test_what_looks_like_a_code_is_not_stored(stage: Stage, page: Reader) -> None:
    """[42]"""
    chat = await page.opens(SITE, language="it")
    await page.says(chat, "/unlock QWER-TY12", "m1")
    events = await heard(page, chat, number=2)
    assert texts(events)[1] == ("notice", say(Access.REFUSED, "it"))
    stored = await stage.everything_stored()
    assert [one for one in stored if "QWER" in one] == []
