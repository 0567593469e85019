"""What a company knows of a client beside their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, select

from db.audit import Deed, note
from db.errors import Stale
from db.models import chats, client_facts, constant, threads, turns
from db.records import Actor, TurnState
from db.rows import insert
from db.transaction import OneByOne

MOST: Final = 20  # of one client
LONGEST_VALUE: Final = 200  # characters; the model is told no more of any
LINK: Final = "link"  # who added what came with a link: whoever pressed it, or typed the like
TOOL: Final = "tool"  # and what the assistant noted: the client may have had it do so


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value; `added_by`: LINK, TOOL, or somebody whom the company trusts."""

    name: str
    value: str
    added_by: str

    @property
    def is_trusted(self) -> bool:
        """Whether no client can have made it up."""
        return self.added_by not in (LINK, TOOL)


def facts_of(connection: Connection, *, chat: int, tenant: int) -> Sequence[Fact]:
    """What a tenant knows of a chat's client, by name; what was erased is left out."""
    table = client_facts.c
    found = connection.execute(
        select(table.name, table.value, table.added_by)
        .where(table.chat_id == chat, table.tenant_id == tenant, table.value != "")
        .order_by(table.name)
    )
    return [Fact(*row) for row in found]


def tenant_of_chat(connection: Connection, chat: int) -> int:
    """The tenant that a chat talks to."""
    its = select(threads.c.tenant_id).join(chats, chats.c.thread_id == threads.c.id)
    return int(connection.execute(its.where(chats.c.id == chat)).scalar_one())


def keep_fact(connection: Connection, fact: Fact, *, chat: int, tenant: int, now: float) -> None:
    """Note a fact; what went by its name is forgotten."""
    said = {"value": fact.value[:LONGEST_VALUE], "added_by": fact.added_by, "added_at": now}
    key = {"chat_id": chat, "tenant_id": tenant, "name": fact.name}
    add = insert(connection, client_facts).values(**key, **said)
    connection.execute(add.on_conflict_do_update(index_elements=[*key], set_=said))


def _named(name: str, *, chat: int, tenant: int) -> ColumnElement[bool]:
    of = (client_facts.c.chat_id == chat) & (client_facts.c.tenant_id == tenant)
    return of & (client_facts.c.name == name)


@dataclass(frozen=True, slots=True)
class SetFact(OneByOne[bool]):
    """Note a fact of a chat's client, with whoever does it; without a value, forget it.

    False: there is none of the name to forget, or there would be too many. The trail holds the
    name and never the value.
    """

    tenant: int
    chat: int
    name: str
    value: str | None
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        known = {fact.name for fact in facts_of(connection, chat=self.chat, tenant=self.tenant)}
        if self.value is None:
            if self.name not in known:
                return False
            its = _named(self.name, chat=self.chat, tenant=self.tenant)
            connection.execute(delete(client_facts).where(its))
        elif self.name not in known and len(known) >= MOST:
            return False
        else:
            fact = Fact(self.name, self.value, self.actor.name)
            keep_fact(connection, fact, chat=self.chat, tenant=self.tenant, now=self.now)
        deed = Deed.FACT_REMOVED if self.value is None else Deed.FACT_SET
        note(connection, self, deed, subject=self.name)
        return True


@dataclass(frozen=True, slots=True)
class NoteFact(OneByOne[bool]):
    """The assistant notes a fact of the client of an open turn; without a value, forgets it.

    False: there would be too many, or somebody else noted what goes by this name: that stays.
    Raises Stale when the turn is over: what is known may be forgotten.
    """

    turn: int
    name: str
    value: str | None
    now: float

    def carry_out(self, connection: Connection) -> bool:
        here = select(turns.c.chat_id, threads.c.tenant_id).join(
            threads, threads.c.id == turns.c.thread_id
        )
        its = here.where(turns.c.id == self.turn, turns.c.state == constant(TurnState.OPEN))
        of = connection.execute(its.with_for_update(of=turns)).first()
        if of is None:
            raise Stale
        facts = facts_of(connection, chat=of.chat_id, tenant=of.tenant_id)
        known = {fact.name: fact for fact in facts}
        before = known.get(self.name)
        if before.added_by != TOOL if before else self.value and len(known) >= MOST:
            return False
        if self.value:
            fact = Fact(self.name, self.value, TOOL)
            keep_fact(connection, fact, chat=of.chat_id, tenant=of.tenant_id, now=self.now)
        else:
            noted = _named(self.name, chat=of.chat_id, tenant=of.tenant_id)
            connection.execute(delete(client_facts).where(noted))
        return True
