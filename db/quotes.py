"""Messages to a company's people that show what clients said in other chats."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, exists, func, or_, select, update

from db.ids import as_number
from db.models import bots, chats, outbox, quotes, talks
from db.records import COPY_PLACE, Address, Draft, OutboxKind, OutboxState
from db.rows import draft_values, insert, is_at, keep_talks
from db.transaction import OneByOne

AT_ONCE: Final = 0.0  # a moment that is over
# A copy goes by itself, while Telegram still lets a message be deleted: for 48 hours.
COPY_SECONDS: Final = 47 * 3600.0


def note_quotes(connection: Connection, rows: Collection[int], quoted: Collection[int]) -> None:
    """Messages of ours, by their rows, show what was said in these chats: /forget finds them.

    What was forgotten since it was read is not to be shown for long.
    """
    if not (rows and quoted):
        return
    keep_talks(connection, talks.c.chat_id.in_(quoted))
    values = [{"outbox_id": row, "chat_id": chat} for row in rows for chat in quoted]
    connection.execute(insert(connection, quotes).on_conflict_do_nothing(), values)
    its = talks.c.chat_id == quotes.c.chat_id
    mine = quotes.c.outbox_id.in_(rows) & quotes.c.chat_id.in_(quoted)
    gone = exists().where(its, talks.c.name == "") & ~exists().where(its, talks.c.name != "")
    connection.execute(update(quotes).where(mine, gone).values(rewrite_at=AT_ONCE))


def note_shown(connection: Connection, chat: int, message_id: str, quoted: Collection[int]) -> None:
    """A message of ours shows these chats from now on, as well as it has shown others."""
    mine = (outbox.c.chat_id == chat) & (outbox.c.message_id == as_number(message_id))
    rows = list(connection.execute(select(outbox.c.id).where(mine)).scalars())
    note_quotes(connection, rows, quoted)


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
        shown = Draft(OutboxKind.NOTICE, COPY_PLACE, " ")
        values = draft_values(shown, chat=chat, owner=None, turn=None, update=None, now=self.now)
        values |= {"state": OutboxState.SENT, "sent_at": self.now}
        values["message_id"] = as_number(self.message_id)
        add = insert(connection, outbox).values(**values).returning(outbox.c.id)
        row = int(connection.execute(add).scalar_one())
        note_quotes(connection, [row], [self.quoted])
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
