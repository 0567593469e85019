"""What is sent beside words: uploaded as it is, named by a message, gone once it is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.util import await_only

from bot.core.attachments import LARGEST_BYTES, MOST
from bot.core.texts import Text, say
from bot.core.texts.people import Chats
from bot.playground.voices import silence, with_words
from bot.web.uploads import PIECE_BYTES
from db.api_keys import Scope
from tests.patience import PATIENCE_SECONDS
from tests.samples import jpeg
from tests.scenarios.cards import sees
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_attachments import transcribed, what_was_shown
from tests.scenarios.test_chats import lists, opens, operator
from tests.scenarios.web import SITE
from tests.web.conftest import Programs
from tests.web.reader import Answer, Json, Reader
from tests.web.talk import heard

PHOTO = jpeg(padding=2 * PIECE_BYTES)


async def sent(page: Reader, chat: str, content: bytes, name: str) -> Json:
    """What a message says of it."""
    answer = await page.sends(chat, content)
    assert answer.status == HTTPStatus.CREATED, answer
    return {"file": answer.body["file"], "name": name}


async def shows(page: Reader, chat: str, own: str, *files: Json, text: str | None = None) -> Answer:
    body = {"id": own, "files": files} | ({} if text is None else {"text": text})
    return await page.asks("POST", f"/v1/chats/{chat}/messages", body)


async def kept(stage: Stage) -> int:
    return await stage.count("SELECT count(*) FROM uploads")


async def gone(stage: Stage) -> None:
    """Wait until none is kept any more."""
    while True:
        before = stage.commits
        if not await kept(stage):
            return
        await stage.telegram.until(lambda: stage.commits > before)  # noqa: B023 - awaited


async def test_a_photo_is_looked_at_and_stands_in_the_log_as_what_it_is(
    stage: Stage, page: Reader
) -> None:
    chat = await page.opens(SITE, language="it")
    answer = await page.sends(chat, PHOTO, "application/x-nobody-believes-it")
    assert (answer.status, answer.body["kind"], answer.body["size"]) == (201, "photo", len(PHOTO))
    stage.will_say("La Classic.")
    photo = {"file": answer.body["file"], "name": "camera.jpg"}
    assert (await shows(page, chat, "m1", photo, text="Che camera è?")).status == 202
    told = await heard(page, chat, number=3)
    shown = {"kind": "photo", "name": "camera.jpg", "size": len(PHOTO)}
    assert (told[0].data["text"], told[0].data["attachments"]) == ("Che camera è?", [shown])
    assert "attachments" not in told[1].data
    assert stage.inputs() == [["⟦photo⟧\nChe camera è?"]]
    assert len(what_was_shown(stage)[0]) == 1
    await stage.settles()
    assert (await shows(page, chat, "m1", photo, text="Che camera è?")).status == 200
    assert (await shows(page, chat, "m1", photo)).status == 422


@pytest.mark.parametrize("moment", ["before_cursor_execute", "after_cursor_execute"])
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_message_that_is_repeated_meanwhile_is_answered_as_the_first(
    stage: Stage, page: Reader, moment: str
) -> None:
    """Neither was known; the first gets the files, before or after they were there for both."""
    await stage.runs("UPDATE tenants SET state = 'paused'")
    chat = await page.opens(SITE, language="it")
    hours = await sent(page, chat, b"8:30", "orari.txt")
    async with held("uploads.update_id IS NULL", moment) as (is_held, goes_on):
        repeated = asyncio.create_task(shows(page, chat, "m1", hours))
        await is_held.wait()
        first = await shows(page, chat, "m1", hours)
        goes_on.set()
        again = await repeated
    assert (first.status, again.status) == (202, 200)
    assert first.body == again.body
    await stage.settles()


async def test_an_album_is_one_message_and_one_turn(stage: Stage, page: Reader) -> None:
    chat = await page.opens(SITE, language="it")
    files = [await sent(page, chat, jpeg(padding=n), f"{n}.jpg") for n in range(3)]
    stage.will_say("Belle!")
    assert (await shows(page, chat, "m1", *files)).status == 202
    told = await heard(page, chat, number=3)
    assert [one["name"] for one in told[0].data["attachments"]] == ["0.jpg", "1.jpg", "2.jpg"]
    assert [one.data["text"] for one in told] == ["", AI_NOTICE, "Belle!"]
    assert stage.inputs() == [["⟦photo⟧"] * 3]
    assert len(what_was_shown(stage)[0]) == 3
    await stage.settles()


async def test_what_is_heard_is_kept_with_the_message_and_its_bytes_are_gone(
    stage: Stage, page: Reader
) -> None:
    chat = await page.opens(SITE, language="it")
    recording = await sent(page, chat, with_words(silence(2), "Avete posto?"), "nota.ogg")
    stage.will_say("Sì.")
    await shows(page, chat, "m1", recording)
    await heard(page, chat, number=3)
    assert stage.inputs() == [["⟦audio: nota.ogg⟧\n⟦heard in it⟧\nAvete posto?"]]
    assert transcribed(stage) == 1
    assert [one for one in await stage.everything_stored() if "Avete posto?" in one]
    await stage.settles()
    await gone(stage)


async def test_killed_between_the_upload_and_its_turn_it_is_looked_at_all_the_same(
    stage: Stage, page: Reader
) -> None:
    chat = await page.opens(SITE, language="it")
    photo = await sent(page, chat, PHOTO, "camera.jpg")
    await stage.dies()
    await stage.opens(turn_quiet_seconds=60, turn_max_wait_seconds=60)
    assert (await shows(page, chat, "m1", photo)).status == 202
    await stage.dies()
    stage.will_say("La Classic.")
    await stage.opens()
    told = await heard(page, chat, number=3)
    assert told[-1].data["text"] == "La Classic."
    assert len(what_was_shown(stage)[0]) == 1
    await stage.settles()


async def test_what_cannot_be_read_is_told_kindly(stage: Stage, page: Reader) -> None:
    chat = await page.opens(SITE, language="it")
    program = await sent(page, chat, b"MZ\x90", "programma.exe")
    stage.will_say("Non lo apro.")
    await shows(page, chat, "m1", program)
    await heard(page, chat, number=3)
    assert stage.inputs()[0][0].startswith("⟦document: programma.exe⟧\n⟦not read: of a kind")
    await stage.settles()


async def test_it_is_forgotten_with_the_chat(stage: Stage, page: Reader) -> None:
    chat = await page.opens(SITE, language="it")
    photo = await sent(page, chat, PHOTO, "camera.jpg")
    stage.will_say("La Classic.")
    await page.says(chat, "Buongiorno", "m0")
    await heard(page, chat, number=3)
    await page.asks("POST", f"/v1/chats/{chat}/forget")
    await stage.settles()
    assert await kept(stage) == 0
    gone = await shows(page, chat, "m1", photo)
    assert (gone.status, gone.kind) == (422, "file-gone")


async def test_people_of_the_company_read_what_it_was(stage: Stage) -> None:
    page = Reader(stage.settings.pop("url"))
    ada = await operator(stage)
    chat = await page.opens(SITE, language="it")
    menu = await sent(page, chat, b"Apriamo alle 8:30.", "orari.txt")
    stage.will_say("Alle 8:30.")
    await shows(page, chat, "m1", menu, text="Quando aprite?")
    await heard(page, chat, number=3)
    await stage.settles()
    await lists(ada)
    await opens(ada, "")
    await sees(ada, "👤 📎 File (orari.txt) Quando aprite?")
    assert ada.buttons() == [say(Chats.ALL, "it")], "nothing can be shown once more"
    await page.http.close()


# ------------------------------------------------------------------------- what is refused


async def test_what_is_too_large_or_empty_or_of_unknown_length(page: Reader) -> None:
    chat = await page.opens(SITE)
    empty = await page.sends(chat, b"")
    assert (empty.status, empty.kind) == (400, "not-valid")
    async with begun(page, chat, f"Content-Length: {LARGEST_BYTES + 1}") as (answer, _):
        assert b" 413 " in await answer.readline()
    async with begun(page, chat, "Transfer-Encoding: chunked") as (answer, _):
        assert b" 411 " in await answer.readline()


async def test_only_what_is_there_may_be_named_and_once(stage: Stage, page: Reader) -> None:
    await stage.runs("UPDATE tenants SET state = 'paused'")
    first = await page.opens(SITE)
    mine = await sent(page, first, PHOTO, "a.jpg")
    refused = [
        await shows(page, first, "m1", mine, mine),
        await shows(page, first, "m2"),
        await shows(page, first, "m3", *({"file": f"f_{n}"} for n in range(MOST + 1))),
        await shows(page, first, "m4", {**mine, "name": "a\0.jpg"}),
    ]
    assert [one.status for one in refused] == [400] * 4
    assert (await shows(page, first, "m5", mine, {"file": "f_none"})).kind == "file-gone"
    assert (await shows(page, first, "m6", mine)).status == 202
    assert (await shows(page, first, "m7", mine)).kind == "file-gone"
    theirs = await sent(page, first, PHOTO, "b.jpg")
    second = await page.opens(SITE)
    assert (await shows(page, second, "m1", theirs)).kind == "file-gone"
    assert (await page.sends(first, PHOTO)).status == 404
    await stage.settles()


async def test_so_much_may_be_sent_in_a_day(stage: Stage) -> None:
    url = stage.settings.pop("url")
    stage.clock.speed = 1.0
    await stage.opens(http_chat_megabytes=20, http_site_megabytes=40)
    page = Reader(url)
    half = b"-" * (LARGEST_BYTES // 2)
    answers = []
    for _ in range(3):
        chat = await page.opens(SITE)
        answers += [await page.sends(chat, half) for _ in range(3)]
    assert [one.status for one in answers] == [201, 201, 429] * 2 + [429] * 3
    assert int(answers[2].headers["retry-after"]) > 3600
    await page.http.close()


async def test_what_was_announced_and_never_came_counts_for_nothing(stage: Stage) -> None:
    url = stage.settings.pop("url")
    stage.clock.speed = 1.0
    await stage.opens(http_chat_megabytes=20, http_site_megabytes=20)
    page = Reader(url)
    chat = await page.opens(SITE)
    async with begun(page, chat, f"Content-Length: {LARGEST_BYTES}") as (answer, rest):
        rest.write(b"-")
        rest.write_eof()
        await answer.read()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await page.sends(chat, b"-")).status == 429:
            pass  # the server learns last that nothing comes any more
    await page.http.close()


# ------------------------------------------------------------------------- programs


async def test_a_companys_program_sends_a_file_and_waits_for_the_answer(
    stage: Stage, program: Programs
) -> None:
    crm = await program(Scope.CHAT)
    photo = await sent(crm, "anna", PHOTO, "camera.jpg")
    stage.will_say("La Classic.")
    body = {"external_id": "anna", "id": "m1", "files": [photo]}
    answer = await crm.asks("POST", "/v1/messages", body)
    assert [one["text"] for one in answer.body["messages"]] == [AI_NOTICE, "La Classic."]
    assert (await crm.asks("POST", "/v1/messages", body)).body == answer.body
    assert len(what_was_shown(stage)[0]) == 1
    reading = await program(Scope.READ)
    assert (await reading.sends("anna", PHOTO)).kind == "scope-missing"


async def test_privacy_says_what_becomes_of_it(stage: Stage, page: Reader) -> None:
    chat = await page.opens(SITE, language="it")
    await page.says(chat, "/privacy", "m1")
    told = await heard(page, chat, number=2)
    assert say(Text.PRIVACY_FILES, "it") in told[1].data["text"]
    assert "dopo la risposta non ne conserviamo copia" in say(Text.PRIVACY_FILES, "it")


@asynccontextmanager
async def begun(
    page: Reader, chat: str, length: str
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A file of which nothing but the head was sent."""
    where = urlsplit(page.url)
    answer, rest = await asyncio.open_connection(where.hostname, where.port)
    head = (f"POST /v1/chats/{chat}/files HTTP/1.1", f"Host: {where.netloc}", length)
    named = (f"{name}: {told}" for name, told in page.headers().items())
    rest.write("\r\n".join((*head, *named, "", "")).encode())
    try:
        yield answer, rest
    finally:
        rest.close()


@asynccontextmanager
async def held(words: str, moment: str) -> AsyncIterator[tuple[asyncio.Event, asyncio.Event]]:
    """The first read with these words says that this moment is there, and waits until it may."""
    is_held, goes_on = asyncio.Event(), asyncio.Event()

    def hold(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT") and words in statement and not is_held.is_set():
            is_held.set()
            await_only(goes_on.wait())

    event.listen(Engine, moment, hold)
    try:
        yield is_held, goes_on
    finally:
        event.remove(Engine, moment, hold)
