"""Files that a program names by where they are: fetched, looked at, and gone afterwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pytest
from aiohttp import web

from bot.core.attachments import LARGEST_BYTES
from bot.gateways.files import MOST, OF_A_KEY, SECONDS
from bot.net.outside import open_outside
from bot.playground.openai import FaultKind, Reply, Then
from bot.playground.voices import silence, with_words
from db.api_keys import Scope
from tests.patience import PATIENCE_SECONDS
from tests.samples import jpeg
from tests.scenarios.people import Json
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_attachments import transcribed, what_was_shown
from tests.systems import System, serving
from tests.web.conftest import Programs
from tests.web.reader import Answer, Reader
from tests.web.test_files import kept

CHAT: Final = "/v1/threads/chat"
ONCE: Final = {"Idempotency-Key": "q-1"}
PHOTO: Final = jpeg(padding=600_000)  # several pieces
THERE: Final = {
    "/camera.jpg": PHOTO,
    "/nota": with_words(silence(2), "Avete posto?"),
    "/menu": b"Apriamo alle 8:30.",
    "/vuoto.txt": b"",
    "/grande.txt": bytes(LARGEST_BYTES + 1),
}


async def shows(request: web.BaseRequest) -> web.StreamResponse:
    if request.path == "/di-la":
        raise web.HTTPFound("camera.jpg")
    if request.path == "/in-tondo":
        raise web.HTTPFound("/in-tondo")
    if request.path == "/dentro":
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")
    if request.path == "/a-pezzi":  # nobody says how large it is
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(THERE["/menu"])
        return response
    if request.path not in THERE:
        raise web.HTTPNotFound
    return web.Response(body=THERE[request.path], content_type="text/plain")


def named(system: System, *paths: str, kind: str = "text/plain") -> list[Json]:
    return [{"url": system.url.rstrip("/") + path, "mediaType": kind} for path in paths]


def reasons(answer: Answer) -> Sequence[str]:
    assert answer.status == 200, answer
    return [one["reason"] for one in answer.body.get("ignored", ())]


@dataclass(slots=True)
class Slow:
    """A server that answers once it is told to."""

    asked: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    open: int = 0
    most: int = 0  # at the same time

    async def shows(self, request: web.BaseRequest) -> web.StreamResponse:
        self.open += 1
        self.most = max(self.most, self.open)
        self.asked.release()
        await self.answers.wait()
        self.open -= 1
        return await shows(request)

    async def until_asked(self, *, times: int = 1) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            for _ in range(times):
                await self.asked.acquire()


@pytest.fixture
async def crm(stage: Stage, program: Programs) -> Reader:
    """A program; this machine stands for the internet."""
    await stage.closes()
    stage.way_out = partial(open_outside, ("127.0.0.1",))
    await stage.opens()
    return await program(Scope.CHAT)


async def asks(crm: Reader, files: Sequence[Any], **body: object) -> Answer:
    return await crm.asks("POST", CHAT, {"files": files, **body}, headers=ONCE)


async def test_what_is_named_is_looked_at_heard_and_read(stage: Stage, crm: Reader) -> None:
    """[44] One message, as if it had been sent; what it is, its first bytes say."""
    async with serving(shows) as system:
        stage.will_say("La Classic.")
        files = named(system, "/camera.jpg", "/nota", "/menu", "/a-pezzi")
        answer = await asks(crm, files, content="Quale?")
    assert answer.body["messages"] == [AI_NOTICE, "La Classic."]
    assert "ignored" not in answer.body
    (lines,) = stage.inputs()
    assert lines == [
        "⟦photo⟧\nQuale?",
        "⟦audio: nota.txt⟧\n⟦heard in it⟧\nAvete posto?",
        "⟦document: menu.txt⟧\n⟦text in it⟧\nApriamo alle 8:30.",
        "⟦document: a-pezzi.txt⟧\n⟦text in it⟧\nApriamo alle 8:30.",
    ]
    assert (len(what_was_shown(stage)[0]), transcribed(stage)) == (1, 1)
    its = "SELECT count(*) FROM uploads WHERE update_id IS NOT NULL"
    assert await stage.count(its) == len(files), "they go once it is answered"
    await stage.settles()


async def test_files_alone_are_a_message(stage: Stage, crm: Reader) -> None:
    async with serving(shows) as system:
        stage.will_say("Bella!")
        answer = await asks(crm, named(system, "/di-la"), content="")
    assert answer.body["messages"][-1] == "Bella!"
    assert len(what_was_shown(stage)[0]) == 1, "where it led"
    await stage.settles()


async def test_what_cannot_be_had_is_named_and_the_model_knows(stage: Stage, crm: Reader) -> None:
    """[44] The words are answered all the same."""
    async with serving(shows) as system:
        stage.will_say("Non si aprono.")
        paths = ("/nessuno.pdf", "/dentro", "/in-tondo", "/vuoto.txt")
        files: list[Any] = named(system, *paths)
        files += ["x", {"url": 7}, *named(system, "/menu")]
        answer = await asks(crm, files, content="Legga")
    assert answer.body["ignored"] == [
        {"url": files[0]["url"], "reason": "gone"},
        {"url": files[1]["url"], "reason": "not public"},
        {"url": files[2]["url"], "reason": "failed"},
        {"url": files[3]["url"], "reason": "broken"},
        {"url": "", "reason": "not valid"},
        {"url": "", "reason": "not valid"},
        {"url": files[6]["url"], "reason": "too many"},
    ]
    (lines,) = stage.inputs()
    assert len(lines) == MOST
    assert lines[0].startswith("⟦document: nessuno.pdf⟧\nLegga\n⟦not read: it cannot be had")
    assert "/menu" not in [one.path for one in system.asked]
    await stage.settles()
    assert await kept(stage) == 0


async def test_nothing_larger_is_kept(stage: Stage, crm: Reader) -> None:
    async with serving(shows) as system:
        stage.will_say("Troppo grande.")
        answer = await asks(crm, named(system, "/grande.txt"))
    assert reasons(answer) == ["too large"]
    assert await kept(stage) == 0
    await stage.settles()


async def test_where_nothing_can_be_fetched_nothing_is_asked(crm: Reader) -> None:
    for files in ([], ["x"], [{"url": ""}], [{"url": "a" * 3000}]):
        refused = await asks(crm, files)
        assert refused.status == 400
        assert refused.body == {"error": "Provide 'content' or 'files' with {url, mediaType}."}


async def test_a_repetition_fetches_nothing_again(stage: Stage, crm: Reader) -> None:
    """Also while the first is being fetched; with other files it is another message."""
    slow = Slow()
    async with serving(slow.shows) as system:
        files = named(system, "/camera.jpg", "/nessuno.pdf")
        stage.will_say("La Classic.")
        asked = [asyncio.create_task(asks(crm, files, content="Quale?")) for _ in range(3)]
        await slow.until_asked(times=len(files))
        slow.answers.set()
        answers = await asyncio.gather(*asked)
        answers.append(await asks(crm, files, content="Quale?"))
        other = await asks(crm, files[:1], content="Quale?")
    assert [reasons(one) for one in answers] == [["gone"]] * 4
    assert len({one.body["thread_id"] for one in answers}) == 1
    assert other.status == 422
    assert len(system.asked) == len(files)
    assert len(stage.asked()) == 1
    await stage.settles()


async def test_it_is_waited_for_only_so_long(stage: Stage, crm: Reader) -> None:
    slow = Slow()
    async with serving(slow.shows) as system:
        stage.will_say("Non si apre.")
        files = named(system, "/camera.jpg")
        asking = asyncio.create_task(asks(crm, files, content="Quale?"))
        await slow.until_asked()
        stage.clock.skips(SECONDS)
        answer = await asking
        slow.answers.set()
    assert reasons(answer) == ["failed"]
    await stage.settles()


async def test_few_are_fetched_at_once_for_a_key(stage: Stage, crm: Reader) -> None:
    slow = Slow()
    async with serving(slow.shows) as system:
        files = named(system, *["/menu"] * MOST)
        stage.openai.script.add([Reply(("Alle 8:30.",)) for _ in range(3)])
        asking = [asyncio.create_task(crm.asks("POST", CHAT, {"files": files})) for _ in range(3)]
        await slow.until_asked(times=OF_A_KEY)
        slow.answers.set()
        answers = await asyncio.gather(*asking)
    assert [reasons(one) for one in answers] == [[]] * 3
    assert slow.most == OF_A_KEY
    await stage.settles()


async def test_nothing_of_this_machine_is_fetched(stage: Stage, program: Programs) -> None:
    """Whatever the host excepts for tools: anybody may hold a key that is in an address."""
    await stage.closes()
    await stage.opens(tenant_tools=True, tenant_tools_inside="127.0.0.1")
    crm = await program(Scope.CHAT)
    async with serving(shows) as system:
        stage.will_say("Non si apre.")
        inside = f"https://localhost:{system.port}/menu"
        files = [*named(system, "/menu"), {"url": inside}, {"url": "file:///etc/passwd"}]
        answer = await asks(crm, files, content="Legga")
    assert reasons(answer) == ["not public"] * 3
    assert system.asked == []
    await stage.settles()


async def test_a_kill_loses_no_file_and_what_is_stored_is_not_fetched_again(
    stage: Stage, crm: Reader
) -> None:
    """[4, 5] First while it is fetched, when nothing is stored; then in mid-answer."""
    slow = Slow()
    async with serving(slow.shows) as system:
        files = named(system, "/camera.jpg")
        asking = asyncio.create_task(asks(crm, files, content="Quale?"))
        await slow.until_asked()
        await dies(stage, asking)
        await stage.opens()

        slow.answers.set()
        stage.openai_fails(FaultKind.NONE, then=Then.DROP, then_seconds=0.1)
        stage.will_say("La Classic.", first_ms=5_000.0)
        asking = asyncio.create_task(asks(crm, files, content="Quale?"))
        await stage.until(lambda: len(stage.asked()) == 1)
        await dies(stage, asking)
        stage.will_say("La Classic.")
        await stage.opens()

        answer = await asks(crm, files, content="Quale?")
    assert (answer.status, answer.body["messages"][-1]) == (200, "La Classic.")
    assert len(system.asked) == 2, "once before it was stored"
    assert len(what_was_shown(stage)[-1]) == 1
    assert await stage.count("SELECT count(*) FROM turns") == 1
    await stage.settles()


async def dies(stage: Stage, asking: "asyncio.Task[Answer]") -> None:
    """Whoever waits gets no answer."""
    await stage.dies()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.wait([asking])
    assert asking.exception() or asking.result().status == 500
