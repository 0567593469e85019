"""Tools of the hotel's own: how they are declared, used, and looked for where they must not be."""

import json
from typing import Any

from bot.core.texts import say
from bot.core.texts.own_tools import OwnTools as Say
from bot.playground.openai import Call, Reply
from tests.scenarios.admins import KEY, admin, headed
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.versions import drafts, publishes
from tests.systems import System

SECRET = "Bearer s3cr3t-of-the-hotel"
NEW_SECRET = "Bearer an0ther-of-the-hotel"
FREE, BOOK = "free_tables", "book_table"
DOES = "Books a table. Call it when the day and the number are known."
FIELDS = "day: date, the day\npeople: number\nnote?: text"
FOUR = {"day": "2027-01-31", "people": 4, "note": None}
LOOK = Call(FREE, json.dumps(FOUR), "call_2")
BOOKING = Call(BOOK, json.dumps(FOUR), "call_1")


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
    await ada.stage.settles()  # a card that asked before may show it still
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


async def looks_and_books(stage: Stage, system: System) -> None:
    """Both tools are used, and neither asks clients of itself."""
    ada = await opens(stage)
    await declares(ada, system, FREE, address="GET {}free")
    await declares(ada, system, BOOK)
    await taps(ada, Say.TO_ASKS_NOT)
    await sees(ada, say(Say.ASKS_NOT, "it"))
    await is_used(stage, ada, FREE, BOOK)
