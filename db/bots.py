"""The bots that tenants add themselves: their tokens, encrypted, and who holds which.

A bot without a token is the host's: its token is in the environment. What stands in the table for
another channel is none: see db/sites.py.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select, update

from db.audit import Deed, note
from db.models import bots, chats, constant, outbox, tenants, turns, updates
from db.records import Actor, OutboxState, TurnState, UpdateState
from db.rows import IS_HOSTS, IS_SERVED, IS_TELEGRAMS, insert_or_lock
from db.tenants import begin_anew, list_companies, named_tenant
from db.transaction import OneByOne

REMOVED: Final = "bot removed"


class BotState(StrEnum):
    """How a tenant's bot stands."""

    SHARED = "shared"  # the host's
    ACTIVE = "active"
    REFUSED = "refused"  # its token is no longer accepted, or cannot be read
    REMOVED = "removed"


class Added(StrEnum):
    """What came of adding a bot."""

    NEW = "new"
    ROTATED = "rotated"  # the tenant had it: its token is a new one
    HELD = "held"  # by another tenant, or by the host


@dataclass(frozen=True, slots=True)
class BotRow:
    """A bot, as stored; `token` is encrypted."""

    id: int
    tenant: int
    username: str
    state: BotState
    managed: bool
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AddBot(OneByOne[Added]):
    """Give a tenant a bot with its encrypted token; one that it has gets the new token.

    A bot that was removed may come back, also to another tenant: its chats then go on in threads
    of that tenant's own.
    """

    bot_id: int
    username: str
    tenant: int
    token: str = field(repr=False)
    actor: Actor
    now: float
    managed: bool = False

    def carry_out(self, connection: Connection) -> Added:
        held = self._hold(connection)
        is_free = held.removed_at is not None
        if not is_free and held.tenant_id != self.tenant:
            return Added.HELD
        self._update(connection, begins=is_free)
        if held.tenant_id != self.tenant:
            begin_anew(connection, self.tenant, [self.bot_id], now=self.now)
        deed = Deed.BOT_ADDED if is_free else Deed.BOT_TOKEN_CHANGED
        note(connection, self, deed, subject=f"@{self.username}")
        return Added.NEW if is_free else Added.ROTATED

    def _hold(self, connection: Connection) -> Row[*tuple[Any, ...]]:
        """The bot's row, locked; a new one is like that of a bot which was removed."""
        free = {"id": self.bot_id, "tenant_id": self.tenant, "removed_at": self.now}
        row = insert_or_lock(connection, bots, free, by="id")
        return connection.execute(row.returning(bots.c.tenant_id, bots.c.removed_at)).one()

    def _update(self, connection: Connection, *, begins: bool) -> None:
        since = {"added_by": self.actor.id, "added_at": self.now, "shown": None} if begins else {}
        again = {"removed_at": None, "refused_at": None}
        connection.execute(
            update(bots).where(bots.c.id == self.bot_id).values(**self._values(), **since, **again)
        )

    def _values(self) -> dict[str, Any]:
        return {
            "tenant_id": self.tenant,
            "username": self.username,
            "token": self.token,
            "managed": self.managed,
        }


@dataclass(frozen=True, slots=True)
class RemoveBot(OneByOne[bool]):
    """Take a bot from its tenant and forget the token; what waits in its chats is answered no more.

    False when the tenant has no such bot, or it is the host's.
    """

    bot_id: int
    tenant: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        removed = connection.execute(
            update(bots)
            .where(
                bots.c.id == self.bot_id, bots.c.tenant_id == self.tenant, bots.c.token.is_not(None)
            )
            .values(token=None, removed_at=self.now, refused_at=None, poller=None)
            .returning(bots.c.username)
        ).first()
        if removed is None:
            return False
        silence(connection, self.bot_id, now=self.now)
        note(connection, self, Deed.BOT_REMOVED, subject=f"@{removed.username}")
        return True


@dataclass(frozen=True, slots=True)
class MarkBot(OneByOne[None]):
    """Note what Telegram says about a bot: its name, or (`refused_at`) that the token is refused.

    Nothing is noted for a token that was changed meanwhile. A bot that a tenant removed is the
    host's from the moment when it is heard of without a token.
    """

    bot_id: int
    token: str | None = field(repr=False)
    username: str | None = None
    refused_at: float | None = None

    def carry_out(self, connection: Connection) -> None:
        same = bots.c.token.is_(None) if self.token is None else bots.c.token == self.token
        name = {"username": self.username} if self.username else {}
        back = {"removed_at": None} if self.token is None else {}
        connection.execute(
            update(bots)
            .where(bots.c.id == self.bot_id, same)
            .values(refused_at=self.refused_at, **name, **back)
        )


