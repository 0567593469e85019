"""That somebody reads a company's conversations, in the trail."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.audit import Deed, Signature, note
from db.models import readings, talks
from db.records import Actor
from db.rows import insert
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class NoteReading(OneByOne[None]):
    """Somebody reads a conversation: a line in the trail for each of them, and each day.

    It names the chat by a number: a client's name is forgotten with the client.
    """

    talk: int
    tenant: int
    actor: Actor
    day: str
    now: float

    def carry_out(self, connection: Connection) -> None:
        values = {"talk_id": self.talk, "user_id": self.actor.id, "day": self.day}
        add = insert(connection, readings).values(values)
        add = add.on_conflict_do_update(
            index_elements=["talk_id", "user_id"],
            set_={"day": self.day},
            where=readings.c.day != self.day,
        )
        if connection.execute(add.returning(readings.c.day)).first():
            note(connection, self, Deed.CHAT_READ, subject=f"#{self.talk}")


@dataclass(frozen=True, slots=True)
class NoteExport(OneByOne[None]):
    """Somebody at the command line takes all of a company's conversations out."""

    tenant: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> None:
        note(connection, self, Deed.CHATS_EXPORTED)


@dataclass(frozen=True, slots=True)
class NoteTranscript(OneByOne[None]):
    """Somebody at the command line reads all of a chat: a line in the trail of each company's."""

    chat: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> None:
        its = select(talks.c.id, talks.c.tenant_id).where(talks.c.chat_id == self.chat)
        for row in connection.execute(its.order_by(talks.c.id)).all():
            by = Signature(row.tenant_id, self.actor, self.now)
            note(connection, by, Deed.CHAT_READ, subject=f"#{row.id}")
