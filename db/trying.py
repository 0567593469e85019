"""What somebody tries in a chat while it goes on: noted, so that no end of a process hides it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select, update

from db.chats import ChatWork
from db.languages import SPOKEN
from db.models import chats
from db.records import Draft, OutboxRow
from db.rows import ADDRESS, address_of, insert_drafts
from db.transaction import OneByOne


def begin_trying(chat: ChatWork, again: str) -> None:
    """Answers are awaited in this chat; `again`: the press that would ask for them anew."""
    mine = chats.c.id == chat.chat
    chat.connection.execute(update(chats).where(mine).values(trying=again))


@dataclass(frozen=True, slots=True)
class EndTrying(OneByOne[None]):
    """What was tried in a chat is said."""

    chat: int

    def carry_out(self, connection: Connection) -> None:
        connection.execute(update(chats).where(chats.c.id == self.chat).values(trying=None))


@dataclass(frozen=True, slots=True)
class BreakOff(OneByOne[tuple[OutboxRow, ...]]):
    """Say in these bots' chats that what is tried there has no end; but not in those `at_it`.

    `drafts_in_commit`: the words, for a press that asks anew and the language of the chat.
    """

    bots: Collection[int]
    at_it: Collection[int]  # chats in which this process awaits the answers
    owner: str
    now: float
    drafts_in_commit: Callable[[str, str | None], Sequence[Draft]]

    def carry_out(self, connection: Connection) -> tuple[OutboxRow, ...]:
        broken = chats.c.trying.is_not(None) & chats.c.bot_id.in_(self.bots)
        found = connection.execute(
            select(chats.c.id, chats.c.trying, *ADDRESS, SPOKEN)
            .where(broken, chats.c.id.not_in(self.at_it))
            .order_by(chats.c.id)
            .with_for_update(key_share=True)
        ).all()
        rows: list[OutboxRow] = []
        for row in found:
            said = self.drafts_in_commit(row.trying, row.language)
            new = insert_drafts(connection, said, chat=row.id, owner=self.owner, now=self.now)
            rows += (replace(one, address=address_of(row)) for one in new)
        over = chats.c.id.in_([row.id for row in found])
        connection.execute(update(chats).where(over).values(trying=None))
        return tuple(rows)
