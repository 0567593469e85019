"""Calls of tools: T7 proposed, T8 running, T9 done, failed or in doubt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from db.errors import Stale
from db.models import calls, turns
from db.records import Fence, TurnState
from db.rows import current, insert
from db.transaction import Operation


class CallState(StrEnum):
    """proposed -> running -> done | failed | doubt; what is not carried out is failed at once.

    What the client has to confirm is asked, and stays so: once confirmed it is another turn's call.
    """

    PROPOSED = "proposed"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # nothing was done
    DOUBT = "doubt"  # nobody knows whether it was done
    ASKED = "asked"  # nothing was done: the client may confirm it


MAY_HAVE_ACTED: Final = frozenset({CallState.DONE, CallState.DOUBT})
_REMEMBERED: Final = 8  # calls of earlier turns
OPEN: Final = (CallState.PROPOSED, CallState.RUNNING)


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as it is written down. `output` is there once it is over.

    `response_id`: of the answer that asks for it; None: the client does, who has confirmed it.
    """

    call_id: str
    response_id: str | None
    tool: str
    arguments: str
    digest: str  # of tool and arguments, however they are spaced and ordered
    state: CallState = CallState.PROPOSED
    output: str | None = None
    replies: int = 0  # of the turn, that were written when it was proposed
    input_tokens: int = 0  # of the answer that asks for it, on its first call alone
    cached_tokens: int = 0
    output_tokens: int = 0

    @property
    def is_confirmed(self) -> bool:
        """Whether the client has asked for it."""
        return self.response_id is None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out, or was being so."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a call."""

    call_id: str
    state: CallState
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """What turns before this one did, or may have: the latest last."""

    rows: tuple[CallRow, ...] = ()
    failed: bool = False  # the last turn, so that the client may ask for the same again
    last: tuple[CallRow, ...] = ()  # those of that turn


NOTHING_DONE: Final = Acted()


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """What a client was asked to confirm: in which turn, and when."""

    turn: int
    at: float
    rows: tuple[CallRow, ...]


_COLUMNS: Final = (
    *(calls.c.call_id, calls.c.response_id, calls.c.tool, calls.c.arguments, calls.c.digest),
    *(calls.c.state, calls.c.output, calls.c.replies),
    *(calls.c.input_tokens, calls.c.cached_tokens, calls.c.output_tokens),
)
_mine = (calls.c.turn_id == bindparam("turn")) & (calls.c.call_id == bindparam("call"))
_BEGAN: Final = (
    update(calls)
    .where(_mine, calls.c.state.in_(OPEN))
    .values(state=CallState.RUNNING, started_at=bindparam("now"))
)
_OVER: Final = (
    update(calls)
    .where(_mine, calls.c.state.in_(OPEN))
    .values(state=bindparam("new_state"), output=bindparam("its_output"), done_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class ProposeCalls(Operation[None]):
    """T7: all calls of an answer, before any of them is carried out. Raises Stale.

    What is written down already stays as it is.
    """

    fence: Fence
    calls: tuple[CallRow, ...]
    now: float

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["ProposeCalls"]
    ) -> Sequence[Exception | None]:
        holds = current(connection, [one.fence for one in batch])
        values = [
            value for one, held in zip(batch, holds, strict=True) if held for value in one._values()
        ]
        if values:
            connection.execute(insert(connection, calls).on_conflict_do_nothing(), values)
        return [None if held else Stale("turn") for held in holds]

    def _values(self) -> list[dict[str, object]]:
        return [
            {
                "turn_id": self.fence.turn,
                "response_id": row.response_id,
                "call_id": row.call_id,
                "tool": row.tool,
                "arguments": row.arguments,
                "digest": row.digest,
                "state": row.state,
                "output": row.output,
                "replies": row.replies,
                "input_tokens": row.input_tokens,
                "cached_tokens": row.cached_tokens,
                "output_tokens": row.output_tokens,
                "proposed_at": self.now,
                "done_at": None if row.is_open else self.now,
            }
            for row in self.calls
        ]


@dataclass(frozen=True, slots=True)
class NoteCalls(Operation[None]):
    """T8: calls of a turn are about to be carried out; T9: they are over. Raises Stale.

    What is over stays as it is.
    """

    fence: Fence
    became: tuple[Became, ...]
    now: float

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["NoteCalls"]
    ) -> Sequence[Exception | None]:
        holds = current(connection, [one.fence for one in batch])
        for one, held in zip(batch, holds, strict=True):
            if held:
                one._note(connection)
        return [None if held else Stale("turn") for held in holds]

    def _note(self, connection: Connection) -> None:
        for became in self.became:
            row = {"turn": self.fence.turn, "call": became.call_id, "now": self.now}
            if became.state is CallState.RUNNING:
                connection.execute(_BEGAN, row)
            else:
                over = {"new_state": became.state, "its_output": became.output}
                connection.execute(_OVER, row | over)


