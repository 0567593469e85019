"""Clients of other servers as they are: what each sends, and what it makes of what comes back.

They are written here from what is known of them (docs/reference/http-api.md), and know nothing of
Sportello but its address and a key in it.
"""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from db.api_keys import Scope
from tests.scenarios.stage import AI_NOTICE, HOTEL, Stage
from tests.web.conftest import Programs
from tests.web.reader import Reader

NEEDS_CURL: Final = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
JSON: Final = ("-H", "Content-Type: application/json")
TOLD: Final = [AI_NOTICE, "Dalle 14:00.", "A presto!"]


@dataclass(frozen=True, slots=True)
class Curl:
    """The lines that READMEs show, with another address in them."""

    url: str

    async def posts(self, path: str, body: Mapping[str, object], *more: str) -> Any:
        """`curl -X POST URL -d '...'`, which sends a form's content type."""
        return await self._runs("-X", "POST", *more, "-d", json.dumps(body), self.url + path)

    async def gets(self, path: str) -> Any:
        return await self._runs(self.url + path)

    async def _runs(self, *line: str) -> Any:
        run = await asyncio.create_subprocess_exec(
            "curl", "-sS", *line, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await run.communicate()
        assert run.returncode == 0
        return json.loads(told)


@pytest.fixture
async def curl(crm: Reader) -> Curl:
    """With the key in the address: none of these lines sends one."""
    return Curl(f"{crm.url}/k/{crm.token}")


@NEEDS_CURL
async def test_lines_of_a_server_with_threads(stage: Stage, curl: Curl) -> None:
    """As its page has them, where all is in `messages`, and as its code does, in `message`."""
    path = "/v1/threads/chat"
    stage.will_say(*TOLD[1:])
    first = {"content": "A che ora?", "role": "user", "client_info": "Anna, camera 7"}
    told = await curl.posts(path, first, *JSON)
    assert told["messages"] == TOLD
    stage.will_say("Sì.")
    next_ = {"content": "E il parcheggio?", "thread_id": told["thread_id"]}
    again = await curl.posts(f"{path}/default/", next_)
    assert (again["assistant"], again["message"]) == ("default", "Sì.")
    assert again["thread_id"] == told["thread_id"]
    assert await curl.posts(f"{path}/other", next_) == {"error": "Unknown assistant 'other'."}
    assert "error" in await curl.posts(path, {"role": "user"})
    assert (await curl.gets("/health"))["ok"] is True
    await stage.settles()


@NEEDS_CURL
async def test_the_line_that_says_what_a_company_is(
    stage: Stage, crm: Reader, program: Programs
) -> None:
    """A key that may publish stands in no address, so the line has a header more."""
    writing = await program(Scope.PROFILE_WRITE)
    header = ("-H", f"Authorization: Bearer {writing.token}")
    fields = {"company_name": "Hotel Luna", "sector": "Terme", "knowledge": "Chiuso."}
    told = await Curl(crm.url).posts("/v1/threads/update", fields, *header, *JSON)
    assert (told["object"], told["metadata"]["company_name"]) == ("assistant", "Hotel Luna")
    assert {"id", "name", "instructions", "model", "metadata"} <= {*told}
    assert told["name"] == HOTEL.assistant_name
    refused = await Curl(f"{crm.url}/k/{writing.token}").posts("/v1/threads/update", fields)
    assert [*refused] == ["error"]
    assert await stage.count("SELECT count(*) FROM profiles") == 2


@NEEDS_CURL
@pytest.mark.parametrize("root", ["", "/api"])
async def test_lines_of_a_server_with_sessions(stage: Stage, curl: Curl, root: str) -> None:
    """Some read the response as a text, and none can read a list."""
    assert [*await curl.gets(f"{root}/")] == ["message"]
    stage.will_say(*TOLD[1:])
    body = {"session_id": "abc123", "user_input": "A che ora?"}
    told = await curl.posts(f"{root}/ask", body, *JSON)
    assert told == {"session_id": "abc123", "response": "\n\n".join(TOLD)}
    (wrong,) = (await curl.posts(f"{root}/ask", {"session_id": "abc123"}, *JSON))["detail"]
    assert (wrong["loc"], wrong["msg"]) == (["body", "user_input"], "Field required")
    await stage.settles()


@NEEDS_CURL
async def test_lines_of_a_server_with_users(stage: Stage, curl: Curl) -> None:
    for user, told in (({"user_id": "u1"}, TOLD), ({}, TOLD), ({"user_id": "u1"}, TOLD[1:])):
        stage.will_say(*TOLD[1:])
        answer = await curl.posts("/api/chat", {**user, "message": "A che ora?"}, *JSON)
        assert answer["answer"] == "\n\n".join(told)
    assert await curl.posts("/api/chat", {"user_id": "u1"}, *JSON) == {
        "error": "Message is required"
    }
    await stage.settles()


@NEEDS_CURL
async def test_the_line_of_a_phone_stack(stage: Stage, crm: Reader) -> None:
    """Read by hand it is objects in a row; its loop is in tests/gateways/caller.py."""
    stage.will_say("Dalle 14.")
    body = json.dumps({"uuid": "5a1f", "message": "A che ora?"})
    url = f"{crm.url}/k/{crm.token}/prompt-stream"
    line = ("-sSN", "-X", "POST", *JSON, "-H", "X-UUID: 5a1f", "-d", body, url)
    run = await asyncio.create_subprocess_exec("curl", *line, stdout=asyncio.subprocess.PIPE)
    told, _ = await run.communicate()
    pieces = [json.loads("{" + one) for one in told.decode().split("{")[1:]]
    assert pieces == [{"type": "text", "content": one} for one in (AI_NOTICE, "Dalle 14.")]
    await stage.settles()


@NEEDS_CURL
async def test_whoever_watches_it_sees_when_it_is_not_well(stage: Stage, curl: Curl) -> None:
    await stage.runs("ALTER TABLE chats RENAME TO kept")
    watch = ("-o", "/dev/stderr", "-w", "%{http_code}")
    run = await asyncio.create_subprocess_exec(
        *("curl", "-sS", *watch, f"{curl.url}/health"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    status, told = await run.communicate()
    await stage.runs("ALTER TABLE kept RENAME TO chats")
    assert (status, json.loads(told)) == (b"503", {"ok": False})
    stage.warns("http request failed")


# ------------------------------------------------------------------- forms in a company's pages


async def fetch(page: Reader, path: str, body: object, **headers: str) -> Any:
    """As a browser does it: it asks whether it may, asks, and lets the page read what it may."""
    named = {"content-type", *(one.lower() for one in headers)}
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": ",".join(sorted(named)),
    }
    may = await page.asks("OPTIONS", path, headers=asks)
    assert may.headers.get("access-control-allow-origin") == page.origin, "CORS: not asked at all"
    assert named <= {*may.headers["access-control-allow-headers"].lower().split(", ")}
    answer = await page.asks("POST", path, body, headers=headers)
    assert answer.headers.get("access-control-allow-origin") == page.origin, "CORS: not readable"
    return answer.body


def form_of(page: Reader, crm: Reader) -> Reader:
    """A page of the company's, with the key in the address that its script knows."""
    return replace(page, url=f"{crm.url}/k/{crm.token}", token="")


async def test_a_form_in_a_page_of_the_companys(stage: Stage, page: Reader, crm: Reader) -> None:
    """Its script has one address, sends JSON, and shows the one field that it knows."""
    form = form_of(page, crm)
    bodies: Sequence[tuple[str, Mapping[str, object], str]] = (
        ("/v1/threads/chat", {"content": "A che ora?"}, "message"),
        ("/ask", {"session_id": "s", "user_input": "A che ora?"}, "response"),
        ("/api/chat", {"user_id": "u", "message": "A che ora?"}, "answer"),
    )
    for path, body, shown in bodies:
        stage.will_say(*TOLD[1:])
        assert (await fetch(form, path, body))[shown] == "\n\n".join(TOLD)
    assert await fetch(form, "/api/chat", {}) == {"error": "Message is required"}
    stage.will_say("Sì.")
    for _ in range(2):  # by somebody who has read how
        asked = fetch(form, *bodies[2][:2], **{"Idempotency-Key": "q-1"})
        assert (await asked)["answer"] == "Sì."
    await stage.settles()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
async def test_a_form_in_anybody_elses_page(page: Reader, crm: Reader, origin: str) -> None:
    form = replace(form_of(page, crm), origin=origin)
    for told in (form, replace(form, url=f"{crm.url}/k/spk_1_nobody", origin=page.origin)):
        with pytest.raises(AssertionError, match="CORS: not asked at all"):
            await fetch(told, "/api/chat", {"message": "A che ora?"})
