"""A client wants no more of an answer: what that says to the turn, and to what waits."""

from sqlalchemy import ColumnElement, Connection, exists, select, update

from db.calls import CallState
from db.models import calls, constant, outbox, turns, updates
from db.records import STOPPED, OutboxKind, OutboxState, TurnState, UpdateState


def stop_turn(connection: Connection, chat: int, now: float) -> int | None:
    """Mark a chat's last turn, if it is open or waits for a tap, and was not stopped before.

    Whoever owns it learns of it with its next write. What is on its way arrives, what waits to be
    sent of its reply does not.
    """
    last = select(turns.c.id).where(turns.c.chat_id == chat).order_by(turns.c.id.desc()).limit(1)
    open_still = turns.c.state == constant(TurnState.OPEN)
    asks = exists().where(calls.c.turn_id == turns.c.id, calls.c.state == CallState.ASKED)
    stopped = connection.execute(
        update(turns)
        .where(turns.c.id == last.scalar_subquery(), open_still | asks)
        .where(turns.c.stopped_at.is_(None))
        .values(stopped_at=now)
        .returning(turns.c.id)
    ).scalar()
    if stopped is not None:
        unsent = (outbox.c.state == OutboxState.QUEUED) & (outbox.c.kind == OutboxKind.REPLY)
        failed = {"state": OutboxState.FAILED, "cause": STOPPED}
        connection.execute(
            update(outbox).where(outbox.c.turn_id == stopped, unsent).values(**failed)
        )
    return stopped


def leave_waiting(connection: Connection, waits: ColumnElement[bool]) -> bool:
    """These messages get no turn; whether there were any."""
    left = update(updates).where(waits).values(state=UpdateState.DONE, cause=STOPPED)
    return connection.execute(left).rowcount > 0
