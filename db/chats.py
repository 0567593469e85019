"""What an event may do to its chat, inside its own transaction."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, exists, func, select, update

from db.models import chats, constant, erasures, outbox, threads, turns, updates
from db.operations.rows import insert
from db.records import OutboxState, TurnState, UpdateKind, UpdateState

FORGOTTEN = "forgotten"
SAID = (UpdateKind.MESSAGE, UpdateKind.EDIT)


@dataclass(frozen=True, slots=True)
class ChatWork:
    """A chat under the writer's hand. Every method may be called again without harm."""

    connection: Connection
    chat: int
    now: float
    update: int | None = None  # the row of the event at work

    def start_over(self) -> None:
        """A new thread; messages that wait are still answered on the old one, at once."""
        current = self._current()
        self.connection.execute(
            update(threads).where(threads.c.id == current.id).values(closed_at=self.now)
        )
        opened = self.connection.execute(
            insert(self.connection, threads)
            .values(
                chat_id=self.chat,
                tenant_id=current.tenant_id,
                assistant=current.assistant,
                purpose=current.purpose,
                created_at=self.now,
            )
            .returning(threads.c.id)
        ).scalar_one()
        self._set(thread_id=opened)
        self.connection.execute(
            update(chats)
            .where(chats.c.id == self.chat, chats.c.due_at.is_not(None))
            .values(due_at=self.now)
        )

    def introduce(self) -> None:
        """Record that the client was told that an AI answers."""
        self._set(introduced_at=self.now)

    def close(self) -> None:
        """The client blocked the bot or removed it: nothing is due until a new message."""
        self._set(closed_at=self.now, due_at=None, first_at=None)

    def reopen(self) -> None:
        """The client let the bot in again."""
        self._set(closed_at=None)

    def move(self, telegram_chat: int) -> None:
        """The group became a supergroup: same thread, new address.

        The supergroup's first updates come along with the news, so it may have a row already.
        The two then change places and what waits there moves over, unless it had a turn there.
        """
        bot = select(chats.c.bot_id).where(chats.c.id == self.chat).scalar_subquery()
        there = self.connection.execute(
            select(chats.c.id, exists().where(turns.c.chat_id == chats.c.id).label("answered"))
            .where(chats.c.bot_id == bot, chats.c.chat_id == telegram_chat, chats.c.topic_id == 0)
            .where(chats.c.id != self.chat)
        ).first()
        if there is None:
            self._set(chat_id=telegram_chat)
        elif not there.answered:
            self._change_places(there.id, telegram_chat)

    def is_first_of_album(self, album: str) -> bool:
        """Whether no other update of this album was handled before."""
        handled = (
            select(func.count())
            .select_from(updates)
            .where(
                updates.c.chat_id == self.chat,
                updates.c.album == album,
                updates.c.state == UpdateState.DONE,
            )
        )
        return not self.connection.execute(handled).scalar()

    def forget(self) -> None:
        """Erase what was said, here at once and at OpenAI by the queue of erasures."""
        self.start_over()
        self._stop_turn()
        self._queue_erasures()
        self._erase_texts()
        self._set(due_at=None, first_at=None, introduced_at=None)

    def _change_places(self, other: int, telegram_chat: int) -> None:
        mine = self.connection.execute(select(chats).where(chats.c.id == self.chat)).one()
        its = self.connection.execute(select(chats).where(chats.c.id == other)).one()
        aside = replace(self, chat=other)
        aside._set(topic_id=-other, due_at=None, first_at=None)
        self._set(
            chat_id=telegram_chat,
            first_at=min_known(mine.first_at, its.first_at),
            due_at=min_known(mine.due_at, its.due_at),
        )
        aside._set(chat_id=mine.chat_id, topic_id=0)
        self.connection.execute(
            update(updates)
            .where(updates.c.chat_id == other, updates.c.state == constant(UpdateState.ACCEPTED))
            .where(updates.c.kind.in_(SAID))
            .values(chat_id=self.chat, thread_id=mine.thread_id)
        )

    def _current(self) -> "_Current":
        row = self.connection.execute(
            select(threads.c.id, threads.c.tenant_id, threads.c.assistant, threads.c.purpose)
            .join(chats, chats.c.thread_id == threads.c.id)
            .where(chats.c.id == self.chat)
        ).one()
        return _Current(row.id, row.tenant_id, row.assistant, row.purpose)

    def _set(self, **values: object) -> None:
        self.connection.execute(update(chats).where(chats.c.id == self.chat).values(**values))

    def _stop_turn(self) -> None:
        open_turn = (turns.c.chat_id == self.chat) & (turns.c.state == TurnState.OPEN)
        self.connection.execute(
            update(turns)
            .where(open_turn)
            .values(state=TurnState.FAILED, cause=FORGOTTEN, done_at=self.now)
        )

    def _queue_erasures(self) -> None:
        old = (threads.c.chat_id == self.chat) & threads.c.conversation_id.is_not(None)
        found = self.connection.execute(select(threads.c.conversation_id).where(old)).scalars()
        rows = [{"conversation_id": one, "not_before": self.now} for one in found]
        if rows:
            self.connection.execute(
                insert(self.connection, erasures).on_conflict_do_nothing(), rows
            )
        self.connection.execute(
            update(threads).where(old).values(conversation_id=None, last_item_id=None)
        )

    def _erase_texts(self) -> None:
        self.connection.execute(
            update(updates)
            .where(updates.c.chat_id == self.chat)
            .where((updates.c.state != UpdateState.ACCEPTED) | (updates.c.id == self.update))
            .values(payload="{}")
        )
        # Messages that still waited for a turn are part of what is to be forgotten.
        self.connection.execute(
            update(updates)
            .where(updates.c.chat_id == self.chat, updates.c.kind.in_(SAID))
            .values(payload="{}", state=UpdateState.DONE)
        )
        # One that is being sent is recorded as sent when it arrives; it is never sent again.
        unsent = outbox.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DOUBT))
        mine = outbox.c.chat_id == self.chat
        self.connection.execute(
            update(outbox).where(mine, unsent).values(state=OutboxState.FAILED, cause=FORGOTTEN)
        )
        self.connection.execute(
            update(outbox).where(mine).values(text="", entities=None, markup=None)
        )


def min_known(*times: float | None) -> float | None:
    """The earliest of the times that are known."""
    return min((time for time in times if time is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Current:
    id: int
    tenant_id: int
    assistant: str
    purpose: str
