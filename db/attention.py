"""Somebody could not be helped: who of the company's people is told, and who sees to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from db.calls import CallRow, doubts_of
from db.duty import whom_to_tell
from db.models import (
    notices,
    outbox,
    questions,
    quotes,
    requests,
    talks,
    threads,
    turns,
)
from db.reach import Reachable, write_to
from db.records import (
    Actor,
    Draft,
    OutboxRow,
    Outcome,
    Purpose,
    TurnState,
)
from db.requests import ClientRequest, begin_notice, new_requests
from db.rows import insert as upsert
from db.rows import keep_talks
from db.talks import Talk, TalkPage, read_talk, talks_by_row, talks_with, turn_after
from db.transaction import OneByOne

WANTS: Final = frozenset({Outcome.UNKNOWN, Outcome.COMPLAINT, Outcome.HANDOVER})
TOGETHER_SECONDS: Final = 900.0  # what is asked in a chat meanwhile joins the first notice
LINES: Final = 2  # turns that a notice shows


# ---------------------------------------------------------------- what is asked for


def note_questions(connection: Connection, ended: Sequence[int], now: float) -> None:
    """These turns could not serve their clients: somebody of the company has to know.

    One that promised a person, without saying so of itself, counts as handed over to one. Where a
    request was taken down, people are told of that: who is wanted is wanted for it, unless
    something else of that turn is in doubt.
    """
    of_client = and_(
        talks.c.chat_id == threads.c.chat_id,
        talks.c.tenant_id == threads.c.tenant_id,
        talks.c.assistant == threads.c.assistant,
    )
    found = connection.execute(
        select(turns.c.id, turns.c.state, turns.c.outcome, talks.c.id, talks.c.tenant_id)
        .join(threads, threads.c.id == turns.c.thread_id)
        .join(talks, of_client)
        .where(turns.c.id.in_(ended), threads.c.purpose == Purpose.CLIENT)
        .order_by(talks.c.id)
    ).all()
    taken = select(requests.c.turn_id).where(requests.c.turn_id.in_(ended))
    told = set(connection.execute(taken).scalars())
    told -= doubts_of(connection, told).keys()
    rows = [
        {
            "turn_id": turn,
            "talk_id": talk,
            "tenant_id": tenant,
            "outcome": _why(state, outcome),
            "at": now,
        }
        for turn, state, outcome, talk, tenant in found
        if turn not in told or _why(state, outcome) != Outcome.HANDOVER
    ]
    if rows:
        connection.execute(upsert(connection, questions).on_conflict_do_nothing(), rows)
        since = func.coalesce(talks.c.waiting_since, now)
        its = talks.c.id.in_([row["talk_id"] for row in rows])
        connection.execute(update(talks).where(its).values(waiting_since=since))


def _why(state: str, outcome: str | None) -> str:
    if state == TurnState.FAILED:
        return TurnState.FAILED
    return outcome if outcome in WANTS else Outcome.HANDOVER


def untold(connection: Connection, after: int = 0) -> tuple[tuple[Talk, ...], int | None]:
    """Conversations of which somebody has to be told, and where to go on, if there may be more."""
    return talks_with(connection, questions, questions.c.told_at.is_(None), after)


@dataclass(frozen=True, slots=True)
class Asked:
    """What could not be served; `turn` has the words."""

    turn: int
    outcome: str
    about: str | None
    promised: bool = False  # that somebody will call or write
    doubts: tuple[CallRow, ...] = ()  # what may have been done for it, or not


@dataclass(frozen=True, slots=True)
class Case:
    """A notice: whose conversation, what was asked, the lines before; and who saw to it, if any."""

    notice: int
    talk: Talk
    asked: tuple[Asked, ...]
    page: TalkPage
    done_by: str | None = None


def _case(connection: Connection, talk: Talk, notice: Row[tuple[int, str | None]]) -> Case:
    its = questions.c.notice_id == notice.id
    found = connection.execute(
        select(questions.c.turn_id, questions.c.outcome, turns.c.about, turns.c.promised)
        .join(turns, turns.c.id == questions.c.turn_id)
        .where(its)
        .order_by(questions.c.id)
    ).all()
    doubts = doubts_of(connection, [row.turn_id for row in found])
    asked = tuple(
        Asked(turn, outcome, about, bool(promised), tuple(doubts.get(turn, ())))
        for turn, outcome, about, promised in found
    )
    later = turn_after(connection, talk, asked[-1].turn) if asked else None
    page = read_talk(connection, talk, limit=max(LINES, len(asked)), before=later)
    return Case(notice.id, talk, asked, page, notice.done_by)


def case_of(connection: Connection, notice: int) -> Case | None:
    """A notice as it stands now; None when there is nothing left of the conversation."""
    found = connection.execute(select(notices).where(notices.c.id == notice)).first()
    talk = next(iter(talks_by_row(connection, [found.talk_id])), None) if found else None
    case = _case(connection, talk, found) if found and talk else None
    return case if case and case.asked else None


# ---------------------------------------------------------------- who is told


@dataclass(frozen=True, slots=True)
class Notified:
    """The messages that say it. `nobody`: there is no one who can ever be told.

    `later`: those who can are not on duty; it is kept until one of them is.
    """

    rows: tuple[OutboxRow, ...] = ()
    nobody: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class TellPeople(OneByOne[Notified]):
    """Tell those with one of these roles, who are on duty, what is new in a conversation.

    Each request in a notice of its own. A question that joins one is shown there to those who have
    it, and told to those who came on duty since. `is_on_duty_in_commit` reads the hours of
    `duties`; `bots` are those for which this process speaks. While nobody can be told nothing is
    done, unless it says `though_nobody`, or turns failed: of what made them the hosts are told.
    """

    talk: Talk
    owner: str
    bots: frozenset[int]
    roles: frozenset[str]
    now: float
    words_in_commit: Callable[[Case | ClientRequest, str | None], Draft]
    is_on_duty_in_commit: Callable[[str | None], bool]
    though_nobody: bool = False

    def carry_out(self, connection: Connection) -> Notified:
        keep_talks(connection, talks.c.id == self.talk.row)
        new = and_(questions.c.talk_id == self.talk.row, questions.c.told_at.is_(None))
        outcomes = set(connection.execute(select(questions.c.outcome).where(new)).scalars())
        asked_for = new_requests(connection, self.talk)
        if not outcomes and not asked_for:
            return Notified()
        bot_id, tenant = self.talk.address.bot_id, self.talk.tenant
        there = whom_to_tell(connection, tenant, self.roles, bot_id=bot_id, now=self.now)
        if not there and (asked_for or outcomes & WANTS) and not self.though_nobody:
            return Notified(nobody=True)
        on_duty = [one for one, hours in there.items() if self.is_on_duty_in_commit(hours)]
        if there and not on_duty:
            return Notified(later=True)
        rows: list[OutboxRow] = []
        for request in asked_for:
            notice = begin_notice(connection, request, self.now)
            rows += self._say(connection, notice, request, on_duty)
        if outcomes:
            notice = self._recent(connection) or self._begin(connection)
            self._join(connection, new, notice)
            found = connection.execute(select(notices).where(notices.c.id == notice)).one()
            rows += self._say(connection, notice, _case(connection, self.talk, found), on_duty)
        return Notified(tuple(rows))

    def _recent(self, connection: Connection) -> int | None:
        found = select(notices.c.id).where(
            notices.c.talk_id == self.talk.row,
            notices.c.began_at > self.now - TOGETHER_SECONDS,
            notices.c.done_at.is_(None),
        )
        row: int | None = connection.execute(found.order_by(notices.c.id.desc())).scalar()
        return row

    def _begin(self, connection: Connection) -> int:
        began = insert(notices).values(talk_id=self.talk.row, began_at=self.now)
        return int(connection.execute(began.returning(notices.c.id)).scalar_one())

    def _join(self, connection: Connection, new: ColumnElement[bool], notice: int) -> None:
        told = {"notice_id": notice, "told_at": self.now}
        connection.execute(update(questions).where(new).values(**told))
        shown = update(quotes).where(quotes.c.notice_id == notice)
        connection.execute(shown.values(rewrite_at=self.now))

    def _say(
        self,
        connection: Connection,
        notice: int,
        what: Case | ClientRequest,
        people: Sequence[Reachable],
    ) -> Sequence[OutboxRow]:
        """Those who have it are shown it there."""
        have = select(outbox.c.chat_id).join(quotes, quotes.c.outbox_id == outbox.c.id)
        having = set(connection.execute(have.where(quotes.c.notice_id == notice)).scalars())
        said: list[OutboxRow] = []
        for one in people:
            if one.chat in having:
                continue
            draft = self.words_in_commit(what, one.language)
            (row,) = write_to(
                connection, one, [draft], owner=self.owner, bots=self.bots, now=self.now
            )
            quote = {"outbox_id": row.row, "chat_id": self.talk.chat, "notice_id": notice}
            connection.execute(insert(quotes).values(**quote))
            said += [row] if one.address.bot_id in self.bots else []
        return said


# ---------------------------------------------------------------- who sees to it


@dataclass(frozen=True, slots=True)
class SeeTo(OneByOne[None]):
    """Somebody sees to a conversation: nobody waits there any more, and everybody is shown so."""

    talk: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> None:
        mine = talks.c.id == self.talk
        keep_talks(connection, mine)
        still = and_(notices.c.talk_id == self.talk, notices.c.done_at.is_(None))
        done = update(notices).where(still).values(done_at=self.now, done_by=self.actor.name)
        rows = list(connection.execute(done.returning(notices.c.id)).scalars())
        shown = update(quotes).where(quotes.c.notice_id.in_(rows)).values(rewrite_at=self.now)
        connection.execute(shown)
        connection.execute(update(talks).where(mine).values(waiting_since=None))


def seen_to_by(connection: Connection, talk: int) -> str | None:
    """Who saw to a conversation last."""
    last = select(notices.c.done_by).where(
        notices.c.talk_id == talk, notices.c.done_by.is_not(None)
    )
    return connection.execute(last.order_by(notices.c.id.desc()).limit(1)).scalar()
