"""Who may speak and read in a chat over HTTP: by a token, of which a keyed hash alone is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, delete, func, or_, select, update

from db.models import bots, identities, limits, sessions
from db.rows import insert
from db.sites import WEB, Site, site_bot, site_in_row
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class Session:
    """`bot_id`: the site's. `chat`: the channel's id. `language`: as the page tells it.

    `known`: whose chat it is was proven; `name`: theirs, as far as their company says it.
    `forgotten`: they had it erased, on any device, and whose it was as well.
    """

    row: int
    bot_id: int
    chat: str
    language: str | None
    expires_at: float
    known: bool = False
    name: str = ""
    forgotten: bool = False


SPEAKS_IN: Final = func.coalesce(sessions.c.speaks_in, sessions.c.chat)
_PROVEN: Final = (identities.c.bot_id == sessions.c.bot_id) & (identities.c.chat == SPEAKS_IN)


@dataclass(frozen=True, slots=True)
class OpenSession(OneByOne[None]):
    """A new visitor's; what is over by now goes. `speaks_in`: a chat that was there before."""

    bot_id: int
    chat: str
    digest: str
    language: str | None
    expires_at: float
    now: float
    speaks_in: str | None = None

    def carry_out(self, connection: Connection) -> None:
        _drop(connection, sessions.c.id, sessions.c.expires_at, self.now)
        _drop(connection, limits.c.key, limits.c.until, self.now)
        made = insert(connection, sessions).values(
            bot_id=self.bot_id,
            chat=self.chat,
            speaks_in=self.speaks_in,
            digest=self.digest,
            language=self.language,
            created_at=self.now,
            expires_at=self.expires_at,
        )
        connection.execute(made.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class KeepSession(OneByOne[None]):
    """It is in use, and ends later; whose it is counts as said anew."""

    row: int
    expires_at: float
    now: float

    def carry_out(self, connection: Connection) -> None:
        mine = update(sessions).where(sessions.c.id == self.row)
        connection.execute(mine.values(expires_at=self.expires_at))
        known = select(identities.c.id).join(sessions, _PROVEN).where(sessions.c.id == self.row)
        its = update(identities).where(identities.c.id.in_(known))
        connection.execute(its.values(proven_at=self.now))


@dataclass(frozen=True, slots=True)
class EndSession(OneByOne[None]):
    """Its token opens nothing any more."""

    row: int

    def carry_out(self, connection: Connection) -> None:
        connection.execute(delete(sessions).where(sessions.c.id == self.row))


def _drop(connection: Connection, key: Column[Any], ends: Column[float], now: float) -> None:
    """Delete what is over, but for rows that somebody else holds: another time they will go."""
    over = select(key).where(ends < now).order_by(ends, key)
    free = over.with_for_update(skip_locked=True)
    connection.execute(delete(key.table).where(key.in_(free)))


# Made once: making one costs more than carrying it out, and each message of a visitor's takes it.
_SESSION: Final = (
    select(sessions.c.id, sessions.c.bot_id, SPEAKS_IN)
    .add_columns(sessions.c.language, sessions.c.expires_at)
    .add_columns(identities.c.id.is_not(None), func.coalesce(identities.c.name, ""))
    .add_columns(identities.c.id.is_not(None) & identities.c.subject.is_(None))
    .outerjoin(identities, _PROVEN)
    .where(sessions.c.expires_at > bindparam("now"))
)
_BY_TOKEN: Final = _SESSION.where(sessions.c.digest.in_(bindparam("digests", expanding=True)))


def session_by_token(
    connection: Connection, digests: Sequence[str], *, now: float
) -> Session | None:
    """The one whose token has one of these hashes, unless it is over."""
    row = connection.execute(_BY_TOKEN, {"digests": digests, "now": now}).first()
    return Session(*row) if row else None


def visitor_by_token(
    connection: Connection, digests: Sequence[str], *, now: float
) -> tuple[Session, Site] | None:
    """The same, with its site."""
    session = session_by_token(connection, digests, now=now)
    site = site_of_bot(connection, session.bot_id) if session else None
    return (session, site) if session and site else None


def session_of_chat(connection: Connection, chat: str, *, now: float) -> Session | None:
    """One that speaks in a chat."""
    speaks = or_(sessions.c.chat == chat, sessions.c.speaks_in == chat)
    row = connection.execute(_SESSION.where(speaks), {"now": now}).first()
    return Session(*row) if row else None


def site_of_bot(connection: Connection, bot_id: int) -> Site | None:
    """The site that the engine knows under this number."""
    row = -bot_id // 2
    return site_in_row(connection, row) if site_bot(row) == bot_id else None


def web_bots(connection: Connection) -> tuple[int, ...]:
    """What the engine speaks for over HTTP: sites, and all programs of a company."""
    there = select(bots.c.id).where(bots.c.channel == WEB, bots.c.removed_at.is_(None))
    return tuple(connection.execute(there.order_by(bots.c.id)).scalars())
