"""T1: raw updates are stored, and the chats that they belong to are armed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from db.edits import Edit, Edits, Unheard, Words
from db.haste import NTH_LAST_TURN
from db.ids import as_number, text_beside
from db.models import bots, chats, constant, tenants, threads, updates
from db.records import (
    TO_THE_MODEL,
    Accepted,
    Address,
    Draft,
    Event,
    Incoming,
    OutboxRow,
    Purpose,
    TenantState,
    UpdateKind,
    UpdateState,
)
from db.rows import ADDRESS, Returning, address_of, insert, insert_drafts, insert_for
from db.secrets import keep
from db.topics import in_their_topics
from db.transaction import OneByOne
from db.unlocking import count_wrong
from db.window import MINUTE, Window

_CHATS = (
    select(
        chats.c.id,
        *ADDRESS,
        chats.c.thread_id,
        chats.c.first_at,
        chats.c.due_at,
        chats.c.noticed_until,
        chats.c.language,
        chats.c.chosen_language,
        chats.c.form,
        exists()
        .where(threads.c.id == chats.c.thread_id, threads.c.conversation_id.is_(None))
        .where(tenants.c.id == threads.c.tenant_id)
        .where(
            or_(
                tenants.c.state == constant(TenantState.ACTIVE),
                threads.c.purpose == constant(Purpose.PREVIEW),  # answered in a pause too
            )
        )
        .label("new"),
        NTH_LAST_TURN.label("nth_last_turn"),
    )
    .where(
        chats.c.bot_id == bindparam("bot"), chats.c.chat_id.in_(bindparam("ids", expanding=True))
    )
    .order_by(chats.c.id)
    .with_for_update(of=chats, key_share=True)
)
_TENANT = select(bots.c.tenant_id).where(bots.c.id == bindparam("bot"))
_SET_THREAD = (
    update(chats).where(chats.c.id == bindparam("row")).values(thread_id=bindparam("thread"))
)
_ARM = (
    update(chats)
    .where(chats.c.id == bindparam("row"))
    .values(
        first_at=bindparam("first"),
        due_at=bindparam("due"),
        noticed_until=bindparam("noticed"),
        language=bindparam("spoken"),
    )
)


@cache
def _add_updates(dialect: str) -> Returning:
    stored = updates.c.id, updates.c.update_id
    return insert_for(dialect, updates).on_conflict_do_nothing().returning(*stored)


def _as_it_is(_: Address, payload: str) -> str:
    return payload


@dataclass(slots=True)
class _Chat:
    """What this transaction knows of one chat."""

    row: int
    address: Address
    thread: int
    first_at: float | None
    due_at: float | None
    noticed_until: float | None
    opens_at: float
    language: str | None
    chosen_language: str | None
    new: bool  # its thread will need a conversation
    asked: bool  # an admin is asked for something: the next message is the answer
    armed: bool = False
    notice: tuple[int | None, Draft] | None = None


@dataclass(frozen=True, slots=True)
class Accept(OneByOne[Accepted]):
    """Store updates; those already stored change nothing. The bot must be known.

    `words_in_commit`: those of a stored update.
    """

    bot_id: int
    owner: str
    now: float
    incoming: Sequence[Incoming]
    window: Window = field(default_factory=Window)
    words_in_commit: Words = _as_it_is

    def carry_out(self, connection: Connection) -> Accepted:
        placed = in_their_topics(connection, self.incoming)
        return replace(self, incoming=placed)._store(connection)

    def _store(self, connection: Connection) -> Accepted:
        found = _Chats(connection, self).load()
        incoming = [
            replace(one, kind=UpdateKind.EVENT)  # what answers a form needs no turn
            if one.kind is UpdateKind.MESSAGE and one.address and found[one.address].asked
            else one
            for one in self.incoming
        ]
        stored = self._insert(connection, found, incoming)
        unheard = self._judge(connection, found, stored)
        fresh = [pair for pair in stored if pair[0] not in unheard.rows]
        over = unheard.rows - unheard.for_now
        self._keep_apart(connection, found, [pair for pair in stored if pair[0] not in over])
        for row, one in fresh:
            if one.address is not None:
                self._arm(found[one.address], row, one)
        known = list(found.values())
        _write(connection, known)
        return Accepted(
            due={chat.row: chat.due_at for chat in known if chat.armed and chat.due_at is not None},
            addresses={chat.row: chat.address for chat in known if chat.armed},
            events=tuple(
                Event(
                    row=row,
                    bot_id=self.bot_id,
                    chat=found[one.address].row if one.address else None,
                    address=one.address,
                    payload=one.payload,
                )
                for row, one in fresh
                if one.kind is UpdateKind.EVENT
            ),
            notices=self._notices(connection, known),
            new=tuple(chat.row for chat in known if chat.armed and chat.new),
        )

    def _insert(
        self, connection: Connection, found: dict[Address, _Chat], incoming: Sequence[Incoming]
    ) -> list[tuple[int, Incoming]]:
        if not incoming:
            return []
        add = _add_updates(connection.dialect.name)
        stored = connection.execute(add, [self._row(one, found) for one in incoming])
        by_number = {update_id: row for row, update_id in stored}
        unique = {as_number(one.update_id): one for one in incoming}
        return [(by_number[n], one) for n, one in unique.items() if n in by_number]

    def _row(self, incoming: Incoming, found: dict[Address, _Chat]) -> dict[str, Any]:
        chat = found[incoming.address] if incoming.address else None
        over = incoming.kind is UpdateKind.IGNORED
        return {
            "bot_id": self.bot_id,
            "update_id": as_number(incoming.update_id),
            "chat_id": chat.row if chat else None,
            "thread_id": chat.thread if chat else None,
            "kind": incoming.kind,
            "state": UpdateState.DONE if over else UpdateState.ACCEPTED,
            "payload": incoming.payload,
            "message_id": as_number(incoming.message_id),
            "message_text": text_beside(incoming.message_id),
            "pressed": as_number(incoming.pressed),
            "album": incoming.album,
            "size": incoming.size,
            "written_at": incoming.written_at,
            "received_at": self.now,
            "owner": self.owner,
        }

    def _judge(
        self,
        connection: Connection,
        found: dict[Address, _Chat],
        stored: Sequence[tuple[int, Incoming]],
    ) -> Unheard:
        edits = [
            Edit(row, chat.row, chat.address, chat.thread, chat.asked, one)
            for row, one in stored
            if one.kind is UpdateKind.EDIT and one.address is not None
            for chat in (found[one.address],)
        ]
        return Edits(connection, self.words_in_commit).judge(edits) if edits else Unheard()

    def _keep_apart(
        self,
        connection: Connection,
        found: dict[Address, _Chat],
        fresh: Sequence[tuple[int, Incoming]],
    ) -> None:
        """Secrets go where they can be emptied; what needs no handler is stored without them."""
        for row, one in fresh:
            if one.kind is UpdateKind.EVENT:
                keep(connection, row, one.secrets)
            if one.wrong_codes and one.address is not None:
                count_wrong(
                    connection,
                    chat=found[one.address].row,
                    thread=found[one.address].thread,
                    number=one.wrong_codes,
                    client=one.address.person,
                    now=self.now,
                )

    def _arm(self, chat: _Chat, row: int, incoming: Incoming) -> None:
        chat.language = incoming.language or chat.language
        if not incoming.may_be_read:
            return
        is_said = incoming.kind in TO_THE_MODEL
        # Not later than now: before the clock was put back, it was later.
        first = min(chat.first_at or self.now, self.now)
        due = self.window.due_at(first=first, last=self.now, unfinished=incoming.unfinished)
        if is_said:
            chat.first_at, chat.due_at, chat.armed = first, max(due, chat.opens_at), True
        if chat.opens_at > due and not self._is_told(chat) and incoming.notice_in_commit:
            language = chat.chosen_language or incoming.language
            notice = incoming.notice_in_commit(language, chat.opens_at - self.now)
            # An event's row is for its own answers.
            chat.notice = (row if is_said else None, notice)
            chat.noticed_until, chat.armed = self.now + MINUTE, True

    def _is_told(self, chat: _Chat) -> bool:
        """Not longer than a minute ago; the clock may have been put back since."""
        until = chat.noticed_until or 0.0
        return self.now < until <= self.now + MINUTE

    def _notices(self, connection: Connection, known: Sequence[_Chat]) -> tuple[OutboxRow, ...]:
        rows: list[OutboxRow] = []
        for chat in known:
            if chat.notice:
                row, draft = chat.notice
                rows += insert_drafts(
                    connection,
                    [draft],
                    chat=chat.row,
                    owner=self.owner,
                    update=row,
                    now=self.now,
                )
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Chats:
    """Finds the chats of an acceptance; those not met before are made, with a thread each."""

    connection: Connection
    operation: Accept

    def load(self) -> dict[Address, _Chat]:
        wanted = {i.address for i in self.operation.incoming if i.address is not None}
        if not wanted:
            return {}
        found = self._select(wanted)
        if missing := sorted(wanted - found.keys(), key=lambda a: (a.chat_id, a.topic_id)):
            self._create(missing)
            found = self._select(wanted)
        if foreign := wanted - found.keys():
            raise ValueError(f"a bot of one channel heard in another: {foreign.pop().channel}")
        return found

    def _select(self, wanted: set[Address]) -> dict[Address, _Chat]:
        window = self.operation.window
        found = self.connection.execute(
            _CHATS,
            {
                "bot": self.operation.bot_id,
                "ids": sorted({as_number(address.chat_id) for address in wanted}),
                "before": max(window.turns_per_minute - 1, 0),
                "now": self.operation.now,
            },
        )
        return {
            address: _Chat(
                row=row.id,
                address=address,
                thread=row.thread_id,
                first_at=row.first_at,
                due_at=row.due_at,
                noticed_until=row.noticed_until,
                opens_at=window.opens_at(row.nth_last_turn if window.turns_per_minute else None),
                language=row.language,
                chosen_language=row.chosen_language,
                new=row.new,
                asked=row.form is not None,
            )
            for row in found
            if (address := address_of(row)) in wanted
        }

    def _create(self, missing: Sequence[Address]) -> None:
        bot, now = self.operation.bot_id, self.operation.now
        tenant = self.connection.execute(_TENANT, {"bot": bot}).scalar_one()
        spoken = {i.address: i.language for i in self.operation.incoming if i.language}
        rows = [
            {
                "channel": address.channel,
                "bot_id": bot,
                "chat_id": as_number(address.chat_id),
                "chat_text": text_beside(address.chat_id),
                "topic_id": address.topic_id,
                "language": spoken.get(address),
            }
            for address in missing
        ]
        made = self.connection.execute(
            insert(self.connection, chats).on_conflict_do_nothing().returning(chats.c.id), rows
        )
        new = [{"chat_id": row, "tenant_id": tenant, "created_at": now} for row in made.scalars()]
        if not new:
            return
        opened = self.connection.execute(
            insert(self.connection, threads).returning(threads.c.id, threads.c.chat_id), new
        )
        pairs = [{"row": chat, "thread": thread} for thread, chat in opened]
        self.connection.execute(_SET_THREAD, pairs)


def _write(connection: Connection, known: Sequence[_Chat]) -> None:
    armed = [
        {
            "row": chat.row,
            "first": chat.first_at,
            "due": chat.due_at,
            "noticed": chat.noticed_until,
            "spoken": chat.language,
        }
        for chat in known
        if chat.armed
    ]
    if armed:
        connection.execute(_ARM, armed)
