"""What a flood, a guesser and a pause come to; what may go wrong has its number in brackets."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.core.texts import say
from bot.core.texts.client import Access
from bot.web.problems import PAUSE_SECONDS, QUOTA, ProblemDetails
from bot.web.seats import IN_A_CHAT, Seats
from bot.web.visitors import SILENT_SECONDS, Program, SiteVisitor
from bot.web.work import SECONDS
from db.api_keys import ApiKey, Scope
from db.records import Address
from db.sessions import Session
from db.sites import WEB, Site
from db.unlocking import TRIES_OF_A_PLACE
from tests.databases import SEEDED_AT
from tests.scenarios.stage import WELCOME, Stage
from tests.scenarios.web import FORGETTABLE, SITE, add_site
from tests.web.conftest import Programs
from tests.web.keys import issue_code
from tests.web.reader import ORIGIN, Answer, Reader
from tests.web.talk import heard, talked, texts

Challenge = Mapping[str, Any]
SESSION = f"/v1/sites/{SITE}/session"

# ------------------------------------------------------------------------- a company that pauses


@pytest.mark.parametrize(
    ("state", "words"),
    [("paused", "Siamo in ferie."), ("archived", "Questo servizio è stato chiuso")],
)
async def test_who_writes_to_a_company_that_pauses(
    stage: Stage, page: Reader, program: Programs, state: str, words: str
) -> None:
    """[40] A visitor is told in the chat; a program comes again, and may still read and erase."""
    crm = await program(Scope.CHAT, Scope.READ)
    said = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    stage.will_say("Dalle 14:00.")
    before = await answered(crm, said)
    await stage.runs(f"UPDATE tenants SET state = '{state}'")  # noqa: S608 - one of two words
    await stage.publishes(pause_message="Siamo in ferie.")
    chat = await page.opens(SITE, language="it")

    assert (await page.says(chat, "Ci siete?", "m1")).status == 202
    (_, (speaker, notice)) = texts(await heard(page, chat, number=2))
    assert (speaker, notice[: len(words)]) == ("notice", words)

    for path, body in (
        ("/v1/messages", said | {"id": "q2"}),
        ("/v1/chats/guest-7/messages", {"id": "q3", "text": "Ci siete?"}),
    ):
        refused = await crm.asks("POST", path, body)
        assert (refused.status, refused.kind) == (503, "paused")
        assert refused.headers["retry-after"] == str(PAUSE_SECONDS)
    assert (await crm.asks("POST", "/v1/messages", said)).body == before.body
    assert (await crm.asks("GET", "/v1/chats/guest-7/messages")).status == 200
    assert (await crm.asks("POST", "/v1/chats/guest-7/forget")).status == 202
    await stage.settles()
    assert len(stage.asked()) == 1


async def answered(crm: Reader, body: Mapping[str, object]) -> Answer:
    while (answer := await crm.asks("POST", "/v1/messages", body)).status == 202:
        pass
    return answer


# ------------------------------------------------------------------------- wrong access codes


@pytest.fixture
async def guarded(stage: Stage) -> AsyncIterator[Reader]:
    """A page of a company with an assistant behind a code; a minute lasts a minute."""
    stage.clock.speed = 1.0
    url = stage.settings.pop("url")
    await stage.opens()
    await stage.publishes(assistants={"vip": {"knowledge": "La suite costa 900 euro."}})
    await issue_code(stage.database, FORGETTABLE, "vip", now=stage.clock.now())
    async with ClientSession() as http:
        yield Reader(url, http=http)


async def tried(page: Reader, code: str) -> str:
    """What somebody is told who comes anew and types a code."""
    chat = await page.opens(SITE, language="it")
    await page.says(chat, f"/unlock {code}", "m1")
    (_, told, *_) = await heard(page, chat, number=2)
    return str(told.data["text"])


async def test_a_new_session_gives_no_new_guesses(stage: Stage, guarded: Reader) -> None:
    """[42] They count by the address as well; of that nothing is kept beside the message."""
    for number in range(TRIES_OF_A_PLACE):
        assert await tried(guarded, f"sbagliato{number}") == say(Access.REFUSED, "it")
    waits = {say(Access.WAIT, "it", count=minutes) for minutes in range(1, 10)}
    assert await tried(guarded, "zaffiro99") in waits
    await stage.settles()
    stored = await stage.everything_stored()
    assert [one for one in stored if "zaffiro" in one or "sbagliato" in one] == []
    assert await stage.count("SELECT count(*) FROM secrets WHERE body IS NOT NULL") == 0


async def test_a_code_opens_this_chat_alone(stage: Stage, guarded: Reader) -> None:
    """[42]"""
    chat = await guarded.opens(SITE, language="it")
    await guarded.says(chat, "/unlock zaffiro99", "m1")
    events = await heard(guarded, chat, number=3)
    assert texts(events)[1:] == [
        ("notice", say(Access.OPENED, "it")),
        ("notice", WELCOME),
    ]
    other = replace(guarded)
    closed = await other.opens(SITE, language="it")
    for one, where, after, suite in ((guarded, chat, 3, True), (other, closed, 0, False)):
        stage.will_say("Ecco.")
        await one.says(where, "Quanto costa la suite?", "m2")
        await heard(one, where, number=2, after=after)
        await stage.settles()
        assert ("900 euro" in stage.asked()[-1]["instructions"]) is suite


# ------------------------------------------------------------------------- what is open at once


def test_an_address_has_so_many_places_and_no_more() -> None:
    """[61] In all its chats together; they are free again at the end."""
    seats, inn, home = Seats(from_a_place=2), "203.0.113.9", "203.0.113.7"
    with seats.taken(anna(1), inn, a_chat(1)), seats.taken(anna(2), inn, a_chat(2)):
        with pytest.raises(ProblemDetails) as refused, seats.taken(anna(3), inn, a_chat(3)):
            pass
        with seats.taken(anna(3), home, a_chat(3)), seats.taken(crm(1), inn, a_chat(4)):
            pass
    assert refused.value.status == 429
    assert int(refused.value.headers["Retry-After"]) > 0
    with seats.taken(anna(3), inn, a_chat(3)), seats.taken(anna(4), inn, a_chat(4)):
        pass


def test_a_key_has_so_many_places_wherever_it_asks_from() -> None:
    """[61]"""
    seats = Seats(of_a_key=1)
    with seats.taken(crm(1), "203.0.113.9", a_chat(1)):
        with pytest.raises(ProblemDetails), seats.taken(crm(1), "203.0.113.7", a_chat(2)):
            pass
        with seats.taken(crm(2), "203.0.113.9", a_chat(2)):
            pass


def a_chat(number: int) -> Address:
    return Address(WEB, -2, f"c_{number}")


def anna(number: int) -> SiteVisitor:
    session = Session(number, -2, f"c_{number}", None, SEEDED_AT)
    return SiteVisitor(session, Site(1, 1, SITE, (ORIGIN,)))


def crm(key: int) -> Program:
    return Program(ApiKey(key, 1, "crm", "", frozenset(Scope), SEEDED_AT))


async def test_what_finds_no_place_to_wait_is_not_accepted(stage: Stage, program: Programs) -> None:
    """[61] So that it may come again; what does not wait has a place."""
    one = await program(Scope.CHAT, Scope.READ)
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    async with AsyncExitStack() as streams:
        for _ in range(IN_A_CHAT):
            await streams.enter_async_context(one.follows("guest-7"))
        assert (await one.asks("POST", "/v1/messages", body)).kind == QUOTA
        assert await stage.count("SELECT count(*) FROM updates") == 0
        said = {"id": "q2", "text": "Check-in?"}
        stage.will_say("Dalle 14:00.")
        assert (await one.asks("POST", "/v1/chats/guest-7/messages", said)).status == 202
        await stage.settles()


# ------------------------------------------------------------------------- very many at once


@pytest.fixture
async def crowded(stage: Stage) -> AsyncIterator[Reader]:
    """A page to which two may come within a minute, and both have."""
    stage.clock.speed = 1.0
    url = stage.settings.pop("url")
    await stage.opens(http_free_sessions=2)
    async with ClientSession() as http:
        page = Reader(url, http=http)
        for _ in range(2):
            await page.opens(SITE)
        yield page


async def challenged(page: Reader, **body: object) -> Challenge:
    answer = await page.asks("POST", SESSION, body)
    assert (answer.status, answer.kind) == (429, "work-wanted")
    return dict(answer.body)


def solved(challenge: Challenge) -> dict[str, str]:
    """As the description says it."""
    for nonce in count():
        digest = sha256(f"{challenge['challenge']}.{nonce}".encode()).digest()
        if f"{int.from_bytes(digest):0256b}".startswith("0" * challenge["bits"]):
            return {"challenge": challenge["challenge"], "nonce": str(nonce)}
    raise AssertionError


async def test_a_crowd_works_before_it_is_let_in(stage: Stage, crowded: Reader) -> None:
    """[63] Nothing is kept of who does not; a solution opens one session."""
    rows = "SELECT count(*) FROM sessions"
    proof = solved(await challenged(crowded))
    assert await stage.count(rows) == 2
    assert (await crowded.asks("POST", SESSION, {"proof": proof})).status == 201
    await challenged(crowded, proof=proof)
    assert await stage.count(rows) == 3


async def test_work_for_something_else_opens_nothing(stage: Stage, crowded: Reader) -> None:
    """[63] Another site's, a forged one, none at all, and one that is over."""
    await add_site(stage, "site_other", "https://other.example")
    elsewhere = replace(crowded, origin="https://other.example")
    for _ in range(2):
        await elsewhere.opens("site_other")
    other = await elsewhere.asks("POST", "/v1/sites/site_other/session", {})
    mine = await challenged(crowded)
    key, _, until, nonce, mac = mine["challenge"].split(".")
    easy = {"challenge": f"{key}.0.{until}.{nonce}.{mac}", "nonce": "1"}
    undone = solved(mine)["nonce"] + "x"
    for proof in (
        solved(other.body),
        easy,
        {"challenge": "a", "nonce": "1"},
        {"challenge": mine["challenge"], "nonce": undone},
    ):
        await challenged(crowded, proof=proof)
    late = solved(await challenged(crowded))
    stage.clock.skips(SECONDS + 1)
    for _ in range(2):
        await crowded.opens(SITE)
    await challenged(crowded, proof=late)


