"""T6: a turn is over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Text, bindparam, case, select, update

from db.attention import WANTS, note_questions
from db.errors import Stale
from db.ids import own_id
from db.models import chats, outbox, threads, turns
from db.records import (
    NOTHING_STATED,
    STOPPED,
    Completed,
    Fence,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Spent,
    Stated,
    TurnState,
    keys_under,
)
from db.rows import count_tokens, current, days_of, insert_drafts
from db.spoke import Spoke, note_talks
from db.stated import STATED, stated_values
from db.transaction import Operation

_CLOSE = (
    update(turns)
    .where(turns.c.id == bindparam("row"))
    .values(
        state=bindparam("new_state"),
        cause=case((turns.c.stopped_at.is_not(None), STOPPED), else_=bindparam("why", type_=Text)),
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
_REPLIES = (
    select(
        outbox.c.turn_id,
        outbox.c.state,
        outbox.c.markup,
        outbox.c.message_id,
        outbox.c.message_text,
    )
    .where(outbox.c.turn_id.in_(bindparam("ids", expanding=True)))
    .where(outbox.c.kind == OutboxKind.REPLY)
    .order_by(outbox.c.turn_id, outbox.c.position)
)


@dataclass(frozen=True, slots=True)
class Complete(Operation[Completed]):
    """Close a turn. Raises Stale when it has another owner.

    `keys`: what stands under the last bubble of its reply; if that left without them, they become
    a row of their own.
    """

    fence: Fence
    chat: int
    thread: int
    owner: str
    state: TurnState
    now: float
    days: tuple[str, str]  # today and tomorrow
    spent: Spent = field(default_factory=Spent)
    stated: Stated = NOTHING_STATED
    cause: str | None = None
    keys: str | None = None
    client: str = ""  # the name of the one who wrote, if it is known
    counted_for: tuple[str, ...] = ()  # for whom its tokens are counted by themselves as well

    @property
    def wants_a_person(self) -> bool:
        """Whether its client was not served, or was promised a person: then people are told."""
        stated = self.stated
        return self.state is TurnState.FAILED or stated.outcome in WANTS or stated.promised

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Complete"]
    ) -> Sequence[Completed | Exception]:
        # Locked before the turns, as T1 and T2 do: a message accepted by another process is
        # either seen here or sees the turn closed.
        ids = sorted({one.chat for one in batch})
        due = {row.id: row.due_at for row in connection.execute(_CHATS, {"ids": ids})}
        holds = current(connection, [one.fence for one in batch])
        valid = [turn for turn, held in zip(batch, holds, strict=True) if held]
        late: dict[int, tuple[OutboxRow, ...]] = {}
        if valid:
            _close(connection, valid)
            late = dict(_add_keys(connection, [turn for turn in valid if turn.keys]))
            if used := sum(one.spent.input_tokens + one.spent.output_tokens for one in valid):
                count_tokens(connection, valid[0].days, used)
            for whose, used in sorted(_used_by_each(valid).items()):
                count_tokens(connection, days_of(whose, valid[0].days), used)
        return [
            Completed(due.get(turn.chat), late.get(turn.fence.turn, ()))
            if held
            else Stale(f"turn {turn.fence}")
            for turn, held in zip(batch, holds, strict=True)
        ]


def _used_by_each(batch: Sequence[Complete]) -> Counter[str]:
    used = Counter[str]()
    for one in batch:
        for whose in one.counted_for:
            used[whose] += one.spent.input_tokens + one.spent.output_tokens
    return +used


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
    note_talks(connection, [Spoke(turn.thread, turn.client, turn.now) for turn in batch])
    if unserved := [turn for turn in batch if turn.wants_a_person]:
        note_questions(connection, [turn.fence.turn for turn in unserved], unserved[-1].now)


def _add_keys(
    connection: Connection, batch: Sequence[Complete]
) -> Iterator[tuple[int, tuple[OutboxRow, ...]]]:
    """Of the turns whose last bubble arrived without its keys: these, as rows."""
    if not batch:
        return
    found = connection.execute(_REPLIES, {"ids": sorted(one.fence.turn for one in batch)})
    last = {row.turn_id: row for row in found}
    for one in batch:
        turn = one.fence.turn
        bubble = last.get(turn)
        if bubble and bubble.state == OutboxState.SENT and not bubble.markup and one.keys:
            message = own_id(bubble.message_id, bubble.message_text)
            rows = insert_drafts(
                connection,
                [keys_under(message, one.keys)],
                chat=one.chat,
                owner=one.owner,
                turn=turn,
                now=one.now,
            )
            yield turn, tuple(rows)
