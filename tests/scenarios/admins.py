"""Admins: who they are, how their dialogues begin, and how others become admins."""

import json
import re
from typing import Any

import pytest

from bot.core.texts import Key, say
from bot.core.texts.desk import Admins
from bot.core.texts.profile import Assistants
from bot.telegram.admin.roles import role_name, what_it_allows
from tests.scenarios.people import Json, Person
from tests.scenarios.stage import Stage

ADA, BEA = 1001, 1002  # the first people of a stage
HEAD = "Hotel Aurora\n\n"
KEY = "una-chiave-lunga-e-casuale-0123456789"
# tests/core/texts reads every text in each: here the others are `long`.
ENGLISH, RUSSIAN = (pytest.param(one, marks=pytest.mark.long) for one in ("en", "ru"))
both_languages = pytest.mark.parametrize("language", ["it", ENGLISH])
each_language = pytest.mark.parametrize("language", ["it", ENGLISH, RUSSIAN])


def headed(text: str) -> str:
    """What is said about the hotel."""
    return HEAD + text


def it(text: Key, **values: Any) -> str:
    """A text as the hotel's people read it."""
    return say(text, "it", **values)


async def admin(stage: Stage, language: str = "it", **settings: Any) -> Person:
    """A host, with the program running."""
    await stage.opens(admin_ids=(ADA,), **settings)
    return stage.person("Ada", language)


async def opens_assistants(stage: Stage) -> Person:
    """The host, looking at the hotel's assistants, of which there are none."""
    ada = await admin(stage, secret_key=KEY)
    ada.writes("/assistants")
    await ada.hears(headed(it(Assistants.LIST_EMPTY)))
    return ada


async def draft(stage: Stage) -> Json:
    """What would be changed by publishing now."""
    found = await stage.rows("SELECT changes FROM drafts ORDER BY revision DESC LIMIT 1")
    changes: Json = json.loads(found[0][0]) if found else {}
    return changes


async def invites(ada: Person, role: str, *, language: str = "it", days: int = 0) -> str:
    """The link that comes of it, from the card of /admins."""
    before = len(links(ada))
    ada.presses(say(Admins.INVITE, language))
    await shows_button(ada, role_name(role, language))
    ada.presses(role_name(role, language))
    duration = say(Admins.DAYS, language, count=days) if days else say(Admins.FOR_GOOD, language)
    await shows_button(ada, duration)
    ada.presses(duration)
    (told,) = await ada.receives(1)
    assert told["text"].startswith(HEAD)
    return await the_link(ada, after=before)


async def shows_button(person: Person, label: str) -> None:
    await person.stage.until(lambda: label in person.buttons())


def links(person: Person) -> list[str]:
    """The invitations that are shown."""
    return re.findall(r"https://t.me/\w+\?start=i_[\w-]{32}", "\n".join(person.said()))


async def the_link(person: Person, *, after: int = 0) -> str:
    """The latest one that is shown, once there are more than so many."""
    await person.stage.until(lambda: len(links(person)) > after)
    return links(person)[-1]


async def joins(stage: Stage, name: str, link: str, role: str, language: str = "it") -> Person:
    """Somebody who opens the link and has the role."""
    person = stage.person(name, language)
    person.opens(link)
    may = what_it_allows(role, language)
    await person.hears(say(Admins.JOINED, language, tenant="Hotel Aurora", may=may))
    return person