async def test_a_session_in_which_nothing_is_written_does_not_last(
    stage: Stage, page: Reader
) -> None:
    """[63]"""
    chat = await talked(stage, page)
    silent = replace(page)
    await silent.opens(SITE)
    stage.clock.skips(SILENT_SECONDS + 60)
    other = replace(page)
    await other.opens(SITE)
    assert await stage.count("SELECT count(*) FROM sessions") == 2
    assert (await page.asks("GET", f"/v1/chats/{chat}/messages")).status == 200


# ------------------------------------------------------------------------- whose clock, whose words


async def test_what_is_published_meanwhile_is_the_next_answers(stage: Stage, page: Reader) -> None:
    """[41]"""
    chat = await page.opens(SITE, language="it")
    stage.will_say("Dalle 14:00.", "Fino a " + "molto " * 20 + "tardi.", delay_ms=20)
    await page.says(chat, "A che ora è il check-in?", "m1")
    await heard(page, chat, number=3)
    await stage.publishes(knowledge="Il check-in è dalle 16:00.")
    events = await heard(page, chat, number=1, after=3)
    assert texts(events) == [("assistant", "Fino a " + "molto " * 20 + "tardi.")]
    await stage.settles()
    stage.will_say("Dalle 16:00.")
    await page.says(chat, "E adesso?", "m2")
    await heard(page, chat, number=2, after=4)
    first, second = (one["instructions"] for one in stage.asked())
    assert "16:00" not in first
    assert "16:00" in second


