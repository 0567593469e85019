"""A visitor of a site is somebody whom its company knows: it has proven that."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, false, or_, select, update

from db.chats import ChatWork
from db.identities import hold_identities
from db.models import chats, identities, links, sessions, talks
from db.records import Address
from db.rows import insert, is_at, keep_talks
from db.sessions import SPEAKS_IN, EndSession, OpenSession
from db.sites import WEB
from db.talks import KNOWN
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify(OneByOne[str | None]):
    """Give somebody a session in their chat, which it tells; None: the one that asks is over.

    `subjects`: keyed hashes of who they are to the company, under each key, the one to store first.
    `session`: the one that asks, which ends; None: there is none yet. A chat that was nobody's
    becomes theirs if they have none, else it is closed; one that is somebody else's stays.
    """

    subjects: tuple[str, ...]
    name: str
    opening: OpenSession
    session: int | None = None

    def carry_out(self, connection: Connection) -> str | None:
        of_session = select(SPEAKS_IN)
        opened = of_session.where(sessions.c.digest == self.opening.digest)
        if (chat := connection.execute(opened).scalar()) is not None:
            return str(chat)
        asks = of_session.where(sessions.c.id == self.session).with_for_update()
        before: str | None = connection.execute(asks).scalar()
        if before is None and self.session is not None:
            return None
        nobodys = before if before and not self._is_somebodys(connection, before) else None
        self._hold(connection, nobodys)
        chat = self._take(connection, nobodys or self.opening.chat)
        if self.session is not None:
            EndSession(self.session).carry_out(connection)
        shared = chat if chat != self.opening.chat else None
        replace(self.opening, speaks_in=shared).carry_out(connection)
        if nobodys:
            self._withdraw_links(connection, nobodys)
        if nobodys and nobodys != chat:
            self._close(connection, nobodys)
        self._call(connection, chat)
        return chat

    @property
    def _theirs(self) -> ColumnElement[bool]:
        its = identities.c
        return (its.bot_id == self.opening.bot_id) & its.subject.in_(self.subjects)

    @property
    def _open(self) -> Select[tuple[str]]:
        return select(identities.c.chat).where(self._theirs, identities.c.closed_at.is_(None))

    def _hold(self, connection: Connection, nobodys: str | None) -> None:
        """The chats first, and whose they are only then: in that order they are forgotten."""
        known = connection.execute(self._open).scalar()
        at = [is_at(Address(WEB, self.opening.bot_id, str(one))) for one in (known, nobodys) if one]
        mine = select(chats.c.id).where(or_(false(), *at)).order_by(chats.c.id)
        connection.execute(mine.with_for_update(key_share=True))

    def _take(self, connection: Connection, chat: str) -> str:
        """Their chat: this one, if they have none."""
        if (there := connection.execute(self._open).scalar()) is None:
            self._note(connection, chat)  # unless another device does so at this moment
            there = connection.execute(self._open).scalar_one()
        hold_identities(connection, self._theirs)
        now = {"subject": self.subjects[0], "name": self.name, "proven_at": self.opening.now}
        connection.execute(update(identities).where(self._theirs).values(**now))
        return str(there)

    def _note(self, connection: Connection, chat: str, *, closed_at: float | None = None) -> None:
        new = insert(connection, identities).values(
            bot_id=self.opening.bot_id,
            chat=chat,
            subject=self.subjects[0],
            name=self.name,
            proven_at=self.opening.now,
            closed_at=closed_at,
        )
        connection.execute(new.on_conflict_do_nothing())

    def _is_somebodys(self, connection: Connection, chat: str) -> bool:
        its = identities.c
        known = exists().where(its.bot_id == self.opening.bot_id, its.chat == chat)
        return bool(connection.execute(select(known)).scalar())

    def _close(self, connection: Connection, chat: str) -> None:
        """What waits there is still answered there: the company may have to act on it."""
        self._note(connection, chat, closed_at=self.opening.now)
        if (row := self._row(connection, chat)) is not None:
            ChatWork(connection, chat=row, now=self.opening.now).start_over()
            self._call(connection, chat)

    def _withdraw_links(self, connection: Connection, chat: str) -> None:
        """Whoever asked for one while it was nobody's chat would learn what is said there next."""
        mine = links.c.chat_id == self._row(connection, chat)
        connection.execute(delete(links).where(mine, links.c.thread_id.is_(None)))

    def _call(self, connection: Connection, chat: str) -> None:
        """The company's people read by whom the chat is."""
        row = self._row(connection, chat)
        if row is not None and self.name:
            keep_talks(connection, talks.c.chat_id == row)
            its = update(talks).where(talks.c.chat_id == row, KNOWN)
            connection.execute(its.values(name=self.name))

    def _row(self, connection: Connection, chat: str) -> int | None:
        there = select(chats.c.id).where(is_at(Address(WEB, self.opening.bot_id, chat)))
        return connection.execute(there.with_for_update(key_share=True)).scalar()
