"""How many answers a program may have open at once, and what becomes of those that nobody takes."""

import asyncio
import json
import threading
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import pytest
from aiohttp import web
from sqlalchemy import Connection

from bot.gateways.completions import WHOLE_SECONDS
from bot.net.outside import open_outside
from bot.playground.openai import Reply
from bot.playground.openai.script import Repeating
from bot.web.problems import PAUSE_SECONDS
from bot.web.seats import AGAIN_SECONDS, IN_A_CHAT
from db.api_keys import Scope
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.systems import serving
from tests.web.conftest import Programs
from tests.web.reader import Answer, Reader

LONG_MS: Final = 3_600_000.0  # nobody waits for it
ASKED: Final = "Check-in?"
ONCE: Final = {"Idempotency-Key": "q-1"}
COMPLETION: Final = {"model": "default", "messages": [{"role": "user", "content": ASKED}]}
ROUTES: Final = [
    ("/v1/threads/chat", {"content": ASKED}),
    ("/ask", {"session_id": "s", "user_input": ASKED}),
    ("/api/chat", {"message": ASKED}),
    ("/v1/chat/completions", COMPLETION),
    ("/v1/chat/completions", {**COMPLETION, "stream": True}),
]


@pytest.mark.parametrize(
    ("path", "body", "shape"),
    [
        ("/v1/threads/chat", {"content": ASKED}, "error"),
        ("/ask", {"session_id": "s", "user_input": ASKED}, "detail"),
        ("/api/chat", {"user_id": "anna", "message": ASKED}, "error"),
        ("/v1/chat/completions", {**COMPLETION, "user": "anna"}, "error"),
        ("/v1/chat/completions", {**COMPLETION, "user": "anna", "stream": True}, "error"),
    ],
)
async def test_a_caller_has_so_many_open_at_once(
    stage: Stage, program: Programs, path: str, body: Mapping[str, object], shape: str
) -> None:
    """[61] Each says so in its own words, and when to come again."""
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=LONG_MS)
    asking = {
        asyncio.create_task(crm.asks("POST", path, body, headers=ONCE))
        for _ in range(IN_A_CHAT + 1)
    }
    async with asyncio.timeout(PATIENCE_SECONDS):
        (first,), waiting = await asyncio.wait(asking, return_when=FIRST_COMPLETED)
    refused = first.result()
    assert (refused.status, [*refused.body]) == (429, [shape])
    assert refused.headers["retry-after"] == str(AGAIN_SECONDS)
    assert len(waiting) == IN_A_CHAT
    await stage.until(lambda: len(stage.asked()) == 1)
    assert await stage.count("SELECT count(*) FROM updates") == 1
    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)
    await stage.dies()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # a server has many writers
async def test_a_call_has_so_many_open_at_once(stage: Stage, program: Programs) -> None:
    """[61] Who speaks again has a seat before the answer ahead is cut, which gives its own back."""
    crm = await program(Scope.CHAT)
    script = stage.openai.script
    script.strict, script.otherwise = False, Repeating([Reply(("Sì.",))])
    assert (await crm.asks("GET", "/v1/models")).status == 200, "that its key is used is stored"
    said = {"uuid": "call-1", "message": ASKED}
    for number in (1, 2):
        async with nothing_is_stored(stage):
            asking = {
                asyncio.create_task(crm.asks("POST", "/prompt-stream", said))
                for _ in range(IN_A_CHAT + 1)
            }
            async with asyncio.timeout(PATIENCE_SECONDS):
                (first,), waiting = await asyncio.wait(asking, return_when=FIRST_COMPLETED)
        refused = first.result()
        assert (refused.status, [*refused.body]) == (429, ["message"])
        assert refused.headers["retry-after"] == str(AGAIN_SECONDS)
        assert {one.status for one in await asyncio.gather(*waiting)} == {200}
        assert await stage.count("SELECT count(*) FROM updates") == number * IN_A_CHAT
    await stage.settles()


