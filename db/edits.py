"""Which edits of messages are heard.

Of a message that waits for its turn, or a correction, each: it takes the place of that. Afterwards
one is a correction, if it comes in time and says something else in the thread that the chat is
still in. And words that are added to what had none are a message, as are those of one that was not
said to the bot before.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, select, update

from db.ids import as_number
from db.models import chats, constant, updates
from db.records import TO_THE_MODEL, Address, Incoming, UpdateKind, UpdateState

CORRECTION_SECONDS: Final = 900.0  # from when a message was written to when it was edited
NO_WORDS: Final = "no words"  # the cause of an EVENT that may become a message once it has some
# Those of an update stored in a chat; None: it cannot be read any more.
Words = Callable[[Address, str], str | None]
_Row = Row[*tuple[Any, ...]]

_HEARD: Final = (UpdateState.ACCEPTED, UpdateState.CLAIMED, UpdateState.LEFT_OUT)
_STORED = (
    select(
        updates.c.id,
        updates.c.chat_id,
        updates.c.message_id,
        updates.c.thread_id,
        updates.c.kind,
        updates.c.state,
        updates.c.cause,
    )
    .where(
        updates.c.chat_id.in_(bindparam("chats", expanding=True)),
        updates.c.message_id.in_(bindparam("ids", expanding=True)),
        updates.c.kind.in_((*TO_THE_MODEL, UpdateKind.EVENT)),
    )
    .order_by(updates.c.id)
)
_PAYLOAD = select(updates.c.payload).where(updates.c.id == bindparam("row"))
_FINISH = update(updates).where(updates.c.id == bindparam("row")).values(state=UpdateState.DONE)
_HEAR = (
    update(updates)
    .where(updates.c.id == bindparam("row"))
    .values(kind=bindparam("new_kind"), thread_id=bindparam("thread"))
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One that was stored: its row, and its chat's, with the thread that this is in.

    `asked`: an admin is asked for something there, and a message without words may be the answer.
    """

    row: int
    chat: int
    address: Address
    thread: int
    asked: bool
    incoming: Incoming

    @property
    def in_time(self) -> bool:
        """Whether the message was written lately. What is not dated was not edited by anybody."""
        written, edited = self.incoming.written_at, self.incoming.edited_at
        return written is not None and edited is not None and edited - written <= CORRECTION_SECONDS


@dataclass(frozen=True, slots=True)
class Unheard:
    """Rows of edits that are not heard, some of them only `for_now`: see `hear_edits_of`."""

    rows: frozenset[int] = frozenset()
    for_now: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Edits:
    """Judges those that were accepted together."""

    connection: Connection
    words: Words

    def judge(self, edits: Sequence[Edit]) -> Unheard:
        """Finish those that are not heard."""
        stored, heard, late, for_now = self._stored(edits), [], set[int](), set[int]()
        for edit in sorted(edits, key=lambda one: one.row):
            of_it = stored[edit.chat, as_number(edit.incoming.message_id)]
            before = [row for row in of_it if row.id < edit.row and row.id not in late]
            if place := self._place(edit, before):
                heard.append({"row": edit.row, **place})
            else:
                late.add(edit.row)
                for_now |= {edit.row for row in before if _waits(row)}
        if heard:
            self.connection.execute(_HEAR, heard)
        if late:
            self.connection.execute(_FINISH, [{"row": row} for row in sorted(late)])
        return Unheard(frozenset(late), frozenset(for_now))

    def _stored(self, edits: Sequence[Edit]) -> dict[tuple[int, int | None], list[_Row]]:
        """What is known of each message that is edited, oldest first, by chat and number."""
        found: dict[tuple[int, int | None], list[_Row]] = defaultdict(list)
        ids = {as_number(one.incoming.message_id) for one in edits} - {None}
        chats = {one.chat for one in edits}
        for row in self.connection.execute(_STORED, {"chats": [*chats], "ids": [*ids]}):
            found[row.chat_id, row.message_id].append(row)
        return found

    def _place(self, edit: Edit, before: Sequence[_Row]) -> dict[str, object] | None:
        """As what it is heard, and in which thread; None: it is not."""
        said = [row for row in before if row.kind in TO_THE_MODEL and row.state in _HEARD]
        if said and (_waits(said[0]) or self._corrects(edit, said[-1])):
            return {"new_kind": UpdateKind.EDIT, "thread": said[-1].thread_id}
        is_new = edit.in_time if not before else any(self._had_no_words(edit, r) for r in before)
        if not said and is_new:
            return {"new_kind": UpdateKind.MESSAGE, "thread": edit.thread}
        return None

    def _corrects(self, edit: Edit, last: _Row) -> bool:
        if not (_waits(last) or (edit.in_time and last.thread_id == edit.thread)):
            return False
        known = self._words_of(edit, last)
        now = self.words(edit.address, edit.incoming.payload)
        return known is not None and known != now

    def _had_no_words(self, edit: Edit, row: _Row) -> bool:
        open_to_words = row.cause == NO_WORDS or (_waits(row) and not edit.asked)
        is_here = row.kind == UpdateKind.EVENT and row.thread_id == edit.thread
        return is_here and open_to_words and self._words_of(edit, row) == ""

    def _words_of(self, edit: Edit, row: _Row) -> str | None:
        payload = self.connection.execute(_PAYLOAD, {"row": row.id}).scalar_one()
        return self.words(edit.address, payload)