def calls_of(connection: Connection, turn: int) -> Sequence[CallRow]:
    """Those of a turn, in the order in which they were proposed."""
    found = connection.execute(
        select(*_COLUMNS).where(calls.c.turn_id == turn).order_by(calls.c.id)
    )
    return [_read(dict(row)) for row in found.mappings()]


def doubts_of(connection: Connection, of: Collection[int]) -> Mapping[int, Sequence[CallRow]]:
    """Calls of which nobody knows whether they were done, by those of these turns that have any."""
    found = select(*_COLUMNS, calls.c.turn_id).where(calls.c.turn_id.in_(of))
    doubtful = found.where(calls.c.state == CallState.DOUBT).order_by(calls.c.id)
    by_turn: dict[int, list[CallRow]] = {}
    for row in connection.execute(doubtful).mappings():
        own = dict(row)
        by_turn.setdefault(own.pop("turn_id"), []).append(_read(own))
    return by_turn


def asked_before(connection: Connection, *, thread: int, turn: int) -> Unconfirmed | None:
    """What the turn right before this one, in its thread, has asked the client to confirm."""
    earlier = select(func.max(turns.c.id)).where(turns.c.thread_id == thread, turns.c.id < turn)
    found = connection.execute(
        select(*_COLUMNS, calls.c.turn_id, calls.c.proposed_at)
        .where(calls.c.turn_id == earlier.scalar_subquery())
        .where(calls.c.state == CallState.ASKED, calls.c.arguments != "")
        .order_by(calls.c.id)
    ).mappings()
    rows = [dict(row) for row in found]
    if not rows:
        return None
    of, at = rows[0]["turn_id"], max(row["proposed_at"] for row in rows)
    own = [{key: row[key] for key in row if key not in ("turn_id", "proposed_at")} for row in rows]
    return Unconfirmed(of, at, tuple(map(_read, own)))


def acted_before(connection: Connection, *, thread: int, turn: int, reads: Sequence[str]) -> Acted:
    """What was done in a thread before a turn, or may have been, as far as it is still known.

    `reads`: tools that change nothing; what they found then says nothing of now.
    """
    earlier = (turns.c.thread_id == thread) & (turns.c.id < turn)
    last = connection.execute(
        select(turns.c.id, turns.c.state).where(earlier).order_by(turns.c.id.desc()).limit(1)
    ).first()
    if last is None:
        return NOTHING_DONE
    found = connection.execute(
        select(*_COLUMNS, calls.c.turn_id)
        .join(turns, turns.c.id == calls.c.turn_id)
        .where(earlier, calls.c.state.in_(MAY_HAVE_ACTED), calls.c.arguments != "")
        .where(calls.c.tool.not_in(reads))
        .order_by(calls.c.id.desc())
        .limit(_REMEMBERED)
    ).mappings()
    rows = [(row["turn_id"], {key: row[key] for key in row if key != "turn_id"}) for row in found]
    read = [(of, _read(row)) for of, row in reversed(rows)]
    return Acted(
        tuple(row for _, row in read),
        last.state == TurnState.FAILED,
        tuple(row for of, row in read if of == last.id),
    )


def _read(row: Mapping[str, Any]) -> CallRow:
    return CallRow(**{**row, "state": CallState(row["state"])})


def outputs_of(
    connection: Connection, thread: int, call_ids: Sequence[str]
) -> Mapping[str, str | None]:
    """What the model is told of calls of a thread; None of those that are not over, or erased."""
    found = connection.execute(
        select(calls.c.call_id, calls.c.output)
        .join(turns, turns.c.id == calls.c.turn_id)
        .where(calls.c.call_id.in_(call_ids), turns.c.thread_id == thread)
    )
    return {row.call_id: row.output for row in found}
