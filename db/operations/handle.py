"""H: an event's effect, its answers and "done" in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Text, bindparam, func, select, update

from db.chats import ChatWork
from db.models import chats, outbox, updates
from db.quotes import note_quotes
from db.records import Draft, Event, OutboxKind, OutboxRow, UpdateKind, UpdateState
from db.rows import UNSETTLED, insert_drafts
from db.secrets import empty
from db.transaction import OneByOne
from db.window import Window

_OPEN = (
    select(updates.c.id)
    .where(updates.c.id == bindparam("row"), updates.c.state == UpdateState.ACCEPTED)
    .where(updates.c.kind == UpdateKind.EVENT)  # it may have become a message that waits
    .with_for_update(key_share=True)
)
_DONE = (
    update(updates)
    .where(updates.c.id == bindparam("row"), updates.c.kind == UpdateKind.EVENT)
    .values(
        state=bindparam("new_state"),
        cause=func.coalesce(bindparam("why", type_=Text), updates.c.cause),
    )
)
_FLOOD = 5  # answers that wait to be sent; one that waits already is then not added again
_MOST = 20  # none is added any more, whatever it says
_WAITING = select(outbox.c.text, outbox.c.markup).where(
    UNSETTLED, outbox.c.chat_id == bindparam("chat"), outbox.c.kind == OutboxKind.COMMAND
)
_CHAT = select(chats.c.due_at).where(chats.c.id == bindparam("row"))
_LOCKED_CHAT = _CHAT.with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class Handled:
    """`fresh` is False when the event was handled before; then nothing was done.

    `stopped`: the turns of which the client wants no more.
    """

    fresh: bool
    rows: tuple[OutboxRow, ...] = ()
    due: float | None = None
    stopped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Handle(OneByOne[Handled]):
    """Do an event's work once. With a `cause` the update is kept as failed."""

    event: Event
    owner: str
    now: float
    work_in_commit: Callable[[ChatWork], Sequence[Draft]] = lambda _: ()
    cause: str | None = None
    window: Window = field(default_factory=Window)

    def carry_out(self, connection: Connection) -> Handled:
        row = self.event.row
        if connection.execute(_OPEN, {"row": row}).first() is None:
            return Handled(fresh=False)
        handled = self._do(connection)
        empty(connection, row)
        state = UpdateState.FAILED if self.cause else UpdateState.DONE
        connection.execute(_DONE, {"row": row, "new_state": state, "why": self.cause})
        return handled

    def _do(self, connection: Connection) -> Handled:
        if self.event.chat is None:
            return Handled(fresh=True)
        chat = self.event.chat
        connection.execute(_LOCKED_CHAT, {"row": chat})
        work = ChatWork(
            connection,
            chat=chat,
            now=self.now,
            update=self.event.row,
            owner=self.owner,
            window=self.window,
        )
        drafts = self._worth_saying(work, self.work_in_commit(work))
        rows = insert_drafts(
            connection, drafts, chat=chat, owner=self.owner, update=self.event.row, now=self.now
        )
        shown = [row.row for row in rows]
        for read_at, quoted in work.quoted.items():
            note_quotes(connection, shown, quoted, read_at=read_at)
        due = connection.execute(_CHAT, {"row": chat}).scalar()
        return Handled(fresh=True, rows=(*rows, *work.told), due=due, stopped=tuple(work.stopped))

    def _worth_saying(self, work: ChatWork, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """Where the chat is flooded, what does not wait there already, up to a limit."""
        if not drafts:
            return ()
        found = work.connection.execute(_WAITING, {"chat": work.chat})
        waiting = [tuple(row) for row in found]
        if len(waiting) >= _MOST:
            work.introduce_anew()  # perhaps what is not said told that an AI answers
            return [one for one in drafts if one.kind is not OutboxKind.COMMAND]
        said_again = {(one.text, one.markup) for one in drafts} <= {*waiting}
        return () if said_again and len(waiting) >= _FLOOD else drafts
