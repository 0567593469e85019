"""A company lets its assistant call a system of its own: declared in Telegram, used by clients."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.core.texts import Text, say
from bot.core.texts.own_tools import OwnTools as Say
from bot.playground.openai import Call, Reply
from db.calls import CallState, NoteCalls
from tests.scenarios.admins import KEY, admin, both_languages, headed
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.encounters import met
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.versions import drafts, publishes
from tests.systems import System, serving

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

SECRET = "Bearer s3cr3t-of-the-hotel"
NEW_SECRET = "Bearer an0ther-of-the-hotel"
FREE, BOOK = "free_tables", "book_table"
DOES = "Books a table. Call it when the day and the number are known."
FIELDS = "day: date, the day\npeople: number\nnote?: text"
FOUR = {"day": "2027-01-31", "people": 4, "note": None}
LOOK = Call(FREE, json.dumps(FOUR), "call_2")
BOOKING = Call(BOOK, json.dumps(FOUR), "call_1")


@pytest.fixture
async def system() -> AsyncIterator[System]:
    async def answers(request: web.BaseRequest) -> web.Response:
        said = {"table": 7, "seen": request.headers.get("Authorization", "")}
        return web.json_response(said)

    async with serving(answers) as served:
        yield served


async def opens(stage: Stage, language: str = "it", **settings: Any) -> Person:
    inside = {"tenant_tools": True, "tenant_tools_inside": "127.0.0.1"}
    return await admin(stage, language, **{"secret_key": KEY, **inside, **settings})


async def answers(ada: Person, *said: tuple[str, Say], language: str = "it") -> None:
    """Each message, and what is asked then."""
    for text, asked in said:
        ada.writes(text)
        await ada.hears(headed(say(asked, language)))


async def adds(ada: Person, language: str = "it") -> None:
    ada.writes("/configure tools")
    await last(ada)
    await taps(ada, Say.ADD, language=language)
    await sees(ada, say(Say.ASK_NAME, language))


async def declares(
    ada: Person, system: System, name: str, language: str = "it", address: str = "POST {}book"
) -> None:
    await adds(ada, language)
    await answers(
        ada,
        (name, Say.ASK_DOES),
        (DOES, Say.ASK_ADDRESS),
        (address.format(system.url), Say.ASK_FIELDS),
        language=language,
    )
    ada.writes(FIELDS)
    assert say(Say.ADDED, language) in await last(ada)


async def gives_key(ada: Person, language: str = "it", secret: str = SECRET) -> None:
    await taps(ada, Say.PART_SECRET, language=language)
    await sees(ada, say(Say.ASK_HEADER, language))
    ada.writes("Authorization")
    asked = say(Say.ASK_SECRET, language, header="Authorization", host="127.0.0.1")
    await ada.hears(headed(asked))
    ada.writes(secret)
    assert say(Say.SECRET_KEPT, language) in await last(ada)


async def is_used(stage: Stage, ada: Person, *names: str) -> None:
    await has_heard(ada)
    await drafts(stage, tools=[*names])
    await publishes(ada)
    await has_heard(ada)


async def books(stage: Stage, anna: Person, *then: str) -> None:
    stage.openai.script.add([Reply(calls=(BOOKING,))])
    stage.will_say(*then)
    anna.writes("Un tavolo per quattro")


async def nowhere(stage: Stage, *secrets: str) -> None:
    """Not in what the model was asked, in what is stored, in the log, in what people read."""
    sent = [json.dumps(r.body) for r in stage.openai.records.requests]
    logged = [repr(one) for one in (*stage.telemetry.records, *stage.telemetry.warnings)]
    read = [text for place in stage.places for text in place.said()]
    for secret in secrets:
        key = secret.rpartition(" ")[2]
        held = [*sent, *logged, *read, *await stage.everything_stored()]
        assert [text for text in held if key in text] == []


@both_languages
async def test_a_tool_is_declared_one_question_at_a_time(
    closed: Stage, system: System, language: str
) -> None:
    ada = await opens(closed, language)
    await declares(ada, system, "Book table", language)
    await gives_key(ada, language)
    await closed.until(lambda: ada.calls("deleteMessage") == 1)
    card = ada.said()[-1]
    assert say(Say.CHANGES, language) in card
    assert say(Say.ASKS, language) in card
    assert say(Say.SECRET_SET, language, header="Authorization") in card
    assert f"POST {system.url}book" in card
    await taps(ada, Say.TRY, language=language)
    await sees(ada, say(Say.TRY_REAL, language))
    ada.writes("day: 2027-01-31\npeople: 4")
    assert '"table":7' in await last(ada)
    (asked,) = system.asked
    assert (asked.method, asked.headers["Authorization"]) == ("POST", SECRET)
    assert json.loads(system.bodies[0]) == {"day": "2027-01-31", "people": 4}
    assert "Idempotency-Key" not in asked.headers
    await nowhere(closed, SECRET)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("http://booking.example/free", Say.NOT_ENCRYPTED),
        ("https://192.168.0.1/free", Say.INSIDE),
        ("https://anna:secret@booking.example/", Say.CREDENTIALS),
        ("https://{day}.example/free", Say.BAD_ADDRESS),
        ("free tables", Say.BAD_ADDRESS),
    ],
)
async def test_where_it_may_not_lead_is_said_at_once(
    closed: Stage, system: System, said: str, text: Say
) -> None:
    ada = await opens(closed)
    await adds(ada)
    await answers(
        ada,
        ("prenotazione è", Say.BAD_NAME),
        ("book table", Say.ASK_DOES),
        ("Prenota.", Say.ASK_ADDRESS),
        (said, text),
        (f"{system.url}free?day={{giorno}}", Say.ASK_FIELDS),
    )
    ada.writes("giorno: giorno, quando")
    await ada.hears(headed(say(Say.BAD_LINE, "it", line="giorno: giorno, quando")))
    ada.writes("day: data")
    await ada.hears(headed(say(Say.UNNAMED, "it", names="giorno")))
    ada.writes("giorno: data")
    assert say(Say.ADDED, "it") in await last(ada)
    assert say(Say.READS, "it") in ada.said()[-1]


async def test_no_name_is_taken_twice(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    for name in ("take request", "Book table"):
        await adds(ada)
        ada.writes(name)
        taken = name.lower().replace(" ", "_")
        await ada.hears(headed(say(Say.NAME_TAKEN, "it", name=taken)))


async def test_a_client_books_with_a_tap_and_nobody_reads_the_key(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await gives_key(ada)
    await is_used(closed, ada, BOOK)
    anna = await met(closed)
    await books(closed, anna, "Serve una conferma.")
    question = f"{say(Text.CONFIRM, 'it')}\n\nBook table\n• day: 2027-01-31\n• people: 4"
    await anna.hears("Serve una conferma.", question)
    assert system.asked == []
    closed.will_say("Prenotato, tavolo 7.")
    await closed.settles()
    anna.presses(say(Text.CONFIRM_YES, "it"))
    await anna.hears("Prenotato, tavolo 7.")
    (asked,) = system.asked
    assert asked.headers["Authorization"] == SECRET
    assert json.loads(system.bodies[0]) == {"day": "2027-01-31", "people": 4}
    said = json.dumps(closed.asked()[-1]["input"])
    assert "table" in said
    assert "•••" in json.dumps(closed.asked()[-1]["input"], ensure_ascii=False)  # it was echoed
    await nowhere(closed, SECRET)


async def looks_and_books(stage: Stage, system: System) -> None:
    """Both tools are used, and neither asks clients of itself."""
    ada = await opens(stage)
    await declares(ada, system, FREE, address="GET {}free")
    await declares(ada, system, BOOK)
    await taps(ada, Say.TO_ASKS_NOT)
    await sees(ada, say(Say.ASKS_NOT, "it"))
    await is_used(stage, ada, FREE, BOOK)


async def test_what_it_brings_is_anybodys_words(closed: Stage, system: System) -> None:
    """Once something was looked up there, what changes something wants the client's tap."""
    await looks_and_books(closed, system)
    anna, bruno = await met(closed), await met(closed, "Bruno")
    await books(closed, anna, "Prenotato.")
    await anna.hears("Prenotato.")  # nothing was read: it is as its company says
    closed.openai.script.add([Reply(calls=(LOOK,))])
    await books(closed, bruno, "Serve una conferma.")
    await bruno.receives(2)
    assert say(Text.CONFIRM, "it") in bruno.said()[-1]
    assert [one.method for one in system.asked] == ["POST", "GET"]


