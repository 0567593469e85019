"""The message ids that are known, for settling a message in doubt."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, Table, func, select

from db.models import chats, outbox, updates
from db.records import Address, OutboxRow, OutboxState
from db.rows import UNSETTLED

FIRST_SUPERGROUP = -1_000_000_000_000  # supergroups stand below it, each with ids of its own
RECENT = 1_000  # as many ids back tell how this machine's clock stands to Telegram's


def shares_sequence(address: Address) -> bool:
    """Whether a chat takes its message ids from the bot's one sequence (facts: not supergroups)."""
    return address.chat_id > FIRST_SUPERGROUP


def sequence(address: Address) -> tuple[int, int]:
    """Which sequence a chat takes its ids from: the bot, and 0 or the supergroup."""
    return address.bot_id, 0 if shares_sequence(address) else address.chat_id


def known_ids(connection: Connection, address: Address, *, above: int) -> tuple[int, ...]:
    """The ids above `above` that our tables hold in the sequence of this chat, ascending."""
    found: set[int] = set()
    for table in (updates, outbox):
        ids = _in_sequence(table, address).where(table.c.message_id > above)
        found |= {one for one in connection.execute(ids).scalars() if one is not None}
    return tuple(sorted(found))


def unsettled(connection: Connection, address: Address) -> int:
    """How many messages of this chat's sequence may have ids that our tables do not hold.

    Those of every process: one that died may have left some that nobody has adopted yet.
    """
    return _count_left(connection, address)


def left_before(
    connection: Connection,
    address: Address,
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
    return _count_left(connection, address, near, earlier)


def first_id_after(
    connection: Connection, address: Address, *, above: int, moment: float
) -> int | None:
    """The lowest id above `above` that was given after a moment, to a client or to us.

    Clients' messages carry Telegram's date. Where this machine's clock is behind Telegram's, some
    of them seem to have come before they were written: the difference is taken off. Ours carry this
    machine's, which may have been put back meanwhile: so one counts only if an id above `above` was
    known when it left.
    """
    ahead = _telegram_ahead_seconds(connection, address, above=above - RECENT)
    given: list[int] = []
    for table, later in (
        (updates, updates.c.written_at > moment + ahead),
        (outbox, (outbox.c.intent_at > moment) & (outbox.c.lower_id > above)),
    ):
        ids = _in_sequence(table, address).where(table.c.message_id > above, later)
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
    address: Address,
    row: OutboxRow,
    *,
    above: int,
    moment: float,
    within: float,
    found: Collection[int],
) -> Clues:
    """All of one moment: see `known_ids`, `first_id_after`, `unsettled` and `left_before`."""
    return Clues(
        known_ids(connection, address, above=above),
        first_id_after(connection, address, above=above, moment=moment),
        unsettled(connection, address),
        left_before(connection, address, row, within=within, found=found),
    )


def _count_left(connection: Connection, address: Address, *which: ColumnElement[bool]) -> int:
    left = UNSETTLED & (outbox.c.state != OutboxState.QUEUED)
    count = _in_sequence(outbox, address).with_only_columns(func.count()).where(left, *which)
    return int(connection.execute(count).scalar_one())


def _telegram_ahead_seconds(connection: Connection, address: Address, *, above: int) -> float:
    recent = _in_sequence(updates, address).where(updates.c.message_id > above)
    soonest = recent.with_only_columns(func.min(updates.c.received_at - updates.c.written_at))
    return max(0.0, -(connection.execute(soonest).scalar() or 0.0))


def _in_sequence(table: Table, address: Address) -> Select[Any]:
    # With "+ 0" no index serves this: the few ids in question lead to their chats, and not all the
    # chats of a bot to all that they ever held.
    same = chats.c.bot_id + 0 == address.bot_id
    if table is updates:
        same &= updates.c.bot_id == address.bot_id
    if shares_sequence(address):
        same &= chats.c.chat_id > FIRST_SUPERGROUP
    else:
        same &= chats.c.chat_id == address.chat_id
    return select(table.c.message_id).join(chats, chats.c.id == table.c.chat_id).where(same)


def last_ids(connection: Connection, bot_id: int) -> dict[int, int]:
    """The highest id known, by Telegram's chat id; the bot's shared sequence is under 0.

    Each of the bot's chats is asked for its own: what other bots say costs nothing.
    """
    highest: dict[int, int] = {}
    for table in (updates, outbox):
        shared = _last_shared(connection, table, bot_id)
        for chat_id, last in (*shared, *_last_of_supergroups(connection, table, bot_id)):
            if last is not None:
                highest[chat_id] = max(highest.get(chat_id, 0), last)
    return highest


def _last_shared(connection: Connection, table: Table, bot_id: int) -> list[tuple[int, int | None]]:
    mine = (chats.c.bot_id == bot_id) & (chats.c.chat_id > FIRST_SUPERGROUP)
    return [(0, connection.execute(select(func.max(_last_of_chat(table))).where(mine)).scalar())]


def _last_of_supergroups(
    connection: Connection, table: Table, bot_id: int
) -> list[tuple[int, int | None]]:
    mine = (chats.c.bot_id == bot_id) & (chats.c.chat_id <= FIRST_SUPERGROUP)
    found = connection.execute(
        select(chats.c.chat_id, _last_of_chat(table).label("last")).where(mine)
    )
    return [(row.chat_id, row.last) for row in found]


def _last_of_chat(table: Table) -> ScalarSelect[int | None]:
    """By the index of a chat's ids, from its end; a supergroup's topics are chats of their own."""
    last = select(func.max(table.c.message_id)).where(table.c.chat_id == chats.c.id)
    return last.correlate(chats).scalar_subquery()
