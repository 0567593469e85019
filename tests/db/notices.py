"""Notices to people of a company and to hosts, and what becomes of them: for tests/db/repeated."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from db.attention import Case, TellPeople, untold
from db.chores import Alert, ClearAlert
from db.models import quotes
from db.outdated import Rewritten
from db.people import Appoint, Person
from db.records import Address, Draft, OutboxKind, TurnState
from db.requests import ClientRequest
from db.transaction import Operation
from tests.databases import BOT, SOMEBODY
from tests.db.desk import ANNA, Desk, bubble


async def alert(desk: Desk) -> Operation[Any]:
    await desk.hear()

    def drafts(_: Address, __: str | None) -> Sequence[Draft]:
        return (bubble("Manca il credito.", kind=OutboxKind.NOTICE),)

    return Alert("credit", desk.owner, desk.now, BOT, (ANNA,), frozenset({BOT}), drafts)


async def clear_alert(desk: Desk) -> Operation[Any]:
    await desk.journal.do(await alert(desk))
    return ClearAlert("credit")


async def tell_people(desk: Desk) -> Operation[Any]:
    await desk.complete(await desk.open_turn(), TurnState.FAILED, client="Anna")
    await desk.journal.do(Appoint(1, Person(ANNA, "Anna", "owner"), SOMEBODY, desk.now))
    (talk,), _ = await desk.database.read(untold)

    def draft(_: Case | ClientRequest, __: str | None) -> Draft:
        return bubble("Anna aspetta.", kind=OutboxKind.NOTICE)

    return TellPeople(
        talk,
        desk.owner,
        frozenset({BOT}),
        frozenset({"owner"}),
        desk.now,
        draft,
        lambda _: True,
    )


async def rewritten(desk: Desk) -> Operation[Any]:
    await desk.journal.do(await tell_people(desk))
    await desk.database.write(lambda c: c.execute(update(quotes).values(rewrite_at=1.0)))
    return Rewritten(1, 1.0)
