"""What clients asked a company to do: taken down by a tool, told to its people, done by one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, func, insert, select, update

from db.bounds import LONGEST_LABEL, LONGEST_VALUE, MOST_FIELDS
from db.errors import Stale
from db.models import notices, quotes, requests, talks, threads, turns
from db.records import PUBLIC, Actor, TurnState
from db.rows import keep_talks
from db.spoke import Spoke, note_talks
from db.talks import Talk, talks_by_row, talks_with
from db.transaction import OneByOne

Fields = tuple[tuple[str, str], ...]  # what was asked for, in the company's words, and the answer


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """What a client asked for, in which conversation; `done_by` is the name of who did it."""

    row: int
    talk: Talk
    fields: Fields
    taken_at: float
    done_at: float | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class TookDown:
    """Its number; `again`: it had been taken down before."""

    number: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class TakeRequest(OneByOne[TookDown]):
    """Take down what the client of an open turn asks for; twice under one key is once.

    Raises Stale when the turn is over: what was asked for may be forgotten.
    """

    turn: int
    key: str
    fields: Fields
    now: float

    def carry_out(self, connection: Connection) -> TookDown:
        its = select(turns.c.state, turns.c.thread_id).where(turns.c.id == self.turn)
        turn = connection.execute(its.with_for_update()).first()
        known = select(requests.c.id).where(requests.c.key == self.key)
        number: int | None = connection.execute(known).scalar()
        if number is not None:
            return TookDown(number, again=True)
        if turn is None or turn.state != TurnState.OPEN:
            raise Stale
        thread = connection.execute(select(threads).where(threads.c.id == turn.thread_id)).one()
        # The company's people find the conversation from now on, also if this is its first turn.
        note_talks(connection, [Spoke(thread.id, "", self.now)])
        talk = select(talks.c.id).where(
            talks.c.chat_id == thread.chat_id,
            talks.c.tenant_id == thread.tenant_id,
            talks.c.assistant == thread.assistant,
        )
        add = insert(requests).values(
            turn_id=self.turn,
            talk_id=talk.scalar_subquery(),
            tenant_id=thread.tenant_id,
            key=self.key,
            fields=_written(self.fields),
            taken_at=self.now,
        )
        return TookDown(int(connection.execute(add.returning(requests.c.id)).scalar_one()))


def _written(fields: Fields) -> str:
    kept = [(label[:LONGEST_LABEL], value[:LONGEST_VALUE]) for label, value in fields[:MOST_FIELDS]]
    return json.dumps(kept, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FinishRequest(OneByOne[bool]):
    """Somebody did what was asked for: whoever was told of it is shown so. False: it was over.

    What is done before anybody was told is no news any more.
    """

    tenant: int
    row: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        mine = (requests.c.id == self.row) & (requests.c.tenant_id == self.tenant)
        keep_talks(connection, talks.c.id.in_(select(requests.c.talk_id).where(mine)))
        still = update(requests).where(mine, requests.c.done_at.is_(None))
        told = func.coalesce(requests.c.told_at, self.now)
        done = still.values(done_at=self.now, done_by=self.actor.name, told_at=told)
        found = connection.execute(done.returning(requests.c.notice_id)).first()
        if found and found.notice_id is not None:  # else nobody was told: no message shows it
            shown = update(quotes).where(quotes.c.notice_id == found.notice_id)
            connection.execute(shown.values(rewrite_at=self.now))
        return found is not None


# ---------------------------------------------------------------- which there are


_HELD: Final = requests.c.fields != ""
_OPEN: Final = requests.c.done_at.is_(None)
_UNTOLD: Final = requests.c.told_at.is_(None) & _HELD


def _of(tenant: int, *, private: bool) -> Select[*tuple[Any, ...]]:
    """Those of which words are left; those made to private assistants only if it says so."""
    found = select(requests).join(talks, talks.c.id == requests.c.talk_id)
    found = found.where(requests.c.tenant_id == tenant, _HELD)
    return found if private else found.where(talks.c.assistant == PUBLIC)


def list_requests(
    connection: Connection, tenant: int, *, private: bool, first: int, limit: int
) -> tuple[ClientRequest, ...]:
    """From number `first` on: those still to be done, then the others, the newest first."""
    newest = _of(tenant, private=private).order_by(requests.c.id.desc())
    found = list(connection.execute(newest.where(_OPEN).offset(first).limit(limit)))
    if len(found) < limit:
        before = count_requests(connection, tenant, private=private)
        done = newest.where(~_OPEN).offset(max(0, first - before))
        found += connection.execute(done.limit(limit - len(found)))
    return _with_talks(connection, found)


def count_requests(connection: Connection, tenant: int, *, private: bool) -> int:
    """How many are still to be done."""
    waiting = _of(tenant, private=private).where(_OPEN)
    return int(connection.execute(waiting.with_only_columns(func.count())).scalar_one())


def request_by_row(
    connection: Connection, tenant: int, row: int, *, private: bool
) -> ClientRequest | None:
    """One of a tenant's, if there are words left of it."""
    found = connection.execute(_of(tenant, private=private).where(requests.c.id == row)).all()
    return next(iter(_with_talks(connection, found)), None)


def request_told_in(connection: Connection, notice: int) -> ClientRequest | None:
    """The one of which a notice tells, as it stands now, if there are words left of it."""
    its = select(requests).where(requests.c.notice_id == notice, _HELD)
    return next(iter(_with_talks(connection, connection.execute(its).all())), None)


def _with_talks(connection: Connection, rows: Sequence[Any]) -> tuple[ClientRequest, ...]:
    known = talks_by_row(connection, list({row.talk_id for row in rows}))
    by_row = {talk.row: talk for talk in known}
    return tuple(
        ClientRequest(
            row.id,
            by_row[row.talk_id],
            tuple((label, value) for label, value in json.loads(row.fields)),
            row.taken_at,
            row.done_at,
            row.done_by,
        )
        for row in rows
        if row.talk_id in by_row
    )


# ---------------------------------------------------------------- telling of them


def untold_requests(connection: Connection, after: int = 0) -> tuple[tuple[Talk, ...], int | None]:
    """Conversations with some of which nobody is told yet, and where to go on, if at all."""
    return talks_with(connection, requests, _UNTOLD, after)


def new_requests(connection: Connection, talk: Talk) -> tuple[ClientRequest, ...]:
    """Those of a conversation of which nobody is told yet, in order."""
    new = select(requests).where(requests.c.talk_id == talk.row, _UNTOLD)
    return _with_talks(connection, connection.execute(new.order_by(requests.c.id)).all())


def begin_notice(connection: Connection, request: ClientRequest, now: float) -> int:
    """The notice that tells of it. No question joins it: it is over as soon as it begins."""
    began = insert(notices).values(talk_id=request.talk.row, began_at=now, done_at=now)
    notice = int(connection.execute(began.returning(notices.c.id)).scalar_one())
    its = update(requests).where(requests.c.id == request.row)
    connection.execute(its.values(notice_id=notice, told_at=now))
    return notice
