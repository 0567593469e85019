"""T1: raw updates are stored, and the chats that they belong to are armed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from db.edits import Edit, Edits, Unheard, Words
from db.ids import as_number, text_beside
from db.limits import Quota, QuotaState, Tally
from db.log import EntryKind, LogEntry, log_heard
from db.met import MetChat, find_or_make, in_their_topics
from db.models import chats, updates
from db.records import (
    TO_THE_MODEL,
    Address,
    Draft,
    Event,
    Incoming,
    OutboxRow,
    UpdateKind,
    UpdateState,
)
from db.rows import Returning, insert_drafts, insert_for
from db.seconds import MINUTE_SECONDS
from db.secrets import keep
from db.transaction import Operation
from db.unlocking import count_wrong
from db.uploads import name_uploads
from db.window import Window

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

_KNOWN = select(
    exists().where(
        updates.c.chat_id == chats.c.id,
        chats.c.bot_id == bindparam("bot"),
        chats.c.chat_id == bindparam("chat"),
        updates.c.message_id == bindparam("own"),
    )
)


@cache
def _add_updates(dialect: str) -> Returning:
    stored = updates.c.id, updates.c.update_id
    return insert_for(dialect, updates).on_conflict_do_nothing().returning(*stored)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What acceptance came to: chats with a new time to claim at, events, and notices to send.

    `logged`: what stands in the chats' logs since. `quota`: how the limits stand of which was taken
    or, where it waits, would have been; None: nothing was new, and nothing was taken.
    """

    due: Mapping[int, float] = field(default_factory=dict)
    addresses: Mapping[int, Address] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    notices: tuple[OutboxRow, ...] = ()
    new: tuple[int, ...] = ()  # of the chats that are due, those without a conversation
    logged: tuple[tuple[Address, LogEntry], ...] = ()
    quota: QuotaState | None = None


@dataclass(frozen=True, slots=True)
class Accept(Operation[Accepted]):
    """Store updates; those already stored change nothing. The bot must be known.

    `words_in_commit`: those of a stored update. `too_fast_in_commit`: what a chat is told that is
    over its turns per minute, by its language and the seconds to wait. `limits`: of each one time
    is taken for what is new; where one is used up nothing is stored.
    """

    bot_id: int
    owner: str
    now: float
    incoming: Sequence[Incoming]
    words_in_commit: Words
    window: Window = field(default_factory=Window)
    too_fast_in_commit: Callable[[Address, str | None, float], Draft] | None = None
    limits: Sequence[Quota] = ()

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["Accept"]) -> Sequence[Accepted]:
        every = (limit for one in batch for limit in one.limits)
        tally = Tally(connection, every, min(one.now for one in batch))
        accepted = [one._within_limits(connection, tally) for one in batch]
        tally.write()
        return accepted

    def _within_limits(self, connection: Connection, tally: Tally) -> Accepted:
        if not self.limits:
            placed = in_their_topics(connection, self.incoming)
            return replace(self, incoming=placed)._store(connection)
        if self._is_known(connection):
            return Accepted()
        quota = tally.ask(self.limits, self.now)
        if quota.wait:
            return Accepted(quota=quota)
        tally.take(self.limits, self.now)
        return replace(self._store(connection), quota=quota)

    def _is_known(self, connection: Connection) -> bool:
        """By its own id, which is kept for longer than the number of an update."""
        first = self.incoming[0]
        if first.address is None:
            return False
        told = {"bot": self.bot_id, "chat": as_number(first.address.chat_id)}
        return bool(
            connection.execute(_KNOWN, {**told, "own": as_number(first.message_id)}).scalar()
        )

    def _store(self, connection: Connection) -> Accepted:
        found = find_or_make(
            connection, self.bot_id, self.incoming, window=self.window, now=self.now
        )
        incoming = [
            replace(one, kind=UpdateKind.EVENT)  # what answers a form needs no turn
            if one.kind is UpdateKind.MESSAGE and one.address and found[one.address].asked
            else one
            for one in self.incoming
        ]
        stored = self._insert(connection, found, incoming)
        logged = [*self._log(connection, found, stored)]
        if named := [(row, one.upload) for row, one in stored if one.upload]:
            name_uploads(connection, named)
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
            logged=tuple(logged),
        )

    def _log(
        self,
        connection: Connection,
        found: Mapping[Address, MetChat],
        stored: Sequence[tuple[int, Incoming]],
    ) -> Iterator[tuple[Address, LogEntry]]:
        heard = [(one.address, row, one) for row, one in stored if one.logged and one.address]
        if not heard:
            return
        rows = [(found[address].row, row) for address, row, _ in heard]
        numbers = log_heard(connection, rows, now=self.now)
        for seq, (address, _, one) in zip(numbers, heard, strict=True):
            yield address, LogEntry(seq, EntryKind.HEARD, self.now, one.message_id, one.payload)

    def _insert(
        self, connection: Connection, found: dict[Address, MetChat], incoming: Sequence[Incoming]
    ) -> list[tuple[int, Incoming]]:
        if not incoming:
            return []
        add = _add_updates(connection.dialect.name)
        stored = connection.execute(add, [self._row(one, found) for one in incoming])
        by_number = {update_id: row for row, update_id in stored}
        unique = {as_number(one.update_id): one for one in incoming}
        return [(by_number[n], one) for n, one in unique.items() if n in by_number]

    def _row(self, incoming: Incoming, found: dict[Address, MetChat]) -> dict[str, Any]:
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
        found: dict[Address, MetChat],
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
        found: dict[Address, MetChat],
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
                    place=one.place,
                    number=one.wrong_codes,
                    client=one.address.person,
                    now=self.now,
                )

    def _arm(self, chat: MetChat, row: int, incoming: Incoming) -> None:
        chat.language = incoming.language or chat.language
        if not incoming.may_be_read:
            return
        is_said = incoming.kind in TO_THE_MODEL
        burst = self.window.burst(
            chat.first_at,
            now=self.now,
            opens=self.now if incoming.by_phone else chat.opens_at,
            unfinished=incoming.unfinished,
            awaited=incoming.awaited,
        )
        if is_said:
            chat.first_at, chat.due_at, chat.armed = burst.first, burst.due, True
        if burst.is_too_fast and not self._is_told(chat) and self.too_fast_in_commit:
            language = chat.chosen_language or incoming.language
            notice = self.too_fast_in_commit(chat.address, language, burst.opens - self.now)
            # An event's row is for its own answers.
            chat.notice = (row if is_said else None, notice)
            chat.noticed_until, chat.armed = self.now + MINUTE_SECONDS, True

    def _is_told(self, chat: MetChat) -> bool:
        """Not longer than a minute ago; the clock may have been put back since."""
        until = chat.noticed_until
        return until is not None and self.now < until <= self.now + MINUTE_SECONDS

    def _notices(self, connection: Connection, known: Sequence[MetChat]) -> tuple[OutboxRow, ...]:
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


def _write(connection: Connection, known: Sequence[MetChat]) -> None:
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
