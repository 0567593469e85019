"""What could not be answered: it waits until somebody answers it, or says that none is due."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, select, update

from db.models import chats, drafts, questions, talks, turns, updates
from db.records import PUBLIC, TO_THE_MODEL, Address, Message, Outcome
from db.rows import ADDRESS, address_of, as_message
from db.transaction import OneByOne
from db.words import SAID_OF_ANSWERS

MOST: Final = 500  # the newest; older ones wait until these are settled


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What was asked, `about` as the answer put it; the client's own words are their `turn`'s."""

    row: int
    turn: int
    talk: int
    chat: int
    address: Address
    about: str | None
    at: float


def _waiting(tenant: int, *, private: bool) -> Select[*tuple[Any, ...]]:
    """Those of which words are left; those to private assistants only if it says so."""
    found = (
        select(
            questions.c.id,
            questions.c.turn_id,
            questions.c.talk_id,
            questions.c.at,
            talks.c.chat_id.label("chat"),
            turns.c.about,
            *ADDRESS,
        )
        .join(turns, turns.c.id == questions.c.turn_id)
        .join(talks, talks.c.id == questions.c.talk_id)
        .join(chats, chats.c.id == talks.c.chat_id)
        .where(questions.c.tenant_id == tenant, questions.c.settled_at.is_(None))
        .where(questions.c.outcome == Outcome.UNKNOWN, SAID_OF_ANSWERS.held)
        .order_by(questions.c.id.desc())
        .limit(MOST)
    )
    return found if private else found.where(talks.c.assistant == PUBLIC)


def unanswered(connection: Connection, tenant: int, *, private: bool) -> tuple[Unanswered, ...]:
    """A tenant's, the newest first."""
    return tuple(
        Unanswered(
            row.id, row.turn_id, row.talk_id, row.chat, address_of(row), row.about or None, row.at
        )
        for row in connection.execute(_waiting(tenant, private=private))
    )


def count_unanswered(connection: Connection, tenant: int) -> int:
    """How many there are in all, as far as they are looked through."""
    waiting = _waiting(tenant, private=True).with_only_columns(questions.c.id)
    return len(connection.execute(waiting).all())


def asked_in(connection: Connection, of: Collection[int]) -> Mapping[int, tuple[Message, ...]]:
    """What the clients wrote in each of these turns."""
    found = connection.execute(
        select(updates)
        .where(updates.c.turn_id.in_(of), updates.c.kind.in_(TO_THE_MODEL))
        .order_by(updates.c.received_at, updates.c.id)
    )
    heard: dict[int, tuple[Message, ...]] = {}
    for row in found:
        heard[row.turn_id] = (*heard.get(row.turn_id, ()), as_message(row))
    return heard


def are_open(connection: Connection, tenant: int, rows: Collection[int]) -> bool:
    """Whether some of these wait; nobody settles them before the commit."""
    theirs = (questions.c.id.in_(rows), questions.c.tenant_id == tenant)
    waiting = select(questions.c.id).where(*theirs, questions.c.settled_at.is_(None))
    return bool(connection.execute(waiting.order_by(questions.c.id).with_for_update()).all())


def answered_by(connection: Connection, tenant: int, row: int) -> tuple[str, str] | None:
    """Who answered one, and what they wrote last; None where it was settled without an answer.

    An answer and the end of what it answers are of one moment.
    """
    found = connection.execute(
        select(drafts.c.author, drafts.c.changes)
        .join(questions, questions.c.tenant_id == drafts.c.tenant_id)
        .where(questions.c.id == row, questions.c.tenant_id == tenant)
        .where(drafts.c.created_at == questions.c.settled_at)
        .order_by(drafts.c.revision.desc())
    ).first()
    written = json.loads(found.changes).get("knowledge") if found else None
    return (found.author, written.rpartition("\n\n")[2]) if found and written else None


@dataclass(frozen=True, slots=True)
class SettleQuestions(OneByOne[None]):
    """They wait no more: somebody wrote the answer, or said that none is due."""

    tenant: int
    rows: tuple[int, ...]
    now: float

    def carry_out(self, connection: Connection) -> None:
        theirs = (questions.c.id.in_(self.rows), questions.c.tenant_id == self.tenant)
        still = update(questions).where(*theirs, questions.c.settled_at.is_(None))
        connection.execute(still.values(settled_at=self.now))
