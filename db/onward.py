"""How a client goes on elsewhere: a link is offered in one chat and pressed in another, once.

The thread where it was pressed begins with what was said before: a conversation that is new there
is filled with the lines of both. Nothing is copied, so what is erased here is erased for it too.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_, delete, exists, func, literal, select, update

from db.chats import ChatWork
from db.languages import SPOKEN
from db.models import bots, chats, erasures, links, tenants, threads, turns, updates
from db.reach import Reachable, speaks_for, write_to
from db.records import PUBLIC, TO_THE_MODEL, Address, Draft, Purpose, TurnState, UpdateState
from db.rows import ADDRESS, IS_SERVED, address_of, insert, is_at
from db.transaction import OneByOne

LEFT_SECONDS: Final = 3600.0  # for which a turn that began before may still use its conversation


@dataclass(frozen=True, slots=True)
class OfferLink(OneByOne[bool]):
    """A link that leads on from a chat; False: nobody has written there. Those that are over go."""

    chat: Address
    digest: str
    expires_at: float
    now: float

    def carry_out(self, connection: Connection) -> bool:
        over = links.c.thread_id.is_(None) & (links.c.expires_at < self.now)
        connection.execute(delete(links).where(over))
        row = connection.execute(select(chats.c.id).where(is_at(self.chat))).scalar()
        if row is None:
            return False
        made = insert(connection, links).values(
            chat_id=row, digest=self.digest, expires_at=self.expires_at
        )
        connection.execute(made.on_conflict_do_nothing())
        return True


def go_on(
    chat: ChatWork,
    digests: Collection[str],
    *,
    serves: bool,
    notice: Callable[[str | None], Sequence[Draft]],
) -> int | None:
    """Press a link in this chat: it talks to that company from now on, and knows what was said.

    The result is the company; None: the link was pressed before, or it is over, or the bot does
    not speak for that company. `notice`: what is said, in a language, in the chat that was left;
    `serves`: whether this process does that.
    """
    connection = chat.connection
    good = and_(
        links.c.digest.in_(digests), links.c.thread_id.is_(None), links.c.expires_at > chat.now
    )
    link = connection.execute(
        select(links.c.id, links.c.chat_id, tenants.c.id.label("tenant"), *ADDRESS, SPOKEN)
        .join(chats, chats.c.id == links.c.chat_id)
        .join(bots, bots.c.id == chats.c.bot_id)
        .join(tenants, (tenants.c.id == bots.c.tenant_id) & IS_SERVED)
        .where(good)
        .with_for_update(of=links)
    ).first()
    if link is None or not _speaks_for(connection, chat.chat, link.tenant):
        return None
    chat.switch(link.tenant)
    here = connection.execute(select(chats.c.thread_id).where(chats.c.id == chat.chat)).scalar_one()
    source = connection.execute(
        select(threads.c.id)
        .where(threads.c.chat_id == link.chat_id, threads.c.closed_at.is_(None))
        .where(threads.c.tenant_id == link.tenant, threads.c.assistant == PUBLIC)
        .where(threads.c.purpose == Purpose.CLIENT)
    ).scalar()
    pressed = {"thread_id": here, "source_id": source, "until_id": chat.update}
    connection.execute(update(links).where(links.c.id == link.id).values(**pressed))
    _leave_conversation(connection, here, now=chat.now)
    left = Reachable(link.chat_id, address_of(link), link.language)
    mine = [left.address.bot_id] if serves else ()
    said = notice(left.language)
    rows = write_to(connection, left, said, owner=chat.owner, bots=mine, now=chat.now)
    chat.told.extend(rows if serves else ())
    return int(link.tenant)


def _speaks_for(connection: Connection, chat: int, tenant: int) -> bool:
    """Whether the bot of a chat leads to a company."""
    its = select(bots.c.id).join(chats, chats.c.bot_id == bots.c.id).where(chats.c.id == chat)
    return connection.execute(its.where(speaks_for(literal(tenant)))).first() is not None


def _leave_conversation(connection: Connection, thread: int, *, now: float) -> None:
    """The next turn of a thread begins another, filled with what there is by then."""
    mine = threads.c.id == thread
    held = connection.execute(select(threads.c.conversation_id).where(mine)).scalar()
    if held is not None:
        left = {"conversation_id": held, "not_before": now + LEFT_SECONDS}
        connection.execute(insert(connection, erasures).values(**left).on_conflict_do_nothing())
    connection.execute(
        update(threads)
        .where(mine)
        .values(
            conversation_id=None,
            last_item_id=None,
            conversation_at=func.coalesce(threads.c.conversation_at, now),
        )
    )


def is_being_answered(connection: Connection, *, thread: int) -> bool:
    """Whether something is, that was said before a thread went on from there."""
    before = (links.c.thread_id == thread) & (updates.c.thread_id == links.c.source_id)
    before &= updates.c.id < links.c.until_id
    waits = (updates.c.state == UpdateState.ACCEPTED) & updates.c.kind.in_(TO_THE_MODEL)
    answered = exists().where(turns.c.id == updates.c.turn_id, turns.c.state == TurnState.OPEN)
    found = select(updates.c.id).join(links, before).where(waits | answered).limit(1)
    return connection.execute(found).first() is not None
