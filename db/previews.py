"""Into a preview and back: whom a chat talked to before an admin tried the draft there."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.chats import ChatWork
from db.models import bots, chats, tenants, threads, updates
from db.records import PUBLIC, Purpose
from db.rows import EXISTS
from db.transaction import OneByOne


def enter(chat: ChatWork, tenant: int, assistant: str = PUBLIC) -> None:
    """Talk to the tenant's draft, in a scratch thread that begins empty."""
    if not chat.switch(tenant, assistant=assistant, purpose=Purpose.PREVIEW):
        chat.start_over()


def leave(chat: ChatWork) -> bool:
    """Go on where the chat was before; False when it is in no preview."""
    if chat.current().purpose is not Purpose.PREVIEW:
        return False
    before = chat.connection.execute(
        select(threads.c.tenant_id, threads.c.assistant)
        .join(updates, updates.c.thread_id == threads.c.id)
        .join(tenants, (tenants.c.id == threads.c.tenant_id) & EXISTS)
        .where(updates.c.chat_id == chat.chat, threads.c.purpose == Purpose.CLIENT)
        .order_by(updates.c.id.desc())
        .limit(1)
    ).first()
    if before:
        chat.switch(before.tenant_id, assistant=before.assistant)
    else:
        chat.switch(_home(chat), assistant=PUBLIC)
    return True


def _home(chat: ChatWork) -> int:
    """The tenant of the chat's bot."""
    own = select(bots.c.tenant_id).join(chats, chats.c.bot_id == bots.c.id)
    return int(chat.connection.execute(own.where(chats.c.id == chat.chat)).scalar_one())


@dataclass(frozen=True, slots=True)
class LeavePreview(OneByOne[None]):
    """Whoever writes in this chat may no longer try drafts: it goes on where it was before."""

    chat: int
    now: float

    def carry_out(self, connection: Connection) -> None:
        locked = select(chats.c.id).where(chats.c.id == self.chat)
        connection.execute(locked.with_for_update(key_share=True))
        leave(ChatWork(connection, chat=self.chat, now=self.now))
