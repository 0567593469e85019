"""Somebody could not be helped: who of the company's people is told, and who sees to it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from db.duty import whom_to_tell
from db.languages import SPOKEN
from db.models import (
    chats,
    notices,
    outbox,
    questions,
    quotes,
    talks,
    threads,
    turns,
)
from db.quotes import REFUSED
from db.reach import Reachable, write_to
from db.records import (
    COPY_PLACE,
    Actor,
    Address,
    Draft,
    OutboxRow,
    Outcome,
    Purpose,
    TurnState,
)
from db.rows import ADDRESS, UNSETTLED, address_of, keep_talks
from db.rows import insert as upsert
from db.talks import Talk, TalkPage, read_talk, talks_by_row, turn_after
from db.transaction import OneByOne

WANTS: Final = frozenset({Outcome.UNKNOWN, Outcome.COMPLAINT, Outcome.HANDOVER})
TOGETHER_SECONDS: Final = 900.0  # what is asked in a chat meanwhile joins the first notice
LINES: Final = 2  # turns that a notice shows
BATCH: Final = 50  # that are told, or shown, at once


# ---------------------------------------------------------------- what is asked for


def note_questions(connection: Connection, ended: Sequence[int], now: float) -> None:
    """These turns could not serve their clients: somebody of the company has to know.

    One that promised a person, without saying so of itself, counts as handed over to one.
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
    rows = [
        {
            "turn_id": turn,
            "talk_id": talk,
            "tenant_id": tenant,
            "outcome": _why(state, outcome),
            "at": now,
        }
        for turn, state, outcome, talk, tenant in found
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
    found = select(questions.c.id, questions.c.talk_id).where(questions.c.told_at.is_(None))
    rows = connection.execute(
        found.where(questions.c.id > after).order_by(questions.c.id).limit(BATCH)
    ).all()
    told = talks_by_row(connection, list(dict.fromkeys(row.talk_id for row in rows)))
    return told, rows[-1].id if len(rows) == BATCH else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What could not be served; `turn` has the words."""

    turn: int
    outcome: str
    about: str | None
    promised: bool = False  # that somebody will call or write


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
    )
    asked = tuple(Asked(row.turn_id, row.outcome, row.about, bool(row.promised)) for row in found)
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

    What joins a notice is shown there to those who have it, and told to those who came on duty
    since. `is_on_duty_in_commit` reads the hours of `duties`; `bots` are those for which this
    process speaks. While nobody can be told nothing is done, unless it says `though_nobody`, or
    turns failed: of what made them the hosts are told.
    """

    talk: Talk
    owner: str
    bots: frozenset[int]
    roles: frozenset[str]
    now: float
    words_in_commit: Callable[[Case, str | None], Draft]
    is_on_duty_in_commit: Callable[[str | None], bool]
    though_nobody: bool = False

    def carry_out(self, connection: Connection) -> Notified:
        keep_talks(connection, talks.c.id == self.talk.row)
        new = and_(questions.c.talk_id == self.talk.row, questions.c.told_at.is_(None))
        outcomes = set(connection.execute(select(questions.c.outcome).where(new)).scalars())
        if not outcomes:
            return Notified()
        bot_id, tenant = self.talk.address.bot_id, self.talk.tenant
        there = whom_to_tell(connection, tenant, self.roles, bot_id=bot_id, now=self.now)
        if not there and outcomes & WANTS and not self.though_nobody:
            return Notified(nobody=True)
        on_duty = [one for one, hours in there.items() if self.is_on_duty_in_commit(hours)]
        if there and not on_duty:
            return Notified(later=True)
        notice = self._recent(connection) or self._begin(connection)
        self._join(connection, new, notice)
        return Notified(tuple(self._say(connection, notice, on_duty)))

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
        self, connection: Connection, notice: int, people: Sequence[Reachable]
    ) -> Sequence[OutboxRow]:
        """Those who have it are shown it there."""
        have = select(outbox.c.chat_id).join(quotes, quotes.c.outbox_id == outbox.c.id)
        having = set(connection.execute(have.where(quotes.c.notice_id == notice)).scalars())
        found = connection.execute(select(notices).where(notices.c.id == notice)).one()
        case, said = _case(connection, self.talk, found), []
        for one in people:
            if one.chat in having:
                continue
            draft = self.words_in_commit(case, one.language)
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
    last = select(notices.c.done_by).where(notices.c.talk_id == talk)
    return connection.execute(last.order_by(notices.c.id.desc()).limit(1)).scalar()


# ---------------------------------------------------------------- what is shown now


@dataclass(frozen=True, slots=True)
class Outdated:
    """A message that shows what is no longer so; without `message_id` nobody has got it."""

    quote: int
    asked_at: float
    address: Address
    language: str | None
    message_id: str | None
    is_on_its_way: bool
    is_copy: bool  # of a client's message: it is taken away
    case: Case | None  # None: it is erased


def outdated(connection: Connection, bots: Collection[int], *, now: float) -> tuple[Outdated, ...]:
    """Those of these bots', with what they are to show."""
    found = connection.execute(
        select(
            quotes.c.id,
            quotes.c.rewrite_at,
            quotes.c.notice_id,
            outbox.c.message_id,
            UNSETTLED.label("is_on_its_way"),
            (outbox.c.position == COPY_PLACE).label("is_copy"),
            outbox.c.text,
            SPOKEN,
            *ADDRESS,
        )
        .join(outbox, outbox.c.id == quotes.c.outbox_id)
        .join(chats, chats.c.id == outbox.c.chat_id)
        .where(quotes.c.rewrite_at <= now, chats.c.bot_id.in_(bots))
        .order_by(quotes.c.rewrite_at)
        .limit(BATCH)
    ).all()
    return tuple(
        Outdated(
            row.id,
            row.rewrite_at,
            address_of(row),
            row.language,
            str(row.message_id) if row.message_id is not None else None,
            row.is_on_its_way,
            row.is_copy,
            case_of(connection, row.notice_id) if row.notice_id and row.text else None,
        )
        for row in found
    )


@dataclass(frozen=True, slots=True)
class Rewritten(OneByOne[None]):
    """A message shows what is so, or never will (`again_at` None); else it is tried again then.

    What changed meanwhile is shown another time. `is_gone`: it was taken away, and quotes nobody.
    `refused`: the channel does not let it be changed, and it says what it said.
    """

    quote: int
    asked_at: float
    again_at: float | None = None
    is_gone: bool = False
    refused: bool = False

    def carry_out(self, connection: Connection) -> None:
        same = and_(quotes.c.id == self.quote, quotes.c.rewrite_at == self.asked_at)
        its = select(quotes.c.outbox_id).where(quotes.c.id == self.quote).scalar_subquery()
        shown = update(outbox).where(outbox.c.id == its)
        if self.is_gone:
            connection.execute(shown.values(text=""))
        if self.refused:
            connection.execute(shown.values(cause=REFUSED))
        connection.execute(update(quotes).where(same).values(rewrite_at=self.again_at))