def _waits(row: _Row) -> bool:
    return bool(row.state == UpdateState.ACCEPTED)


def note_no_words(connection: Connection, event: int) -> bool:
    """Words that are added to this event from now on are a message; whether none were so far.

    They belong to the thread in which the chat is now, as long as it stays there.
    """
    mine = updates.c.id == event
    now_in = select(chats.c.thread_id).where(chats.c.id == updates.c.chat_id).scalar_subquery()
    connection.execute(update(updates).where(mine).values(cause=NO_WORDS, thread_id=now_in))
    same = updates.alias()
    words = exists().where(
        same.c.chat_id == updates.c.chat_id,
        same.c.message_id == updates.c.message_id,
        same.c.kind == UpdateKind.MESSAGE,
    )
    return not connection.execute(select(words).where(mine)).scalar()


def hear_edits_of(connection: Connection, event: int) -> None:
    """The event has become a message that waits: edits of it that came before it had count."""
    now_on = select(updates.c.chat_id, updates.c.message_id, updates.c.thread_id)
    of_it = connection.execute(now_on.where(updates.c.id == event)).one()
    connection.execute(
        update(updates)
        .where(updates.c.chat_id == of_it.chat_id, updates.c.message_id == of_it.message_id)
        .where(updates.c.id > event, updates.c.kind == UpdateKind.EDIT)
        .where(updates.c.state == UpdateState.DONE)
        .values(state=UpdateState.ACCEPTED, thread_id=of_it.thread_id)
    )


def of_what_waits(chat: int, event: int) -> ColumnElement[bool]:
    """Versions of a message that has waited for its turn since before the event."""
    earlier = updates.alias()
    return exists().where(
        earlier.c.chat_id == chat,
        earlier.c.message_id == updates.c.message_id,
        earlier.c.kind.in_(TO_THE_MODEL),
        earlier.c.state == UpdateState.ACCEPTED,
        earlier.c.id < event,
    )


def finish_edits_of_before(connection: Connection, chat: int, event: int) -> None:
    """What was answered before the event, which the chat leaves, is not corrected any more."""
    later = updates.alias()
    of_later = exists().where(
        later.c.chat_id == chat,
        later.c.message_id == updates.c.message_id,
        later.c.kind == UpdateKind.MESSAGE,
        later.c.id > event,
    )
    connection.execute(
        update(updates)
        .where(updates.c.state == constant(UpdateState.ACCEPTED), updates.c.chat_id == chat)
        .where(updates.c.kind == UpdateKind.EDIT, updates.c.id > event)
        .where(~of_later, ~of_what_waits(chat, event))
        .values(state=UpdateState.DONE)
    )
