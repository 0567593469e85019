"""Calls of tools: T7 proposed, T8 running, T9 done, failed or in doubt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, bindparam, exists, or_, select, update

from db.errors import Stale
from db.models import calls, outbox, turns, updates
from db.records import TO_THE_MODEL, Fence, Message, OutboxKind, OutboxState, TurnState
from db.rows import Right, as_message, current, insert, rights
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
AGAIN: Final = " #"  # before our number of a call whose id another one has
_REMEMBERED: Final = 8  # calls of earlier turns
OPEN: Final = (CallState.PROPOSED, CallState.RUNNING)


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as it is written down. `output` is there once it is over.

    `call_id`: the model's, with ours behind it where another call of the turn has that one.
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
    server: str | None = None  # the label of the MCP server where it was made; None: we make it
    started_at: float | None = None  # when it was begun last

    @property
    def wire_id(self) -> str:
        """The id by which the model knows it."""
        return self.call_id.partition(AGAIN)[0]

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
class Earlier:
    """What turns before this one leave to it; `turn` is the last of them.

    `asked`: what that one asked the client to confirm, at `asked_at`. `stopped`: the client wants
    no more of it. `acted`: what any of them did, or may have, the latest last. `failed`: those of
    the last turn, if it failed, so that the client may ask for the same again.
    """

    turn: int = 0
    asked: tuple[CallRow, ...] = ()
    asked_at: float = 0.0
    stopped: bool = False
    acted: tuple[CallRow, ...] = ()
    failed: tuple[CallRow, ...] = ()


NOTHING_EARLIER: Final = Earlier()
_COLUMNS: Final = (
    *(calls.c.call_id, calls.c.response_id, calls.c.tool, calls.c.arguments, calls.c.digest),
    *(calls.c.state, calls.c.output, calls.c.replies),
    *(calls.c.input_tokens, calls.c.cached_tokens, calls.c.output_tokens, calls.c.server),
    calls.c.started_at,
)
_CALLS: Final = select(*_COLUMNS, calls.c.turn_id, calls.c.proposed_at)
_mine = (calls.c.turn_id == bindparam("turn")) & (calls.c.call_id == bindparam("call"))
_BEGAN: Final = (
    update(calls)
    .where(_mine, calls.c.state.in_(OPEN))
    .values(state=CallState.RUNNING, started_at=bindparam("now"))
)
_WENT_ON: Final = _BEGAN.where(calls.c.state == CallState.RUNNING)
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
                "server": row.server,
                "proposed_at": self.now,
                "done_at": None if row.is_open else self.now,
            }
            for row in self.calls
        ]


@dataclass(frozen=True, slots=True)
class NoteCalls(Operation[bool]):
    """T8: calls of a turn are about to be carried out; T9: they are over. Raises Stale.

    What is over stays as it is. False: the client has stopped the turn, so none begins any more.
    """

    fence: Fence
    became: tuple[Became, ...]
    now: float

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["NoteCalls"]
    ) -> Sequence[Exception | bool]:
        worth = rights(connection, [one.fence for one in batch])
        return [
            Stale("turn") if right is Right.NONE else one._note(connection, right)
            for one, right in zip(batch, worth, strict=True)
        ]

    def _note(self, connection: Connection, right: Right) -> bool:
        for became in self.became:
            row = {"turn": self.fence.turn, "call": became.call_id, "now": self.now}
            if became.state is CallState.RUNNING:
                begins = _BEGAN if right is Right.FULL else _WENT_ON
                if not connection.execute(begins, row).rowcount and right is Right.STOPPED:
                    return False
            else:
                over = {"new_state": became.state, "its_output": became.output}
                connection.execute(_OVER, row | over)
        return True


def calls_of(connection: Connection, turn: int) -> Sequence[CallRow]:
    """Those of a turn, in the order in which they were proposed."""
    found = _CALLS.where(calls.c.turn_id == turn).order_by(calls.c.id)
    return [_read(row) for row in connection.execute(found).mappings()]


def calls_in(
    connection: Connection, of: Collection[int]
) -> Mapping[int, Sequence[tuple[float, CallRow]]]:
    """What is left of these turns' calls, each with the time of its end, or its beginning."""
    held = _CALLS.add_columns(calls.c.done_at).where(calls.c.arguments != "")
    by_turn: dict[int, list[tuple[float, CallRow]]] = {}
    its = held.where(calls.c.turn_id.in_(of)).order_by(calls.c.id)
    for row in connection.execute(its).mappings():
        at = row["done_at"] or row["proposed_at"]
        by_turn.setdefault(row["turn_id"], []).append((at, _read(row)))
    return by_turn


def acted_in(connection: Connection, turn: int, *, reads: Collection[str]) -> Sequence[CallRow]:
    """What a turn did, or may have; `reads`: tools that change nothing, as those of servers."""
    of = calls_of(connection, turn)
    acted = (row for row in of if row.state in MAY_HAVE_ACTED and row.server is None)
    return [row for row in acted if row.tool not in reads]


