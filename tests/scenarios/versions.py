"""Admins at work on drafts: what the dialogues about versions share."""

import json
from typing import Any

from sqlalchemy import Connection, insert

from bot.core.texts import say
from bot.core.texts.profile import Versions
from db.drafts import Change, Discard, draft_of
from db.journal import apply
from db.models import admins
from db.records import Actor
from tests.databases import SEEDED_AT
from tests.scenarios.admins import ADA, BEA
from tests.scenarios.cards import last
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

TENANT = 1


async def appoint(
    stage: Stage, user_id: int, role: str = "admin", name: str = "Bea", *, tenant: int = TENANT
) -> None:
    """Give somebody a role, in the hotel if nothing else is said."""
    row = insert(admins).values(
        tenant_id=tenant, user_id=user_id, role=role, name=name, added_at=SEEDED_AT
    )
    await stage.database.write(lambda connection: connection.execute(row))


async def drafts(stage: Stage, author: str = "Ada", **changes: Any) -> None:
    """What somebody changes with /configure."""
    change = Change(TENANT, changes, Actor(ADA, author), SEEDED_AT, ())
    await stage.database.write(lambda connection: apply(connection, [change]))


async def discards(stage: Stage) -> None:
    """Somebody throws the draft away."""

    def work(connection: Connection) -> None:
        draft = draft_of(connection, TENANT)
        assert draft is not None
        assert apply(
            connection, [Discard(TENANT, draft.revision, Actor(ADA, "Ada"), SEEDED_AT)]
        ) == [True]

    await stage.database.write(work)


async def colleague(stage: Stage, language: str = "it", role: str = "admin") -> Person:
    """Another admin, who has talked to the bot."""
    await appoint(stage, BEA, role)
    bea = stage.person("Bea", language)
    bea.writes("/done")
    await bea.hears(say(Versions.NO_PREVIEW, language))
    return bea


async def looks(person: Person, language: str = "it") -> str:
    """The card of /publish."""
    person.writes("/publish")
    return await last(person)


async def publishes(person: Person, language: str = "it") -> None:
    """Publish what is drafted, from the card."""
    await looks(person, language)
    person.presses(say(Versions.PUBLISH, language))


async def published(stage: Stage) -> list[tuple[int, str, str | None]]:
    """Versions, who made them, and why."""
    rows = await stage.rows("SELECT version, author, note FROM profiles ORDER BY version")
    return [(version, author, note) for version, author, note in rows]


async def body(stage: Stage) -> dict[str, Any]:
    """What is published now."""
    query = "SELECT body FROM profiles ORDER BY version DESC LIMIT 1"
    return dict(json.loads((await stage.rows(query))[0][0]))
