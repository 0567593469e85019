"""What an event may do to its chat, inside its own transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, Connection, exists, false, select, update

from db.edits import finish_edits_of_before, hear_edits_of, note_no_words, of_what_waits
from db.errors import Gone
from db.facts import Fact, keep_fact
from db.forgetting import forget_chat, leave_unanswered
from db.groups import move_group
from db.haste import opens_at
from db.ids import as_number, text_beside
from db.models import chats, constant, tenants, threads, turns, updates
from db.quotes import intend_copy, note_shown
from db.reach import reachable, write_to
from db.records import (
    PUBLIC,
    TELEGRAM,
    TO_THE_MODEL,
    Address,
    Draft,
    OutboxRow,
    Purpose,
    UpdateKind,
    UpdateState,
)
from db.rows import EXISTS, NOT_INTRODUCED, insert, is_at
from db.stopping import leave_waiting, stop_turn
from db.transaction import Transaction
from db.window import Window


@dataclass(frozen=True, slots=True)
class Current:
    """Whom a chat talks to."""

    tenant: int
    assistant: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ChatWork(Transaction):
    """A chat under the writer's hand. Every method may be called again without harm."""

    chat: int
    now: float
    update: int | None = None  # the row of the event at work
    owner: str | None = None  # the process at work
    window: Window = field(default_factory=Window)
    told: list[OutboxRow] = field(default_factory=list)  # what others are told, as written down
    stopped: list[int] = field(default_factory=list)  # turns of which nothing more is wanted
    # chats whose words are in the answers, by when those were read
    quoted: dict[float, set[int]] = field(default_factory=dict)

    def start_over(self) -> None:
        """A new thread; messages that came before are still answered on the old one, at once."""
        now_on = self.current()
        mine = chats.c.id == self.chat
        old = select(chats.c.thread_id).where(mine).scalar_subquery()
        self.connection.execute(
            update(threads).where(threads.c.id == old).values(closed_at=self.now)
        )
        self._go_on_in(self._open_thread(now_on))

    def switch(
        self, tenant: int, *, assistant: str = PUBLIC, purpose: Purpose = Purpose.CLIENT
    ) -> bool:
        """Go on in the thread of another tenant, assistant or purpose; True when it is new.

        Messages that came before are still answered on the old one, at once. Raises Gone.
        """
        wanted = Current(tenant, assistant, purpose)
        if wanted == self.current():
            return False
        self.keep(tenant)
        known = self.connection.execute(
            select(threads.c.id).where(
                threads.c.chat_id == self.chat,
                threads.c.tenant_id == tenant,
                threads.c.assistant == assistant,
                threads.c.purpose == purpose,
                threads.c.closed_at.is_(None),
            )
        ).scalar()
        self._go_on_in(known or self._open_thread(wanted))
        return known is None

    def keep(self, tenant: int) -> None:
        """Let nobody delete a tenant before the commit. Raises Gone when somebody has done so."""
        stored = select(tenants.c.id).where(tenants.c.id == tenant, EXISTS)
        if not self.connection.execute(stored.with_for_update(read=True, key_share=True)).first():
            raise Gone(tenant)

    def current(self) -> "Current":
        """Whom the chat talks to now."""
        row = self.connection.execute(
            select(threads.c.tenant_id, threads.c.assistant, threads.c.purpose)
            .join(chats, chats.c.thread_id == threads.c.id)
            .where(chats.c.id == self.chat)
        ).one()
        return Current(row.tenant_id, row.assistant, Purpose(row.purpose))

    def tell(self, users: Collection[int], words: Callable[[str | None], Sequence[Draft]]) -> None:
        """Messages to other people, in their private chats; `words` gives them by language."""
        bot = select(chats.c.bot_id).where(chats.c.id == self.chat)
        bot_id = self.connection.execute(bot).scalar_one()
        for one in reachable(self.connection, users, bot_id=bot_id):
            said = words(one.language)
            rows = write_to(
                self.connection, one, said, owner=self.owner, bots=[bot_id], now=self.now
            )
            self.told.extend(rows if one.address.bot_id == bot_id else ())

    def quote(self, chats: Collection[int], *, read_at: float, on: str | None = None) -> None:
        """What is said in answer has other chats' words in it; or what a message, `on`, shows."""
        if on is None:
            self.quoted.setdefault(read_at, set()).update(chats)
        else:
            note_shown(self.connection, self.chat, on, chats, read_at=read_at)

    def copy_from(self, chat: int) -> int:
        """A message of another chat is about to be copied to this one; the row of the copy."""
        return intend_copy(
            self.connection, self.chat, update_row=self.update, quoted=chat, now=self.now
        )

    def store(self, payload: str) -> None:
        """The event at work is kept so, and not as it came."""
        mine = updates.c.id == self.update
        self.connection.execute(update(updates).where(mine).values(payload=payload))

    def asked(self) -> str | None:
        """What `ask` said last."""
        return self.connection.execute(select(chats.c.form).where(chats.c.id == self.chat)).scalar()

    def ask(self, form: str | None) -> None:
        """What comes next in this chat answers `form` (JSON) and is no part of a turn."""
        self._set(form=form)

    def speak(self, language: str | None) -> None:
        """Somebody chose the language spoken here; None is as Telegram tells it."""
        self._set(chosen_language=language)

    def chosen_language(self) -> str | None:
        """What `speak` was told last."""
        mine = select(chats.c.chosen_language).where(chats.c.id == self.chat)
        return self.connection.execute(mine).scalar()

    def ask_again(self, payload: str) -> None:
        """The event at work becomes a message of the current thread, and waits for its turn."""
        current = select(chats.c.thread_id).where(chats.c.id == self.chat).scalar_subquery()
        self.connection.execute(
            update(updates)
            .where(updates.c.id == self.update)
            .values(kind=UpdateKind.MESSAGE, payload=payload, thread_id=current)
        )
        if self.update is not None:
            hear_edits_of(self.connection, self.update)
        self._arm()

    def _arm(self) -> None:
        """As a message that comes now; but what is due, or is answered at once, stays so."""
        times = select(chats.c.first_at, chats.c.due_at).where(chats.c.id == self.chat)
        row = self.connection.execute(times).one()
        burst = self.window.burst(row.first_at, now=self.now, opens=self._opens_at())
        is_due = row.due_at is not None and row.due_at <= self.now
        self._set(first_at=burst.first, due_at=row.due_at if is_due else burst.due)

    def _opens_at(self) -> float:
        return opens_at(self.connection, self.chat, window=self.window, now=self.now)

    def _open_thread(self, of: "Current") -> int:
        return int(
            self.connection.execute(
                insert(self.connection, threads)
                .values(
                    chat_id=self.chat,
                    tenant_id=of.tenant,
                    assistant=of.assistant,
                    purpose=of.purpose,
                    created_at=self.now,
                )
                .returning(threads.c.id)
            ).scalar_one()
        )

    def _go_on_in(self, thread: int) -> None:
        self._set(thread_id=thread)
        if self.update is not None:
            finish_edits_of_before(self.connection, self.chat, self.update)
            # They may have been accepted together, and are pinned to the old thread then.
            self.connection.execute(
                update(updates)
                .where(self._waits(), self._is_later())
                .where(~of_what_waits(self.chat, self.update))
                .values(thread_id=thread)
            )
        left = exists().where(self._waits() & ~self._is_later())
        mine = select(chats.c.due_at).where(chats.c.id == self.chat, left)
        due = self.connection.execute(mine).scalar()
        if due is not None:
            self._set(due_at=min(due, max(self.now, self._opens_at())))

    def learn(self, fact: Fact) -> None:
        """Something is known of the client from now on, to the tenant that the chat talks to."""
        tenant = self.current().tenant
        keep_fact(self.connection, fact, chat=self.chat, tenant=tenant, now=self.now)

    def introduce(self) -> None:
        """Record that the client was told that an AI answers."""
        self._set(introduced_at=self.now)

    def introduce_anew(self) -> None:
        """The client is to be told, be it once more, that an AI answers."""
        self._set(**NOT_INTRODUCED)

    def close(self) -> None:
        """The client blocked the bot or removed it: nothing is due until a new message."""
        self._set(closed_at=self.now, due_at=None, first_at=None)

    def reopen(self) -> None:
        """The client let the bot in again."""
        self._set(closed_at=None)

    def move(self, to: str) -> None:
        """The group became a supergroup: same thread, new address.

        The supergroup's first updates come along with the news, so it may have a row already.
        The two then change places and what waits there moves over, unless it had a turn there.
        """
        new = as_number(to)
        bot = select(chats.c.bot_id).where(chats.c.id == self.chat).scalar_subquery()
        there = self.connection.execute(
            select(chats.c.id, exists().where(turns.c.chat_id == chats.c.id).label("answered"))
            .where(chats.c.bot_id == bot, chats.c.chat_id == new, chats.c.topic_id == 0)
            .where(chats.c.id != self.chat)
        ).first()
        mine = select(chats.c.chat_id).where(chats.c.id == self.chat, chats.c.channel == TELEGRAM)
        if (group := self.connection.execute(mine).scalar()) is not None:
            move_group(self.connection, group, new)
        if there is None:
            self._set(chat_id=new, chat_text=text_beside(to))
        elif not there.answered:
            self._change_places(there.id)

    def is_first_of_album(self, album: str) -> bool:
        """Whether the event is an album's first item, and no other is a message to be answered."""
        before = (updates.c.kind == UpdateKind.MESSAGE) | ~self._is_later()
        others = exists().where(
            updates.c.chat_id == self.chat,
            updates.c.album == album,
            updates.c.id != self.update,
            before,
        )
        return not self.connection.execute(select(others)).scalar()

    def lacks_words(self) -> bool:
        """Whether the event has none yet; if it gets some by an edit, they are a message."""
        return self.update is not None and note_no_words(self.connection, self.update)

    def is_first_press(self, message_id: str) -> bool:
        """Whether no button of this message was pressed before the event at work."""
        earlier = exists().where(
            updates.c.chat_id == self.chat,
            updates.c.pressed == as_number(message_id),
            updates.c.kind == UpdateKind.EVENT,
            updates.c.state == UpdateState.DONE,
        )
        return not self.connection.execute(select(earlier)).scalar()

    def stop(self) -> bool:
        """End what the client waits for; False: there was nothing of it.

        The turn under way does nothing more but finish what it is at, what the client was to
        confirm is declined, and what waits for a turn stays unanswered.
        """
        turn = stop_turn(self.connection, self.chat, self.now)
        left = leave_waiting(self.connection, self._waits() & ~self._is_later())
        if left and not self.connection.execute(select(exists().where(self._waits()))).scalar():
            self._set(due_at=None, first_at=None)
        self.stopped.extend([] if turn is None else [turn])
        return left or turn is not None

    def forget(self) -> int:
        """Erase what was said and is known, here at once and at OpenAI by the queue of erasures.

        What came after the event at work stays, and waits for its turn. The result is how many
        messages to people of the company keep words of it.
        """
        leave_unanswered(self.connection, self.chat, until=self.update)
        self.start_over()
        kept = forget_chat(self.connection, self.chat, at_work=self.update, now=self.now)
        self.introduce_anew()
        if not self.connection.execute(select(exists().where(self._waits()))).scalar():
            self._set(due_at=None, first_at=None)
        return kept

    def _change_places(self, other: int) -> None:
        mine = self.connection.execute(select(chats).where(chats.c.id == self.chat)).one()
        its = self.connection.execute(select(chats).where(chats.c.id == other)).one()
        aside = replace(self, chat=other)
        aside._set(topic_id=-other, due_at=None, first_at=None)
        self._set(
            chat_id=its.chat_id,
            chat_text=its.chat_text,
            first_at=min_known(mine.first_at, its.first_at),
            due_at=min_known(mine.due_at, its.due_at),
        )
        aside._set(chat_id=mine.chat_id, chat_text=mine.chat_text, topic_id=0)
        self.connection.execute(
            update(updates)
            .where(updates.c.chat_id == other, updates.c.state == constant(UpdateState.ACCEPTED))
            .where(updates.c.kind.in_(TO_THE_MODEL))
            .values(chat_id=self.chat, thread_id=mine.thread_id)
        )

    def _waits(self) -> ColumnElement[bool]:
        """Messages of this chat that wait for a turn."""
        waits = updates.c.state == constant(UpdateState.ACCEPTED)
        return waits & (updates.c.chat_id == self.chat) & updates.c.kind.in_(TO_THE_MODEL)

    def _is_later(self) -> ColumnElement[bool]:
        """Updates that came after the event at work."""
        return false() if self.update is None else updates.c.id > self.update

    def _set(self, **values: object) -> None:
        self.connection.execute(update(chats).where(chats.c.id == self.chat).values(**values))


def form_of(connection: Connection, address: Address) -> str | None:
    """What the person in a chat is asked for; see `ChatWork.ask`."""
    return connection.execute(select(chats.c.form).where(is_at(address))).scalar()


def min_known(*times: float | None) -> float | None:
    """The earliest of the times that are known."""
    return min((time for time in times if time is not None), default=None)
