"""Trying an access code: what it opens, how often one may, and what of it T1 must know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, update

from db.audit import Deed, Signature, note
from db.codes import ACTIVE, gives_codes, matching
from db.ids import as_number
from db.limits import Quota, charge, wait_for
from db.models import bots, chats, codes, threads, tries
from db.records import Actor
from db.rows import insert
from db.transaction import OneByOne

TRIES: Final = 5  # so many wrong codes within TRY_SECONDS, and no other is looked at
TRIES_OF_A_PLACE: Final = 10  # of all chats there together: a new session gives no new ones
TRY_SECONDS: Final = 3600.0
AT_ONCE: Final = 500  # hashes in one statement: databases bound the number of its parameters


@dataclass(frozen=True, slots=True)
class Tried:
    """What a code came to: it opened an assistant, or nothing, or was not even looked at."""

    assistant: str | None = None
    wait_seconds: float = 0.0  # until codes are looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCode(OneByOne[Tried]):
    """Try a code, as it was typed or in one of several readings, in a chat that is locked.

    `assistants`: those that the tenant has; the code of another opens nothing. `place`: from where
    it came, as a hash, if that is known.
    """

    tenant: int
    chat: int
    digests: tuple[str, ...] = field(repr=False)
    assistants: frozenset[str]
    actor: Actor
    now: float
    place: str | None = None

    def carry_out(self, connection: Connection) -> Tried:
        if wait := _cool_down(connection, self.chat, self.place, self.now):
            return Tried(wait_seconds=wait)
        opened = self._open(connection)
        if opened is None:
            _add_tries(connection, self.chat, self.place, 1, self.now)
            note(connection, self, Deed.CODE_REFUSED)
            return Tried()
        note(connection, self, Deed.CODE_USED, subject=opened)
        return Tried(opened)

    def _open(self, connection: Connection) -> str | None:
        """The lock makes a second one who comes at the same moment see what the first one did."""
        found = matching(connection, self.tenant, self.digests)
        person = codes.c.person_id.is_(None) | (codes.c.person_id == self.actor.id)
        if self.actor.id is None:  # nobody to whom it could be bound: it would stay open to all
            person &= ~codes.c.per_person
        open_to_all = (codes.c.expires_at.is_(None) | (codes.c.expires_at > self.now)) & (
            ~codes.c.single_use | codes.c.used_at.is_(None)
        )
        row = connection.execute(
            select(codes)
            .where(codes.c.id.in_(found), ACTIVE, open_to_all, person)
            .where(codes.c.assistant.in_(self.assistants))
            .order_by(codes.c.id)
            .limit(1)
            .with_for_update()
        ).first()
        if row is None:
            return None
        mine = {"person_id": self.actor.id} if row.per_person else {}
        connection.execute(
            update(codes).where(codes.c.id == row.id).values(used_at=self.now, **mine)
        )
        return str(row.assistant)


def _cool_down(connection: Connection, chat: int, place: str | None, now: float) -> float:
    """How long no code is looked at in a chat, or from a place; 0 when it is."""
    there = wait_for(connection, _of_place(place), now=now) if place else 0.0
    since = now - TRY_SECONDS
    of_client = tries.c.chat_id.in_(_chats_of_client(chat))
    recent = select(tries.c.at).where(of_client, _lately(now))
    times = list(connection.execute(recent.order_by(tries.c.at.desc()).limit(TRIES)).scalars())
    return max(there, float(times[-1] - since)) if len(times) == TRIES else there


def _of_place(place: str) -> Quota:
    return Quota(place, TRIES_OF_A_PLACE, TRY_SECONDS)


def _lately(now: float) -> ColumnElement[bool]:
    """Tries that count. One that is still to come was made before the clock was put back."""
    return (tries.c.at > now - TRY_SECONDS) & (tries.c.at <= now)


def _chats_of_client(chat: int) -> Select[tuple[int]]:
    """A person may have several topics with a bot."""
    mine, other = chats.alias(), chats.alias()
    return (
        select(other.c.id)
        .join(mine, (mine.c.bot_id == other.c.bot_id) & (mine.c.chat_id == other.c.chat_id))
        .where(mine.c.id == chat)
    )


def _add_tries(
    connection: Connection, chat: int, place: str | None, number: int, now: float
) -> None:
    if place:
        charge(connection, _of_place(place), number, now=now)
    connection.execute(delete(tries).where(tries.c.chat_id == chat, ~_lately(now)))
    connection.execute(insert(connection, tries), [{"chat_id": chat, "at": now}] * number)


def count_wrong(
    connection: Connection,
    *,
    chat: int,
    thread: int,
    place: str | None,
    number: int,
    client: int | None,
    now: float,
) -> None:
    """Words that looked like a code were none; they count where a tenant gives such codes out."""
    tenant = connection.execute(select(threads.c.tenant_id).where(threads.c.id == thread)).scalar()
    if tenant is None or not gives_codes(connection, [tenant]):
        return
    _add_tries(connection, chat, place, number, now)
    by = Signature(tenant, Actor(client, "client"), now)
    for _ in range(number):
        note(connection, by, Deed.CODE_REFUSED)


# ------------------------------------------------------------------ before T1


@dataclass(frozen=True, slots=True)
class Lookup:
    """What must be known before words that may be codes are stored.

    Chats are by their channel's id. `guarded`: where the tenant gives generated codes out, and no
    admin is asked for something: that may be a whole price list.
    """

    known: frozenset[str] = frozenset()  # of the hashes, those of active codes that were generated
    tries: dict[str, int] = field(default_factory=dict)
    guarded: frozenset[str] = frozenset()


def look_up(
    connection: Connection,
    *,
    bot_id: int,
    clients: Mapping[str, str | None],
    digests: Collection[str],
    now: float,
) -> Lookup:
    """What is known of these hashes, and of the chats in which the words were said.

    `clients`: their chats by the channel's id, and from where each came, if that is known.
    """
    known_as = {as_number(client): client for client in clients}
    mine = (chats.c.bot_id == bot_id) & chats.c.chat_id.in_(known_as)
    counted = (
        select(chats.c.chat_id, func.count().label("number"))
        .join(tries, tries.c.chat_id == chats.c.id)
        .where(mine, _lately(now))
        .group_by(chats.c.chat_id)
    )
    talking_to = select(chats.c.chat_id, chats.c.form, threads.c.tenant_id).join(
        threads, threads.c.id == chats.c.thread_id
    )
    host = connection.execute(select(bots.c.tenant_id).where(bots.c.id == bot_id)).scalar()
    tenant_of = dict.fromkeys(clients, host)
    for row in connection.execute(talking_to.where(mine)):
        tenant_of[known_as[row.chat_id]] = None if row.form else row.tenant_id
    giving = gives_codes(connection, [one for one in tenant_of.values() if one])
    made = {known_as[row.chat_id]: row.number for row in connection.execute(counted)}
    for client, place in clients.items():
        if place and wait_for(connection, _of_place(place), now=now):
            made[client] = TRIES
    return Lookup(
        known=_known(connection, digests),
        tries=made,
        guarded=frozenset(client for client, tenant in tenant_of.items() if tenant in giving),
    )


def _known(connection: Connection, digests: Collection[str]) -> frozenset[str]:
    """Of the hashes those of generated codes: a chosen one may be a word that anybody writes."""
    known: set[str] = set()
    waiting = iter(digests)
    while some := list(islice(waiting, AT_ONCE)):
        found = select(codes.c.digest).where(codes.c.digest.in_(some), ACTIVE, codes.c.generated)
        known.update(connection.execute(found).scalars())
    return frozenset(known)
