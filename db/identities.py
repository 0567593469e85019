"""Whose a chat of a site is, where its company proved that; and what is forgotten with it.

A chat becomes somebody's once, and is never anybody else's. Who comes with another one goes on in
their own: the other is closed, and is theirs as well.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from db.ids import as_number
from db.models import chats, identities


def closed_chats(connection: Connection, chat: int) -> Sequence[int]:
    """The rows, locked, of those in which somebody wrote before this one was known as theirs."""
    its = _identity(connection, chat)
    if its is None or its.subject is None:
        return ()
    closed = select(identities.c.chat).where(
        identities.c.bot_id == its.bot_id,
        identities.c.subject == its.subject,
        identities.c.closed_at.is_not(None),
    )
    ids = [as_number(one) for one in connection.execute(closed).scalars()]
    rows = select(chats.c.id).where(chats.c.bot_id == its.bot_id, chats.c.chat_id.in_(ids))
    locked = rows.where(chats.c.id != chat).order_by(chats.c.id).with_for_update(key_share=True)
    return connection.execute(locked).scalars().all()


def forget_identity(connection: Connection, chat: int) -> None:
    """Nobody can tell any more whose it was; it becomes nobody else's all the same.

    Nor can anybody of those that were closed: where nothing was written there is no chat's row.
    """
    if its := _identity(connection, chat):
        closed = (identities.c.bot_id == its.bot_id) & identities.c.closed_at.is_not(None)
        closed &= identities.c.subject == its.subject
        mine = or_(identities.c.id == its.id, closed)
        hold_identities(connection, mine)
        connection.execute(update(identities).where(mine).values(subject=None, name=""))


def hold_identities(connection: Connection, which: ColumnElement[bool]) -> None:
    """Lock several in one order; their chats are held by then."""
    mine = select(identities.c.id).where(which).order_by(identities.c.id)
    connection.execute(mine.with_for_update())


def _identity(connection: Connection, chat: int) -> Row[*tuple[Any, ...]] | None:
    at = connection.execute(
        select(chats.c.bot_id, chats.c.chat_text).where(chats.c.id == chat)
    ).one()
    its = (identities.c.bot_id == at.bot_id) & (identities.c.chat == at.chat_text)
    return connection.execute(select(identities).where(its)).first()
