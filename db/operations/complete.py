"""T6: a turn is over."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, select, update

from db.errors import Stale
from db.models import chats, threads, turns
from db.records import NOTHING_STATED, Fence, Spent, Stated, TurnState
from db.rows import count_tokens, current
from db.stated import STATED, stated_values
from db.transaction import Operation

_CLOSE = (
    update(turns)
    .where(turns.c.id == bindparam("row"))
    .values(
        state=bindparam("new_state"),
        cause=bindparam("why"),
        done_at=bindparam("now"),
        model=bindparam("by"),
        input_tokens=bindparam("read"),
        cached_tokens=bindparam("cached"),
        output_tokens=bindparam("written"),
        first_delta_at=bindparam("delta"),
        **{column.name: bindparam(f"new_{column.name}") for column in STATED},
    )
)
_REMEMBER = (
    update(threads).where(threads.c.id == bindparam("row")).values(last_item_id=bindparam("item"))
)
_CHATS = (
    select(chats.c.id, chats.c.due_at)
    .where(chats.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(chats.c.id)
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class Complete(Operation[float | None]):
    """Close a turn; the result is when the chat's next one is due, if messages came meanwhile.

    Raises Stale when the turn has another owner.
    """

    fence: Fence
    chat: int
    thread: int
    state: TurnState
    now: float
    days: tuple[str, str]  # today and tomorrow
    spent: Spent = field(default_factory=Spent)
    stated: Stated = NOTHING_STATED
    cause: str | None = None

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Complete"]
    ) -> Sequence[float | Exception | None]:
        # Locked before the turns, as T1 and T2 do: a message accepted by another process is
        # either seen here or sees the turn closed.
        ids = sorted({one.chat for one in batch})
        due = {row.id: row.due_at for row in connection.execute(_CHATS, {"ids": ids})}
        holds = current(connection, [one.fence for one in batch])
        valid = [turn for turn, held in zip(batch, holds, strict=True) if held]
        if valid:
            _close(connection, valid)
            if used := sum(one.spent.input_tokens + one.spent.output_tokens for one in valid):
                count_tokens(connection, valid[0].days, used)
        return [
            due.get(turn.chat) if held else Stale(f"turn {turn.fence}")
            for turn, held in zip(batch, holds, strict=True)
        ]


def _close(connection: Connection, batch: Sequence[Complete]) -> None:
    connection.execute(
        _CLOSE,
        [
            {
                "row": turn.fence.turn,
                "new_state": turn.state,
                "why": turn.cause,
                "now": turn.now,
                "by": turn.spent.model,
                "read": turn.spent.input_tokens,
                "cached": turn.spent.cached_tokens,
                "written": turn.spent.output_tokens,
                "delta": turn.spent.first_delta_at,
                **{f"new_{name}": value for name, value in stated_values(turn.stated).items()},
            }
            for turn in batch
        ],
    )
    remembered = [
        {"row": turn.thread, "item": turn.spent.last_item_id}
        for turn in batch
        if turn.spent.last_item_id
    ]
    if remembered:
        connection.execute(_REMEMBER, remembered)