async def test_no_clock_but_the_servers_counts(stage: Stage, page: Reader) -> None:
    """[65] Nobody can say when a message was written; the numbers are the order."""
    chat = await page.opens(SITE, language="it")
    refused = await page.says(chat, "Ciao", "m1", at="2001-01-01T00:00:00Z")
    assert (refused.status, refused.kind) == (400, "not-valid")
    stage.will_say("Sì.")
    said = await page.says(chat, "Avete posto?", "m2")
    await heard(page, chat, number=3)
    history = (await page.asks("GET", f"/v1/chats/{chat}/messages")).body["messages"]
    assert [one["seq"] for one in history] == [1, 2, 3]
    assert history[0]["at"] == said.body["at"]
    assert sorted(one["at"] for one in history) == [one["at"] for one in history]


# ------------------------------------------------------------------------- the visitor's language


@pytest.mark.parametrize(
    ("told", "kept"),
    [("it-IT,it;q=0.9,en;q=0.8", "it-IT"), ("*", None), ("1;q=x", None)],
)
async def test_a_page_that_says_no_language_is_its_browsers(
    stage: Stage, page: Reader, told: str, kept: str | None
) -> None:
    headers = {"Accept-Language": told, "Content-Type": "application/json"}
    answer = await page.asks("POST", SESSION, raw=json.dumps({}).encode(), headers=headers)
    assert answer.status == 201
    assert await stage.rows("SELECT language FROM sessions") == [(kept,)]
