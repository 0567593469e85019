"""The message ids that are known, for settling a message in doubt."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    Table,
    func,
    select,
)

from db.models import chats, outbox, updates
from db.records import OutboxRow, OutboxState
from db.rows import UNSETTLED

RECENT = 1_000  # as many ids back tell how this machine's clock stands to the channel's
_LAST_CHAT: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """The chats of a bot that take their message ids from one growing sequence: a span of ids."""

    bot_id: int
    first_chat: int
    last_chat: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a channel numbers messages: in each bot's one sequence, for its chats from `shared_from`.

    Each chat below has a sequence of its own.
    """

    shared_from: int

    def sequence(self, bot_id: int, chat_id: int) -> Sequence:
        """The one from which a chat takes its ids."""
        if chat_id >= self.shared_from:
            return Sequence(bot_id, self.shared_from, _LAST_CHAT)
        return Sequence(bot_id, chat_id, chat_id)


def known_ids(connection: Connection, sequence: Sequence, *, above: int) -> tuple[int, ...]:
    """The ids above `above` that our tables hold in this sequence, ascending."""
    found: set[int] = set()
    for table in (updates, outbox):
        ids = _in_sequence(table, sequence).where(table.c.message_id > above)
        found |= {one for one in connection.execute(ids).scalars() if one is not None}
    return tuple(sorted(found))


def unsettled(connection: Connection, sequence: Sequence) -> int:
    """How many messages of this sequence may have ids that our tables do not hold.

    Those of every process: one that died may have left some that nobody has adopted yet.
    """
    return _count_left(connection, sequence)


def left_before(
    connection: Connection,
    sequence: Sequence,
    row: OutboxRow,
    *,
    within: float,
    found: Collection[int],
) -> int:
    """How many of them left in so many seconds before this row did.

    `found`: rows whose ids are known by now, though the tables do not hold them yet.
    """
    moment = row.intent_at or 0.0
    earlier = (outbox.c.intent_at < moment) | (
        (outbox.c.intent_at == moment) & (outbox.c.id < row.row)
    )
    near = (outbox.c.intent_at > moment - within) & outbox.c.id.not_in(found)
    return _count_left(connection, sequence, near, earlier)


def first_id_after(
    connection: Connection, sequence: Sequence, *, above: int, moment: float
) -> int | None:
    """The lowest id above `above` that was given after a moment, to a client or to us.

    Clients' messages carry the channel's date. Where this machine's clock is behind it, some of
    them seem to have come before they were written: the difference is taken off. Ours carry this
    machine's, which may have been put back meanwhile: so one counts only if an id above `above` was
    known when it left.
    """
    ahead = _channel_ahead_seconds(connection, sequence, above=above - RECENT)
    given: list[int] = []
    for table, later in (
        (updates, updates.c.written_at > moment + ahead),
        (outbox, (outbox.c.intent_at > moment) & (outbox.c.lower_id > above)),
    ):
        ids = _in_sequence(table, sequence).where(table.c.message_id > above, later)
        lowest = connection.execute(ids.order_by(table.c.message_id).limit(1)).scalar()
        given += [] if lowest is None else [lowest]
    return min(given, default=None)


@dataclass(frozen=True, slots=True)
class Clues:
    """What our tables know of the ids among which a message in doubt may have its own."""

    known: tuple[int, ...]
    upper: int | None
    in_doubt: int
    before: int


def clues(
    connection: Connection,
    sequence: Sequence,
    row: OutboxRow,
    *,
    above: int,
    moment: float,
    within: float,
    found: Collection[int],
) -> Clues:
    """All of one moment: see `known_ids`, `first_id_after`, `unsettled` and `left_before`."""
    return Clues(
        known_ids(connection, sequence, above=above),
        first_id_after(connection, sequence, above=above, moment=moment),
        unsettled(connection, sequence),
        left_before(connection, sequence, row, within=within, found=found),
    )


def _count_left(connection: Connection, sequence: Sequence, *which: ColumnElement[bool]) -> int:
    left = UNSETTLED & (outbox.c.state != OutboxState.QUEUED)
    count = _in_sequence(outbox, sequence).with_only_columns(func.count()).where(left, *which)
    return int(connection.execute(count).scalar_one())


def _channel_ahead_seconds(connection: Connection, sequence: Sequence, *, above: int) -> float:
    recent = _in_sequence(updates, sequence).where(updates.c.message_id > above)
    soonest = recent.with_only_columns(func.min(updates.c.received_at - updates.c.written_at))
    return max(0.0, -(connection.execute(soonest).scalar() or 0.0))


def _in_sequence(table: Table, sequence: Sequence) -> Select[Any]:
    # With "+ 0" no index serves this: the few ids in question lead to their chats, and not all the
    # chats of a bot to all that they ever held.
    same = chats.c.bot_id + 0 == sequence.bot_id
    if sequence.first_chat == sequence.last_chat:
        same &= chats.c.chat_id == sequence.first_chat
    else:
        same &= (chats.c.chat_id + 0).between(sequence.first_chat, sequence.last_chat)
    if table is updates:
        same &= updates.c.bot_id == sequence.bot_id
    return select(table.c.message_id).join(chats, chats.c.id == table.c.chat_id).where(same)


def last_ids(connection: Connection, bot_id: int, numbering: Numbering) -> dict[Sequence, int]:
    """The highest id known in each sequence of a bot's.

    Each of the bot's chats is asked for its own: what other bots say costs nothing.
    """
    highest: dict[Sequence, int] = {}
    for table in (updates, outbox):
        shared = _last_shared(connection, table, bot_id, numbering)
        for chat_id, last in (*shared, *_last_of_each(connection, table, bot_id, numbering)):
            if last is not None:
                sequence = numbering.sequence(bot_id, chat_id)
                highest[sequence] = max(highest.get(sequence, 0), last)
    return highest


_Last = list[tuple[int, int | None]]  # by chat


def _last_shared(connection: Connection, table: Table, bot_id: int, numbering: Numbering) -> _Last:
    mine = (chats.c.bot_id == bot_id) & (chats.c.chat_id >= numbering.shared_from)
    last = connection.execute(select(func.max(_last_of_chat(table))).where(mine)).scalar()
    return [(numbering.shared_from, last)]


def _last_of_each(connection: Connection, table: Table, bot_id: int, numbering: Numbering) -> _Last:
    mine = (chats.c.bot_id == bot_id) & (chats.c.chat_id < numbering.shared_from)
    found = connection.execute(
        select(chats.c.chat_id, _last_of_chat(table).label("last")).where(mine)
    )
    return [(row.chat_id, row.last) for row in found]


def _last_of_chat(table: Table) -> ScalarSelect[int | None]:
    """By the index of a chat's ids, from its end; the topics of a chat are rows of their own."""
    last = select(func.max(table.c.message_id)).where(table.c.chat_id == chats.c.id)
    return last.correlate(chats).scalar_subquery()
