"""When a chat had its Nth-last turn, by which those who are too fast are told from the others."""

from sqlalchemy import Connection, bindparam, exists, func, select

from db.models import chats, turns
from db.window import Window

_earlier, _ahead = turns.alias(), turns.alias()
# Of a backlog that one turn could not take, the further turns are nobody's haste: when the turn
# before them was opened, they were all there. In another thread a turn is one that somebody began.
_IS_REST = exists().where(
    _earlier.c.chat_id == turns.c.chat_id,
    _earlier.c.thread_id == turns.c.thread_id,
    _earlier.c.id < turns.c.id,
    _earlier.c.opened_at > turns.c.received_at,
    _earlier.c.opened_at <= turns.c.opened_at,  # later: the clock was put back between them
)
# A turn that is still to come was opened before the clock was put back: nobody knows how long ago
# it and those before it were, so they are not counted.
_BEFORE_THE_CLOCK_WAS_PUT_BACK = (
    select(func.coalesce(func.max(_ahead.c.id), 0))
    .where(_ahead.c.chat_id == chats.c.id, _ahead.c.opened_at > bindparam("now"))
    .correlate(chats)
    .scalar_subquery()
)
NTH_LAST_TURN = (
    select(turns.c.opened_at)
    .where(turns.c.chat_id == chats.c.id, ~_IS_REST)
    .where(turns.c.opened_at <= bindparam("now"), turns.c.id > _BEFORE_THE_CLOCK_WAS_PUT_BACK)
    .order_by(turns.c.opened_at.desc())
    .limit(1)
    .offset(bindparam("before"))
    .scalar_subquery()
)
_NTH_LAST_TURN_OF = select(NTH_LAST_TURN).select_from(chats).where(chats.c.id == bindparam("chat"))


def opens_at(connection: Connection, chat: int, *, window: Window, now: float) -> float:
    """When the chat may have another turn; a time that has passed where it may have one now."""
    asked = {"chat": chat, "before": window.earlier, "now": now}
    return window.opens_at(connection.execute(_NTH_LAST_TURN_OF, asked).scalar())
