"""Messages to a company's people that show what clients said in other chats."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, exists, select, update

from db.ids import as_number
from db.models import outbox, quotes, talks
from db.rows import insert, keep_talks

AT_ONCE: Final = 0.0  # a moment that is over


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
