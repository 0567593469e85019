"""Small durable chores: alerts told once, conversations to erase, old update numbers to clear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from db.models import alerts, chats, erasures, updates
from db.reach import reachable, write_to
from db.records import Address, Draft, OutboxRow
from db.rows import ADDRESS, address_of, insert
from db.tenants import tenant_by_id
from db.transaction import OneByOne, Operation

UPDATE_NUMBER_LIFE_SECONDS = 48 * 3600.0
_ERASED_AT_ONCE = 100  # with each round of the housekeeping


@dataclass(frozen=True, slots=True)
class Alert(OneByOne[tuple[OutboxRow, ...]]):
    """Tell hosts something once per key, in their chat with the bot, else with another.

    `drafts_in_commit`: the words for a host's chat and language. Who never wrote to a bot cannot
    be told. The result is what goes out by `bots`, those for which this process speaks.
    """

    key: str
    owner: str
    now: float
    bot_id: int
    hosts: tuple[int, ...]
    bots: frozenset[int]
    drafts_in_commit: Callable[[Address, str | None], Sequence[Draft]]

    def carry_out(self, connection: Connection) -> tuple[OutboxRow, ...]:
        new = connection.execute(
            insert(connection, alerts)
            .values(key=self.key, told_at=self.now)
            .on_conflict_do_nothing()
            .returning(alerts.c.key)
        )
        if new.first() is None:
            return ()
        rows: list[OutboxRow] = []
        for host in reachable(connection, self.hosts, bot_id=self.bot_id):
            said = self.drafts_in_commit(host.address, host.language)
            written = write_to(
                connection, host, said, owner=self.owner, bots=self.bots, now=self.now
            )
            rows += written if host.address.bot_id in self.bots else ()
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class ClearAlert(Operation[None]):
    """The cause is gone: the next time it is told again."""

    key: str

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["ClearAlert"]) -> Sequence[None]:
        keys = [clear.key for clear in batch]
        connection.execute(delete(alerts).where(alerts.c.key.in_(keys)))
        return [None] * len(batch)


@dataclass(frozen=True, slots=True)
class QueueErasure(OneByOne[None]):
    """A conversation that nobody will use again is to be deleted at OpenAI, or a response."""

    conversation_id: str
    not_before: float
    attempt: int = 0
    of_response: bool = False

    def carry_out(self, connection: Connection) -> None:
        values = {
            "not_before": self.not_before,
            "attempts": self.attempt,
            "of_response": self.of_response,
        }
        add = insert(connection, erasures).values(conversation_id=self.conversation_id, **values)
        connection.execute(
            add.on_conflict_do_update(index_elements=[erasures.c.conversation_id], set_=values)
        )


@dataclass(frozen=True, slots=True)
class Erased(Operation[None]):
    """A conversation, or a response, is gone at OpenAI."""

    conversation_id: str

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["Erased"]) -> Sequence[None]:
        gone = [erased.conversation_id for erased in batch]
        connection.execute(delete(erasures).where(erasures.c.conversation_id.in_(gone)))
        return [None] * len(batch)


@dataclass(frozen=True, slots=True)
class ClearUpdateNumbers(Operation[None]):
    """Telegram may start its numbers afresh after a quiet week: old ones must not clash."""

    now: float

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["ClearUpdateNumbers"]
    ) -> Sequence[None]:
        before = max(clear.now for clear in batch) - UPDATE_NUMBER_LIFE_SECONDS
        connection.execute(
            update(updates)
            .where(updates.c.received_at < before, updates.c.update_id.is_not(None))
            .values(update_id=None)
        )
        return [None] * len(batch)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Something to erase at OpenAI, and how often it was tried."""

    id: str
    attempts: int
    of_response: bool


def due_erasures(connection: Connection, *, now: float, longest_wait: float) -> tuple[Erasure, ...]:
    """What to erase now, conversations first.

    One that would have to wait longer than any does was queued before the clock was put back.
    """
    not_before = erasures.c.not_before
    found = connection.execute(
        select(erasures.c.conversation_id, erasures.c.attempts, erasures.c.of_response)
        .where((not_before <= now) | (not_before > now + longest_wait))
        .order_by(erasures.c.of_response, erasures.c.not_before)
        .limit(_ERASED_AT_ONCE)
    )
    return tuple(Erasure(*row) for row in found)


def addresses(connection: Connection, rows: Sequence[int]) -> dict[int, Address]:
    """Where chats are delivered."""
    found = connection.execute(select(chats.c.id, *ADDRESS).where(chats.c.id.in_(rows)))
    return {row.id: address_of(row) for row in found}


def address_about(connection: Connection, chat: int, *, tenant: int) -> Address | None:
    """Where a chat is delivered that is to hear of a tenant; None when that is gone by now."""
    there = tenant_by_id(connection, tenant)
    return addresses(connection, [chat]).get(chat) if there else None


def told_alerts(connection: Connection) -> tuple[str, ...]:
    """The keys of the alerts that were told."""
    return tuple(connection.execute(select(alerts.c.key)).scalars())
