"""What a turn writes on its way: T2b, what it was sent, its conversation, notices."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, func, select, union_all, update

from db.errors import Stale
from db.models import chats, erasures, links, outbox, threads, turns, updates
from db.quotes import AT_ONCE
from db.records import Draft, Fence, OutboxKind, OutboxRow, TurnState
from db.rows import current, insert, insert_drafts
from db.transaction import Operation
from db.transcript import ERASED, SEEDED

FAREWELL: Final = 50  # the position of a tool's first words, behind all other notices of a turn
_BEGAN = (
    update(turns)
    .where(turns.c.id == bindparam("row"))
    .values(
        response_id=bindparam("response"),
        response_start=bindparam("start"),
        told=bindparam("words"),
    )
)
_FILLED = (
    update(updates)
    .where(updates.c.id == bindparam("row"), updates.c.turn_id == bindparam("turn"))
    .where(updates.c.payload != ERASED)
    .values(payload=bindparam("filled"))
)
# As old as the oldest words that it may be filled with: see SEEDED.
_newest_words = (
    select(updates.c.received_at)
    .where(updates.c.payload != ERASED)
    .order_by(updates.c.id.desc())
    .limit(SEEDED)
)
_own = _newest_words.where(updates.c.thread_id == bindparam("row")).subquery()
_brought = (
    _newest_words.join(links, links.c.source_id == updates.c.thread_id)
    .where(links.c.thread_id == bindparam("row"), updates.c.id < links.c.until_id)
    .subquery()
)
_newest = union_all(select(_own), select(_brought)).subquery()
_CONVERSATION = (
    update(threads)
    .where(threads.c.id == bindparam("row"))
    .values(
        conversation_id=bindparam("conversation"),
        conversation_at=func.coalesce(
            select(func.min(_newest.c.received_at)).scalar_subquery(), threads.c.created_at
        ),
        last_item_id=None,
    )
)
_KEPT = delete(erasures).where(erasures.c.conversation_id == bindparam("conversation"))
_company = select(threads.c.tenant_id)
_INTRODUCED = (
    update(chats)
    .where(
        chats.c.id == bindparam("row"),
        _company.where(threads.c.id == chats.c.thread_id).scalar_subquery()
        == _company.where(threads.c.id == turns.c.thread_id, turns.c.id == bindparam("turn"))
        .correlate(None)
        .scalar_subquery(),
    )
    .values(introduced_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class NoteResponse(Operation[None]):
    """T2b: the model's id of the answer; None forgets it. Raises Stale.

    `start`: the position, among the turn's replies, of the first message of that answer. `told`:
    what the model was told of the moment.
    """

    fence: Fence
    response_id: str | None
    _: KW_ONLY
    told: str
    start: int = 0

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["NoteResponse"]
    ) -> Sequence[Exception | None]:
        holds = current(connection, [one.fence for one in batch])
        values = [
            {
                "row": began.fence.turn,
                "response": began.response_id,
                "start": began.start,
                "words": began.told,
            }
            for began, held in zip(batch, holds, strict=True)
            if held
        ]
        if values:
            connection.execute(_BEGAN, values)
        lost = [one for one, held in zip(batch, holds, strict=True) if not held]
        cls._erase_unheard(connection, {one.response_id: one.fence.turn for one in lost})
        return [None if held else Stale("turn") for held in holds]

    @staticmethod
    def _erase_unheard(connection: Connection, lost: Mapping[str | None, int]) -> None:
        """An answer to what was forgotten as it began: nobody else knows that OpenAI has it.

        What a turn that goes on elsewhere was answered with is no concern of ours.
        """
        began = [response for response in lost if response]
        if not began:
            return
        known = (turns.c.state == TurnState.OPEN) | turns.c.response_id.in_(began)
        found = select(turns.c.id).where(turns.c.id.in_(lost.values()), known)
        theirs = set(connection.execute(found).scalars())
        rows = [
            {"conversation_id": response, "not_before": AT_ONCE, "of_response": True}
            for response in began
            if lost[response] not in theirs
        ]
        if rows:
            connection.execute(insert(connection, erasures).on_conflict_do_nothing(), rows)


@dataclass(frozen=True, slots=True)
class KeepExtracts(Operation[None]):
    """What was made of the attachments of a turn's messages, kept with them. Raises Stale.

    `payloads`: the messages as they are stored from now on, by their rows; what was erased
    meanwhile stays so.
    """

    fence: Fence
    payloads: Mapping[int, str]

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["KeepExtracts"]
    ) -> Sequence[Exception | None]:
        holds = current(connection, [one.fence for one in batch])
        values = [
            {"row": row, "turn": one.fence.turn, "filled": payload}
            for one, held in zip(batch, holds, strict=True)
            if held
            for row, payload in one.payloads.items()
        ]
        if values:
            connection.execute(_FILLED, values)
        return [None if held else Stale("turn") for held in holds]


@dataclass(frozen=True, slots=True)
class SetConversation(Operation[None]):
    """The thread's conversation, stored before it is used; None: it has none. Raises Stale.

    What it was until now is to be deleted at OpenAI at `erase_at`, if `leaves` names it; what it
    is now is not, though it was to be.
    """

    fence: Fence
    thread: int
    conversation_id: str | None
    leaves: str | None = None
    erase_at: float = 0.0

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["SetConversation"]
    ) -> Sequence[Exception | None]:
        holds = current(connection, [one.fence for one in batch])
        valid = [one for one, held in zip(batch, holds, strict=True) if held]
        if valid:
            values = [{"row": one.thread, "conversation": one.conversation_id} for one in valid]
            connection.execute(_CONVERSATION, values)
        for one in valid:
            one._change_erasures(connection)
        return [None if held else Stale("turn") for held in holds]

    def _change_erasures(self, connection: Connection) -> None:
        if self.conversation_id:
            connection.execute(_KEPT, {"conversation": self.conversation_id})
        if self.leaves:
            values = {"not_before": self.erase_at, "attempts": 0}
            add = insert(connection, erasures).values(conversation_id=self.leaves, **values)
            key = [erasures.c.conversation_id]
            connection.execute(add.on_conflict_do_update(index_elements=key, set_=values))


@dataclass(frozen=True, slots=True)
class _Rows(Operation[tuple[OutboxRow, ...]]):
    """Rows of a turn that are written under a condition, each operation by itself."""

    fence: Fence
    chat: int
    owner: str
    now: float
    drafts: tuple[Draft, ...]

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["_Rows"]
    ) -> Sequence[tuple[OutboxRow, ...] | Exception]:
        holds = current(connection, [one.fence for one in batch])
        return [
            one._write(connection) if held else Stale(f"turn {one.fence}")
            for one, held in zip(batch, holds, strict=True)
        ]

    def _write(self, connection: Connection) -> tuple[OutboxRow, ...]:
        rows = insert_drafts(
            connection,
            self.drafts,
            chat=self.chat,
            owner=self.owner,
            turn=self.fence.turn,
            now=self.now,
        )
        return tuple(rows)


@dataclass(frozen=True, slots=True)
class Introduce(_Rows):
    """The AI notice, once per chat and company. Raises Stale.

    What waited as the bot went to another company is answered by the old one, and tells nothing of
    the new one's assistant.
    """

    def _write(self, connection: Connection) -> tuple[OutboxRow, ...]:
        told = {"row": self.chat, "turn": self.fence.turn, "now": self.now}
        connection.execute(_INTRODUCED, told)
        return _Rows._write(self, connection)


@dataclass(frozen=True, slots=True)
class Wait(_Rows):
    """The waiting message, unless the turn has written an answer, or a tool's words; or is stopped.

    Raises Stale.
    """

    def _write(self, connection: Connection) -> tuple[OutboxRow, ...]:
        mine = outbox.c.turn_id == self.fence.turn
        stopped = exists().where(turns.c.id == self.fence.turn, turns.c.stopped_at.is_not(None))
        says = (outbox.c.kind != OutboxKind.NOTICE) | (outbox.c.position >= FAREWELL)
        spoken = select(stopped | exists().where(mine, says))
        if connection.execute(spoken).scalar():
            return ()
        return _Rows._write(self, connection)