@asynccontextmanager
async def nothing_is_stored(stage: Stage) -> AsyncIterator[None]:
    """Meanwhile: a file has one writer, and whoever else wants to write waits."""
    begun, over, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def holds(_: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        over.wait(PATIENCE_SECONDS)

    holding = asyncio.create_task(stage.database.write(holds))
    await begun.wait()
    try:
        yield
    finally:
        over.set()
        await holding


def words_of(answer: Answer) -> str:
    return json.dumps(answer.body, ensure_ascii=False)


@pytest.mark.parametrize(("path", "body"), ROUTES)
async def test_who_does_not_wait_any_longer_finds_the_answer_later(
    stage: Stage, program: Programs, path: str, body: Mapping[str, object]
) -> None:
    """[45, 79] Whether they were told that it takes longer, or hung up: it is one turn."""
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=800)
    late = asyncio.create_task(crm.asks("POST", path, body, headers=ONCE))
    left = asyncio.create_task(crm.asks("POST", path, body, headers=ONCE))
    await stage.until(lambda: len(stage.asked()) == 1)
    left.cancel()
    stage.clock.skips(WHOLE_SECONDS)
    told = await late
    assert "14:00" not in words_of(told)
    assert (told.status, "longer" in words_of(told) or "waited=30" in words_of(told)) == (
        200 if body.get("stream") else 504,
        True,
    )
    await stage.settles()
    found = await crm.asks("POST", path, body, headers=ONCE)
    assert (found.status, "Dalle 14:00." in words_of(found)) == (200, True)
    assert len(stage.asked()) == 1


@pytest.mark.parametrize(
    ("path", "body"), [*ROUTES, ("/prompt-stream", {"uuid": "call-1", "message": ASKED})]
)
async def test_while_a_company_pauses_nothing_is_taken(
    stage: Stage, program: Programs, path: str, body: Mapping[str, object]
) -> None:
    """[40] What was answered before is still answered so."""
    crm = await program(Scope.CHAT)
    repeats = path != "/prompt-stream"
    if repeats:
        stage.will_say("Dalle 14:00.")
        await crm.asks("POST", path, body, headers=ONCE)
        await stage.settles()
    await stage.runs("UPDATE tenants SET state = 'paused'")
    refused = await crm.asks("POST", path, body, headers={"Idempotency-Key": "q-2"})
    assert (refused.status, refused.headers["retry-after"]) == (503, str(PAUSE_SECONDS))
    if repeats:
        again = await crm.asks("POST", path, body, headers=ONCE)
        assert (again.status, "Dalle 14:00." in words_of(again)) == (200, True)
    assert await stage.count("SELECT count(*) FROM updates") == int(repeats)


async def test_a_company_that_pauses_has_nothing_fetched(stage: Stage, program: Programs) -> None:
    stage.way_out = partial(open_outside, ("127.0.0.1",))
    await stage.closes()
    await stage.opens()
    crm = await program(Scope.CHAT)
    await stage.runs("UPDATE tenants SET state = 'paused'")
    async with serving(nothing) as system:
        files = [{"url": system.url, "mediaType": "text/plain"}]
        refused = await crm.asks("POST", "/v1/threads/chat", {"files": files})
    assert (refused.status, system.asked) == (503, [])


async def nothing(_: web.BaseRequest) -> web.StreamResponse:
    return web.Response()


async def test_a_stream_that_is_left_gives_its_seat_back(stage: Stage, program: Programs) -> None:
    """[79] The turn goes on, and so does who comes next."""
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=LONG_MS)
    body = {**COMPLETION, "user": "anna", "stream": True}
    async with AsyncExitStack() as open_ones:
        for _ in range(IN_A_CHAT):
            await open_ones.enter_async_context(streaming(crm, body))
        assert (await crm.asks("POST", "/v1/chat/completions", body)).status == 429
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:  # the server learns of each when it looks next
            async with streaming(crm, body) as status:
                if status == 200:
                    break
    await stage.dies()


async def test_so_does_an_answer_that_nobody_waits_for(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=LONG_MS)
    body, path = {**COMPLETION, "user": "anna"}, "/v1/chat/completions"
    asking = [
        asyncio.create_task(crm.asks("POST", path, body, headers=ONCE))
        for _ in range(IN_A_CHAT + 1)
    ]
    async with asyncio.timeout(PATIENCE_SECONDS):
        (refused,), waiting = await asyncio.wait(asking, return_when=FIRST_COMPLETED)
        assert refused.result().status == 429
        await stage.until(lambda: len(stage.asked()) == 1)
        for one in waiting:
            one.cancel()
        while True:
            async with streaming(crm, {**body, "stream": True}) as status:
                if status == 200:
                    break
    await stage.dies()


@asynccontextmanager
async def streaming(crm: Reader, body: Mapping[str, object]) -> AsyncIterator[int]:
    """An answer whose beginning has come."""
    given = {**crm.headers(), **ONCE}
    asking = crm.http.post(f"{crm.url}/v1/chat/completions", json=body, headers=given)
    async with asking as response:
        yield response.status
