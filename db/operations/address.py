"""Chats that cannot be reached, or have another address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, update

from db.chats import ChatWork
from db.models import outbox
from db.records import OutboxState
from db.transaction import OneByOne, Operation

_DROP = (
    update(outbox)
    .where(
        outbox.c.chat_id == bindparam("chat"),
        outbox.c.state.in_((OutboxState.QUEUED, OutboxState.SENDING, OutboxState.DOUBT)),
    )
    .values(state=OutboxState.FAILED, cause="unreachable")
)


@dataclass(frozen=True, slots=True)
class CloseChat(Operation[None]):
    """Nothing reaches this chat: what waits in its outbox fails; a new message reopens it."""

    chat: int
    now: float

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["CloseChat"]) -> Sequence[None]:
        connection.execute(_DROP, [{"chat": close.chat} for close in batch])
        for close in batch:
            ChatWork(connection, chat=close.chat, now=close.now).close()
        return [None] * len(batch)


@dataclass(frozen=True, slots=True)
class MoveChat(OneByOne[None]):
    """The group became a supergroup: same thread, new address."""

    chat: int
    to: str
    now: float

    def carry_out(self, connection: Connection) -> None:
        ChatWork(connection, chat=self.chat, now=self.now).move(self.to)
