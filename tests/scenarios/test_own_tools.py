"""A company declares a system of its own as a tool, in Telegram."""

import json

import pytest

from bot.core.texts import say
from bot.core.texts.own_tools import OwnTools as Say
from tests.scenarios.admins import KEY, both_languages, headed
from tests.scenarios.cards import last, sees, taps
from tests.scenarios.own import (
    BOOK,
    SECRET,
    adds,
    answers,
    declares,
    gives_key,
    nowhere,
    opens,
)
from tests.scenarios.stage import Stage
from tests.systems import System

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


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
        ("https://anna:secret@booking.example/", Say.KEY_IN_ADDRESS),
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


async def test_the_list_calls_a_tool_as_its_card_does(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await taps(ada, Say.BACK)
    await sees(ada, "\nBook table: Books a table.")
    assert say(Say.EDIT, "it", name="Book table") in ada.buttons()
    ada.presses("Book table")
    await sees(ada, "\n● Book table: Books a table.")
    assert BOOK not in ada.said()[-1] + " ".join(ada.buttons())


async def test_no_name_is_taken_twice(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    for name in ("take request", "Book table", "None"):  # the last one: an assistant has no tools
        await adds(ada)
        ada.writes(name)
        taken = name.lower().replace(" ", "_")
        await ada.hears(headed(say(Say.NAME_TAKEN, "it", name=taken)))


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


@pytest.mark.parametrize("secret_key", [KEY, None])
async def test_a_key_that_comes_too_soon_is_not_kept_either(
    closed: Stage, system: System, secret_key: str | None
) -> None:
    ada = await opens(closed, secret_key=secret_key)
    await declares(ada, system, BOOK)
    await taps(ada, Say.PART_SECRET)
    await sees(ada, say(Say.ASK_HEADER, "it"))
    ada.writes(f"Authorization: {SECRET}")
    await ada.hears(headed(say(Say.KEY_FOR_HEADER, "it")))
    await closed.until(lambda: ada.calls("deleteMessage") == 1)
    ada.writes("-")
    assert say(Say.SECRET_NONE, "it") in await last(ada)
    await taps(ada, Say.PART_ADDRESS)
    await closed.settles()
    ada.writes(f"{system.url}free?day={{day}}&api_key={SECRET.split()[1]}")
    await ada.hears(headed(say(Say.KEY_IN_ADDRESS, "it")))
    await closed.until(lambda: ada.calls("deleteMessage") == 2)
    await adds(ada)
    await answers(ada, ("take table", Say.ASK_DOES), ("Prenota.", Say.ASK_ADDRESS))
    ada.writes(f"https://anna:{SECRET.split()[1]}@booking.example/")
    await ada.hears(headed(say(Say.KEY_IN_ADDRESS, "it")))
    await closed.until(lambda: ada.calls("deleteMessage") == 3)
    ada.writes(f"{system.url}free?day={{day}}&format=json")
    await ada.hears(headed(say(Say.ASK_FIELDS, "it")))
    await nowhere(closed, SECRET)


async def test_without_a_header_there_is_no_key(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await gives_key(ada)
    await taps(ada, Say.PART_SECRET, Say.TO_HEADER)
    await closed.settles()
    ada.writes("-")
    assert say(Say.SECRET_NONE, "it") in await last(ada)
    assert await closed.rows("SELECT secret FROM company_tools") == [(None,)]


async def test_a_key_tapped_twice_does_what_it_says(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    for key, wanted in ((Say.TO_ASKS_NOT, Say.ASKS_NOT), (Say.TO_AGAIN, Say.AGAIN)):
        await closed.until(lambda key=key: say(key, "it") in ada.buttons())  # type: ignore[misc]  # mypy infers no default of a lambda
        for _ in range(2):  # before the card has changed
            ada.presses(say(key, "it"))
        await closed.settles()
        await sees(ada, say(wanted, "it"))
    ada.presses(say(Say.TO_READS, "it"))
    ada.presses(say(Say.TO_READS, "it"))
    await closed.settles()
    await sees(ada, say(Say.READS, "it"))


async def test_a_real_try_that_is_tapped_twice_is_one(closed: Stage, system: System) -> None:
    ada = await opens(closed)
    await declares(ada, system, BOOK)
    await taps(ada, Say.PART_FIELDS)
    await closed.settles()
    ada.writes("-")
    assert say(Say.FIELDS_NONE, "it") in await last(ada)
    await taps(ada, Say.TRY)
    await sees(ada, say(Say.TRY_REAL, "it"))
    ada.writes("sì")  # only a tap is a yes
    await ada.hears(headed(say(Say.TRY_REAL, "it")))
    await closed.until(lambda: say(Say.TRY_NOW, "it") in ada.buttons())
    for _ in range(2):  # before the card has changed
        ada.presses(say(Say.TRY_NOW, "it"))
    await sees(ada, '"table":7')
    await closed.settles()
    assert [one.method for one in system.asked] == ["POST"]
    ada.presses(say(Say.TRY_NOW, "it"))  # of the card before, which asked the same
    await closed.settles()
    assert len(system.asked) == 1
