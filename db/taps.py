"""Whether a tap on a short answer counts: that of the last answer does, once."""

from enum import StrEnum
from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, exists, select

from db.ids import as_number
from db.models import chats, constant, turns, updates
from db.records import TO_THE_MODEL, UpdateKind, UpdateState


class Tap(StrEnum):
    """What a tap comes to."""

    COUNTS = "counts"
    TAKEN = "taken"  # somebody has tapped one of these keys
    OLD = "old"  # another thread, a later turn, or a message that waits for one
    NOT_YOURS = "not yours"  # somebody else was asked


_CHAT: Final[BindParameter[int]] = bindparam("chat")
_EVENT: Final[BindParameter[int]] = bindparam("event")
_TAKEN: Final = exists().where(
    updates.c.chat_id == _CHAT,
    updates.c.pressed == bindparam("message"),
    updates.c.kind == UpdateKind.MESSAGE,
    updates.c.id != _EVENT,
)
_WAITS: Final = exists().where(
    updates.c.chat_id == _CHAT,
    updates.c.state == constant(UpdateState.ACCEPTED),
    updates.c.kind.in_(TO_THE_MODEL),
    updates.c.id < _EVENT,
)
_LAST: Final = (
    select(turns.c.id)
    .where(turns.c.chat_id == _CHAT)
    .order_by(turns.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_IS_LAST: Final = exists().where(
    turns.c.id == bindparam("turn"),
    turns.c.id == _LAST,
    turns.c.thread_id == select(chats.c.thread_id).where(chats.c.id == _CHAT).scalar_subquery(),
)
_JUDGED: Final = select(_TAKEN.label("taken"), _WAITS.label("waits"), _IS_LAST.label("is_last"))


def judge_tap(connection: Connection, *, chat: int, event: int, turn: int, under: str) -> Tap:
    """What the tap of an event comes to, `under` a message of this chat, that names this turn."""
    place = {"chat": chat, "event": event, "turn": turn, "message": as_number(under)}
    found = connection.execute(_JUDGED, place).one()
    if found.taken:
        return Tap.TAKEN
    return Tap.COUNTS if found.is_last and not found.waits else Tap.OLD