def who_was_asked(connection: Connection, turn: int) -> Message | None:
    """What the person wrote last whom a turn asks to confirm a call; None: it asks nobody."""
    asks = exists().where(calls.c.turn_id == turn, calls.c.state == CallState.ASKED)
    its = select(updates).where(updates.c.turn_id == turn, updates.c.kind.in_(TO_THE_MODEL), asks)
    found = connection.execute(its.order_by(updates.c.id.desc()).limit(1)).first()
    return as_message(found) if found else None


def asked_since(connection: Connection, turn: int) -> float | None:
    """When the last message of a turn's reply arrived; None: not all of it has."""
    mine = (outbox.c.turn_id == turn) & (outbox.c.kind == OutboxKind.REPLY)
    sent = connection.execute(select(outbox.c.state, outbox.c.sent_at).where(mine)).all()
    if not all(row.state == OutboxState.SENT for row in sent):
        return None
    return max((row.sent_at for row in sent), default=None)


def has_acted(connection: Connection, *, thread: int, reads: Collection[str]) -> bool:
    """Whether a thread has a call that did something; `reads`: see `acted_in`."""
    its = select(calls.c.id).join(turns, turns.c.id == calls.c.turn_id)
    done = (calls.c.state == CallState.DONE) & calls.c.server.is_(None)
    its = its.where(turns.c.thread_id == thread, done)
    return connection.execute(its.where(calls.c.tool.not_in(reads)).limit(1)).first() is not None


def doubts_of(connection: Connection, of: Collection[int]) -> Mapping[int, Sequence[CallRow]]:
    """Calls of which nobody knows whether they were done, by those of these turns that have any."""
    found = _CALLS.where(calls.c.turn_id.in_(of), calls.c.state == CallState.DOUBT)
    by_turn: dict[int, list[CallRow]] = {}
    for row in connection.execute(found.order_by(calls.c.id)).mappings():
        by_turn.setdefault(row["turn_id"], []).append(_read(row))
    return by_turn


def earlier_calls(
    connection: Connection, *, thread: int, turn: int, reads: Sequence[str]
) -> Earlier:
    """What the turns of a thread before this one leave to it, as far as it is still known.

    `reads`: tools that change nothing, as those of MCP servers; what they found then says nothing
    of now.
    """
    before = (turns.c.thread_id == thread) & (turns.c.id < turn)
    last = connection.execute(
        select(turns.c.id, turns.c.state, turns.c.stopped_at)
        .where(before)
        .order_by(turns.c.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return NOTHING_EARLIER
    held = _CALLS.where(calls.c.arguments != "")
    of_last = held.where(calls.c.turn_id == last.id, calls.c.state == CallState.ASKED)
    asked = connection.execute(of_last.order_by(calls.c.id)).mappings().all()
    acted = held.join(turns, turns.c.id == calls.c.turn_id).where(
        *(before, calls.c.state.in_(MAY_HAVE_ACTED), calls.c.tool.not_in(reads)),
        calls.c.server.is_(None),
    )
    newest = acted.order_by(calls.c.id.desc()).limit(_REMEMBERED)
    rows = connection.execute(newest).mappings().all()[::-1]
    failed = rows if last.state == TurnState.FAILED else ()
    return Earlier(
        last.id,
        tuple(map(_read, asked)),
        max((row["proposed_at"] for row in asked), default=0.0),
        last.stopped_at is not None,
        tuple(map(_read, rows)),
        tuple(_read(row) for row in failed if row["turn_id"] == last.id),
    )


def called_others(
    connection: Connection, tools: Collection[str], *, thread: int, before: int
) -> bool:
    """Whether a turn of a thread, before this one, carried out a call of none of these tools.

    One at an MCP server is of none of them, whatever its name.
    """
    theirs = select(calls.c.id).join(turns, turns.c.id == calls.c.turn_id)
    carried_out = and_(calls.c.started_at.is_not(None), calls.c.tool.not_in(sorted(tools)))
    found = theirs.where(
        turns.c.thread_id == thread,
        turns.c.id < before,
        or_(calls.c.server.is_not(None), carried_out),
    )
    return connection.execute(found.limit(1)).first() is not None


def _read(row: RowMapping) -> CallRow:
    known = {column.name: row[column.name] for column in _COLUMNS}
    return CallRow(**{**known, "state": CallState(row["state"])})


def outputs_of(
    connection: Connection, thread: int, call_ids: Sequence[str]
) -> Mapping[str, str | None]:
    """What the model is told of calls of a thread; None of those that are not over, or erased.

    Of several under one id, of the last.
    """
    again = (calls.c.call_id.startswith(one + AGAIN, autoescape=True) for one in call_ids)
    found = connection.execute(
        select(calls.c.call_id, calls.c.output)
        .join(turns, turns.c.id == calls.c.turn_id)
        .where(turns.c.thread_id == thread, or_(calls.c.call_id.in_(call_ids), *again))
        .order_by(calls.c.id)
    )
    return {row.call_id.partition(AGAIN)[0]: row.output for row in found}
