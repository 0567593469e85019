"""Chats that cannot be reached, or have another address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection, bindparam, update

from db.chats import ChatWork
from db.journal import Operation
from db.models import outbox
from db.records import OutboxState

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

    rank: ClassVar[int] = 45
    chat: int
    now: float

    @classmethod
    def apply(cls, connection: Connection, batch: Sequence["CloseChat"]) -> Sequence[None]:
        connection.execute(_DROP, [{"chat": close.chat} for close in batch])
        for close in batch:
            ChatWork(connection, chat=close.chat, now=close.now).close()
        return [None] * len(batch)


@dataclass(frozen=True, slots=True)
class MoveChat(Operation[None]):
    """The group became a supergroup: same thread, new address."""

    rank: ClassVar[int] = 46
    chat: int
    telegram_chat: int
    now: float

    @classmethod
    def apply(cls, connection: Connection, batch: Sequence["MoveChat"]) -> Sequence[None]:
        for move in batch:
            ChatWork(connection, chat=move.chat, now=move.now).move(move.telegram_chat)
        return [None] * len(batch)