async def test_and_stays_so_in_the_turns_that_follow(closed: Stage, system: System) -> None:
    await looks_and_books(closed, system)
    anna = await met(closed)
    closed.openai.script.add([Reply(calls=(LOOK,))])
    closed.will_say("Ce n’è uno.")
    anna.writes("C’è un tavolo?")
    await anna.hears("Ce n’è uno.")
    await closed.settles()
    await books(closed, anna, "Serve una conferma.")
    await anna.receives(2)
    assert say(Text.CONFIRM, "it") in anna.said()[-1]
    assert [one.method for one in system.asked] == ["GET"]


@pytest.mark.parametrize(
    ("status", "told", "state"),
    [
        (409, "It was refused (409): full", "failed"),
        (503, "It is unknown whether this was done", "doubt"),
        (302, "It is unknown whether this was done", "doubt"),
    ],
)
async def test_however_it_fails_the_model_is_told_and_the_client_answered(
    closed: Stage, status: int, told: str, state: str
) -> None:
    async def fails(_: web.BaseRequest) -> web.Response:
        return web.Response(status=status, text="full", headers={"Location": "/"})

    async with serving(fails) as system:
        ada = await opens(closed)
        await declares(ada, system, BOOK)
        await taps(ada, Say.TO_ASKS_NOT)
        await sees(ada, say(Say.ASKS_NOT, "it"))
        await is_used(closed, ada, BOOK)
        anna = await met(closed)
        closed.may_warn("tool failed")
        await books(closed, anna, "Non è riuscito.")
        await anna.hears("Non è riuscito.")
    assert len(system.asked) == 1
    assert told in json.dumps(closed.asked()[-1]["input"])
    assert await closed.rows("SELECT state FROM calls") == [(state,)]
    await has_heard(ada)


