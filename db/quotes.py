"""Messages to a company's people that show what clients said in other chats."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from db.ids import as_number
from db.models import bots, chats, outbox, quotes, talks, threads
from db.records import Address, Draft, OutboxKind, OutboxState
from db.rows import draft_values, insert, is_at, keep_talks
from db.transaction import OneByOne

AT_ONCE: Final = 0.0  # a moment that is over
# The position of a client's message, shown once more to one of the company's people.
COPY_PLACE: Final = -2
SOMETHING: Final = " "  # in the place of words that stand at Telegram alone
# While Telegram lets a message be deleted; a copy goes by itself before that.
DELETABLE_SECONDS: Final = 48 * 3600.0
COPY_SECONDS: Final = DELETABLE_SECONDS - 3600.0
REFUSED: Final = "cannot be changed"


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


def intend_copy(
    connection: Connection, chat: int, *, update_row: int | None, quoted: int, now: float
) -> int:
    """A message of the chat `quoted` is about to be copied to `chat`; the row of the copy.

    Until its id is known, /forget counts it among what cannot be changed.
    """
    shown = Draft(OutboxKind.NOTICE, COPY_PLACE, SOMETHING)
    values = draft_values(shown, chat=chat, owner=None, turn=None, update=update_row, now=now)
    values |= {"state": OutboxState.SENT, "sent_at": now}
    add = insert(connection, outbox).values(**values).returning(outbox.c.id)
    row = int(connection.execute(add).scalar_one())
    note_quotes(connection, [row], [quoted], read_at=now)
    goes = update(quotes).where(quotes.c.outbox_id == row, quotes.c.rewrite_at.is_(None))
    connection.execute(goes.values(rewrite_at=now + COPY_SECONDS))
    return row


@dataclass(frozen=True, slots=True)
class KeepCopy(OneByOne[None]):
    """A copy has this id; None: it was refused, and there is none.

    What was forgotten while it was on its way is taken away at once.
    """

    row: int
    message_id: str | None

    def carry_out(self, connection: Connection) -> None:
        mine = outbox.c.id == self.row
        if self.message_id is None:
            connection.execute(update(outbox).where(mine).values(text=""))
            return
        emptied = select(outbox.c.id).where(mine, outbox.c.text == "").scalar_subquery()
        late = update(quotes).where(quotes.c.outbox_id == emptied).values(rewrite_at=AT_ONCE)
        connection.execute(late)
        known = {"message_id": as_number(self.message_id), "text": SOMETHING}
        connection.execute(update(outbox).where(mine, outbox.c.message_id.is_(None)).values(known))


def count_out_of_reach(connection: Connection, quoted: int, *, now: float) -> int:
    """Messages that show words of this chat, and can no longer be changed.

    Nobody lets us in, or Telegram refused once; or it is a copy that is too old, or whose id
    nobody knows, since the process died while it was made.
    """
    away = (chats.c.closed_at, bots.c.removed_at, bots.c.refused_at)
    unreachable = or_(*(since.is_not(None) for since in away)) & outbox.c.message_id.is_not(None)
    too_old = outbox.c.message_id.is_(None) | (outbox.c.sent_at < now - DELETABLE_SECONDS)
    lost = (outbox.c.position == COPY_PLACE) & (outbox.c.state == OutboxState.SENT) & too_old
    refused = outbox.c.cause == REFUSED
    found = connection.execute(
        select(func.count(quotes.c.outbox_id.distinct()))
        .join(outbox, outbox.c.id == quotes.c.outbox_id)
        .join(chats, chats.c.id == outbox.c.chat_id)
        .join(bots, bots.c.id == chats.c.bot_id)
        .where(quotes.c.chat_id == quoted)
        .where(refused | ((unreachable | lost) & (outbox.c.text != "")))
    )
    return int(found.scalar_one())