def silence(connection: Connection, bot: int, *, now: float) -> None:
    """What waits there gets no answer; what is being sent is recorded when it has arrived."""
    theirs = select(chats.c.id).where(chats.c.bot_id == bot)
    connection.execute(theirs.order_by(chats.c.id).with_for_update(key_share=True))
    connection.execute(
        update(turns)
        .where(turns.c.state == constant(TurnState.OPEN), turns.c.chat_id.in_(theirs))
        .values(state=TurnState.UNREACHABLE, cause=REMOVED, done_at=now)
    )
    waits = outbox.c.state.in_((constant(OutboxState.QUEUED), constant(OutboxState.DOUBT)))
    connection.execute(
        update(outbox)
        .where(waits, outbox.c.chat_id.in_(theirs))
        .values(state=OutboxState.FAILED, cause=REMOVED)
    )
    connection.execute(
        update(updates)
        .where(updates.c.state == constant(UpdateState.ACCEPTED), updates.c.bot_id == bot)
        .values(state=UpdateState.DONE)
    )
    connection.execute(
        update(chats).where(chats.c.bot_id == bot).values(due_at=None, first_at=None)
    )


# ------------------------------------------------------------------ reads

_BOTS = select(
    bots.c.id,
    bots.c.tenant_id,
    bots.c.username,
    bots.c.token,
    bots.c.managed,
    bots.c.removed_at,
    bots.c.refused_at,
).where(IS_TELEGRAMS)


def bots_to_run(connection: Connection) -> tuple[BotRow, ...]:
    """The bots with a token of their own whose tenants are not archived."""
    heard = (
        _BOTS.join(tenants, tenants.c.id == bots.c.tenant_id)
        .where(IS_SERVED)
        .where(bots.c.token.is_not(None), bots.c.removed_at.is_(None))
    )
    return _rows(connection, heard)


def bots_of(connection: Connection, tenant: int) -> tuple[BotRow, ...]:
    """A tenant's bots, those that were removed left out."""
    theirs = _BOTS.where(bots.c.tenant_id == tenant, bots.c.removed_at.is_(None))
    return _rows(connection, theirs)


def find_bot(connection: Connection, bot_id: int) -> BotRow | None:
    """A bot by Telegram's id."""
    return next(iter(_rows(connection, _BOTS.where(bots.c.id == bot_id))), None)


def managed_bot(connection: Connection, bot_id: int) -> BotRow | None:
    """A bot that a tenant holds, and that was created inside Telegram."""
    known = find_bot(connection, bot_id)
    return known if known and known.managed and known.state is not BotState.REMOVED else None


def bots_by_name(connection: Connection, name: str | None) -> tuple[tuple[str, BotRow], ...]:
    """The bots of the tenant of a name, or (None) of all, with the tenant's. Raises NoTenant."""
    wanted = [named_tenant(connection, name)] if name else list_companies(connection)
    return tuple((tenant.name, bot) for tenant in wanted for bot in bots_of(connection, tenant.id))


def bot_to_open(connection: Connection, tenant: int | None) -> str | None:
    """The username for a link: that of a bot of the tenant, else of one of the host's; if known."""
    heard = bots.c.removed_at.is_(None) & bots.c.refused_at.is_(None)
    known = select(bots.c.username).where(heard, bots.c.username.is_not(None))
    mine = known.where(bots.c.tenant_id == tenant, bots.c.token.is_not(None))
    own = connection.execute(mine.order_by(bots.c.id)).scalar()
    shared = known.where(IS_HOSTS).order_by(bots.c.id)
    return own or connection.execute(shared).scalar()


def bots_to_open(connection: Connection, tenant: int) -> tuple[str | None, str | None]:
    """The same of a tenant, and of the host: both are one where the tenant has none."""
    return bot_to_open(connection, tenant), bot_to_open(connection, None)


def chats_of(connection: Connection, bot_id: int) -> frozenset[int]:
    """The rows of a bot's chats."""
    found = connection.execute(select(chats.c.id).where(chats.c.bot_id == bot_id))
    return frozenset(found.scalars())


def _rows(connection: Connection, query: Select[Any]) -> tuple[BotRow, ...]:
    return tuple(
        BotRow(
            id=row.id,
            tenant=row.tenant_id,
            username=row.username or "",
            state=_state(row),
            managed=row.managed,
            token=row.token,
        )
        for row in connection.execute(query.order_by(bots.c.id))
    )


def _state(row: Row[*tuple[Any, ...]]) -> BotState:
    if row.removed_at is not None:
        return BotState.REMOVED
    if row.refused_at is not None:
        return BotState.REFUSED
    return BotState.ACTIVE if row.token else BotState.SHARED