async def test_switched_off_by_the_host_it_is_neither_offered_nor_called(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await is_used(closed, ada, BOOK)
    await closed.closes()
    await closed.opens(tenant_tools=False)
    anna = await met(closed)
    closed.will_say("Non posso.")
    anna.writes("Un tavolo per quattro")
    await anna.hears("Non posso.")
    assert "tools" not in closed.asked()[-1]
    ada.writes("/configure tools")
    assert say(Say.OFF_HERE, "it") in await last(ada)


async def test_killed_before_the_call_it_is_not_made_once_it_is_switched_off(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await taps(ada, Say.TO_ASKS_NOT)
    await sees(ada, say(Say.ASKS_NOT, "it"))
    await is_used(closed, ada, BOOK)
    anna = await met(closed)
    await books(closed, anna, "Non so se è fatto.")

    def has_begun(operation: Any) -> bool:
        begins = isinstance(operation, NoteCalls)
        return begins and operation.became[0].state is CallState.RUNNING

    await closed.until(lambda: any(map(has_begun, closed.committed)))
    await closed.dies()
    called = len(system.asked)
    await closed.opens(tenant_tools=False)
    await anna.hears("Non so se è fatto.")
    assert len(system.asked) == called
    await has_heard(ada)


async def test_a_new_address_of_another_host_wants_the_key_again(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await gives_key(ada)
    await taps(ada, Say.PART_ADDRESS)
    await closed.settles()
    ada.writes("POST https://elsewhere.example/book")
    assert say(Say.SECRET_MISSING, "it", header="Authorization") in await last(ada)
    assert await closed.rows("SELECT secret FROM company_tools") == [(None,)]


async def test_it_is_removed_when_it_is_said_twice(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await gives_key(ada)
    await taps(ada, Say.REMOVE)
    await sees(ada, say(Say.REALLY_REMOVE, "it", name="Book table"))
    await taps(ada, Say.YES_REMOVE)
    await sees(ada, say(Say.REMOVED, "it", name="Book table"))
    assert await closed.rows("SELECT * FROM company_tools") == []


async def test_without_a_place_for_keys_none_is_asked_for(closed: Stage, system: System) -> None:
    ada = await opens(closed, secret_key=None)
    await declares(ada, system, BOOK)
    await taps(ada, Say.PART_SECRET)
    await sees(ada, say(Say.ASK_HEADER, "it"))
    ada.writes("Authorization")
    await ada.hears(headed(say(Say.NO_KEY, "it")))


async def test_clients_are_told_whose_system_their_words_may_reach(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    anna = await met(closed)
    named = say(Text.PRIVACY_TOOLS, "it", hosts="127.0.0.1")
    for used in ((), (BOOK,)):
        await is_used(closed, ada, "opening_hours", *used)
        anna.writes("/privacy")
        assert (named in await last(anna)) is bool(used)


async def test_a_new_address_that_is_called_alike_changes_as_much_as_before(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK, address="GET {}free")
    await taps(ada, Say.TO_CHANGES)
    await sees(ada, say(Say.ASKS, "it"))
    for method, changes in (("GET", Say.CHANGES), ("PUT", Say.CHANGES), ("GET", Say.READS)):
        await taps(ada, Say.PART_ADDRESS)
        await closed.settles()
        ada.writes(f"{method} {system.url}book")
        assert say(changes, "it") in await last(ada)


async def test_without_a_header_there_is_no_key(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await gives_key(ada)
    await taps(ada, Say.PART_SECRET, Say.TO_HEADER)
    await closed.settles()
    ada.writes("-")
    assert say(Say.SECRET_NONE, "it") in await last(ada)
    assert await closed.rows("SELECT secret FROM company_tools") == [(None,)]
