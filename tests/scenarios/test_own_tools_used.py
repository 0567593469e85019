"""A company's assistant calls a system of its own, for clients."""

import json
from typing import Any

import pytest
from aiohttp import web

from bot.core.texts import Text, say
from bot.core.texts.own_tools import OwnTools as Say
from bot.playground.openai import Reply
from db.calls import CallState, NoteCalls
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.encounters import met
from tests.scenarios.own import (
    BOOK,
    LOOK,
    SECRET,
    books,
    declares,
    gives_key,
    is_used,
    looks_and_books,
    nowhere,
    opens,
)
from tests.scenarios.stage import Stage
from tests.systems import System, serving

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def test_a_client_books_with_a_tap_and_nobody_reads_the_key(
    closed: Stage, system: System
) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await gives_key(ada)
    await is_used(closed, ada, BOOK)
    anna = await met(closed)
    await books(closed, anna, "Serve una conferma.")
    question = (
        f"{say(Text.CONFIRM, 'it')}\n\nBook table\n• day: domenica 31 gennaio 2027\n• people: 4"
    )
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
