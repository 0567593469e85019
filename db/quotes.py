"""Messages to a company's people that show what clients said in other chats."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from db.ids import as_number
from db.models import bots, chats, outbox, quotes, talks, threads
from db.records import COPY_PLACE, Address, Draft, OutboxKind, OutboxState
from db.rows import draft_values, insert, is_at, keep_talks
from db.transaction import OneByOne

AT_ONCE: Final = 0.0  # a moment that is over
SOMETHING: Final = " "  # in the place of words that stand at Telegram alone
# A copy goes by itself, while Telegram still lets a message be deleted: for 48 hours.
COPY_SECONDS: Final = 47 * 3600.0


def note_quotes(
    connection: Connection, rows: Collection[int], quoted: Collection[int], *, read_at: float
) -> None:
    """Messages of ours, by their rows, show what was said in these chats: /forget finds them.

    What was forgotten since it was read, at `read_at`, is not to be shown for long.
    """
    if not (rows and quoted):
        return
    keep_talks(connection, talks.c.chat_id.in_(quoted))
    values = [{"outbox_id": row, "chat_id": chat} for row in rows for chat in quoted]
    connection.execute(insert(connection, quotes).on_conflict_do_nothing(), values)
    mine = quotes.c.outbox_id.in_(rows) & quotes.c.chat_id.in_(quoted)
    connection.execute(update(quotes).where(mine, _forgotten(read_at)).values(rewrite_at=AT_ONCE))


def _forgotten(since: float) -> ColumnElement[bool]:
    """Whether the quoted chat was: that closes its thread, and leaves it no conversation."""
    its = (threads.c.chat_id == quotes.c.chat_id) & threads.c.conversation_id.is_(None)
    return exists().where(its, threads.c.closed_at >= since)


def note_shown(
    connection: Connection, chat: int, message_id: str, quoted: Collection[int], *, read_at: float
) -> None:
    """A message of ours shows these chats from now on, as well as it has shown others."""
    mine = (outbox.c.chat_id == chat) & (outbox.c.message_id == as_number(message_id))
    rows = list(connection.execute(select(outbox.c.id).where(mine)).scalars())
    note_quotes(connection, rows, quoted, read_at=read_at)
    # It has words again, if it was emptied: else nobody would see that they grow old.
    connection.execute(update(outbox).where(mine, outbox.c.text == "").values(text=SOMETHING))


def was_forgotten(
    connection: Connection, address: Address, message_id: str, *, since: float
) -> bool:
    """Whether a chat was, since then, that this message of ours shows."""
    mine = is_at(address) & (outbox.c.message_id == as_number(message_id))
    shown = quotes.join(outbox, outbox.c.id == quotes.c.outbox_id)
    found = select(quotes.c.id).select_from(shown.join(chats, chats.c.id == outbox.c.chat_id))
    return connection.execute(found.where(mine, _forgotten(since)).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class KeepCopy(OneByOne[None]):
    """A message of ours at `address` is a copy of what was said in the chat `quoted`."""

    address: Address
    message_id: str
    quoted: int
    now: float

    def carry_out(self, connection: Connection) -> None:
        chat = connection.execute(select(chats.c.id).where(is_at(self.address))).scalar_one()
        there = (outbox.c.chat_id == chat) & (outbox.c.message_id == as_number(self.message_id))
        if connection.execute(select(exists().where(there))).scalar():
            return
        shown = Draft(OutboxKind.NOTICE, COPY_PLACE, SOMETHING)
        values = draft_values(shown, chat=chat, owner=None, turn=None, update=None, now=self.now)
        values |= {"state": OutboxState.SENT, "sent_at": self.now}
        values["message_id"] = as_number(self.message_id)
        add = insert(connection, outbox).values(**values).returning(outbox.c.id)
        row = int(connection.execute(add).scalar_one())
        note_quotes(connection, [row], [self.quoted], read_at=self.now)
        goes = update(quotes).where(quotes.c.outbox_id == row, quotes.c.rewrite_at.is_(None))
        connection.execute(goes.values(rewrite_at=self.now + COPY_SECONDS))


def count_out_of_reach(connection: Connection, quoted: int) -> int:
    """Messages that show words of this chat, and can no longer be changed: nobody lets us in."""
    gone = (chats.c.closed_at, bots.c.removed_at, bots.c.refused_at)
    found = connection.execute(
        select(func.count(quotes.c.outbox_id.distinct()))
        .join(outbox, outbox.c.id == quotes.c.outbox_id)
        .join(chats, chats.c.id == outbox.c.chat_id)
        .join(bots, bots.c.id == chats.c.bot_id)
        .where(quotes.c.chat_id == quoted, or_(*(since.is_not(None) for since in gone)))
        .where(outbox.c.message_id.is_not(None), outbox.c.text != "")
    )
    return int(found.scalar_one())
