"""A client wants no more of an answer: what that says to the turn, and to what waits."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, select, true, update

from db.calls import CallState
from db.ids import as_number
from db.models import calls, chats, constant, outbox, turns, updates
from db.records import STOPPED, Address, OutboxKind, OutboxState, TurnState, UpdateState
from db.rows import is_at
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class StopTurn(OneByOne[int | None]):
    """End the answer under way to what came before a message; or, `hung_up`, that to the message.

    One that answers the message as well goes on, or, `hung_up`, what came after it. Of who has hung
    up a message that waits for a turn stays unanswered. The result is the turn that is stopped.
    """

    address: Address
    message_id: str
    now: float
    hung_up: bool = False

    def carry_out(self, connection: Connection) -> int | None:
        found = select(chats.c.id).where(is_at(self.address)).with_for_update(key_share=True)
        chat = connection.execute(found).scalar()
        mine = updates.c.chat_id == chat, updates.c.message_id == as_number(self.message_id)
        heard = connection.execute(select(updates.c.id, updates.c.turn_id).where(*mine)).first()
        if chat is None or heard is None:
            return None
        row, turn = heard
        if self.hung_up and turn is None:
            leave_waiting(connection, (updates.c.id == row) & _WAITS)
            return None
        later = exists().where(updates.c.turn_id == turns.c.id, updates.c.id > row)
        only = (turns.c.id == turn) & ~later if self.hung_up else turns.c.id.is_distinct_from(turn)
        return stop_turn(connection, chat, self.now, only=only & _IS_OPEN)


_IS_OPEN = turns.c.state == constant(TurnState.OPEN)
_WAITS = updates.c.state == constant(UpdateState.ACCEPTED)


def stop_turn(
    connection: Connection, chat: int, now: float, *, only: ColumnElement[bool] | None = None
) -> int | None:
    """Mark a chat's last turn, if it is open or waits for a tap, and was not stopped before.

    Whoever owns it learns of it with its next write. What is on its way arrives, what waits to be
    sent of its reply does not. `only`: where this holds of it.
    """
    last = select(turns.c.id).where(turns.c.chat_id == chat).order_by(turns.c.id.desc()).limit(1)
    asks = exists().where(calls.c.turn_id == turns.c.id, calls.c.state == CallState.ASKED)
    stopped = connection.execute(
        update(turns)
        .where(turns.c.id == last.scalar_subquery(), _IS_OPEN | asks)
        .where(turns.c.stopped_at.is_(None), true() if only is None else only)
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
