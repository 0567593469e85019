"""Any order of events, against a model of a few lines: no update lost, none answered twice."""

import asyncio
import shutil
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from db.engine import open_database
from db.errors import Stale
from db.journal import Journal
from db.models import outbox, updates
from db.operations import Beat, Retire
from db.records import OutboxState, Settled, Turn
from db.seconds import MINUTE_SECONDS
from tests.databases import SQLite, seed_tenant
from tests.db.desk import Desk, bubble, incoming

clients = st.integers(1, 3)


@dataclass(slots=True)
class Client:
    """What ought to be true of a client's chat."""

    heard: list[int] = field(default_factory=list)  # all updates
    waiting: list[int] = field(default_factory=list)  # not in a turn yet
    first_at: float = 0.0
    due_at: float | None = None
    opened: list[float] = field(default_factory=list)
    turn: Turn | None = None
    taken: list[list[int]] = field(default_factory=list)  # the updates of each turn
    said: list[str] = field(default_factory=list)  # by the open turn
    all_said: list[str] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    """One process after another, on one database."""

    def __init__(self, template: Path, folder: Path) -> None:
        super().__init__()
        path = folder / "machine.db"
        shutil.copy(template, path)
        self.runner = asyncio.Runner()
        self.database = open_database(f"sqlite+aiosqlite:///{path}")
        self.clients = {number: Client() for number in (1, 2, 3)}
        self.numbers = count(1)
        self.chats: dict[int, int] = {}

    @initialize()
    def start(self) -> None:
        self.runner.run(self._start())

    async def _start(self) -> None:
        journal = Journal(self.database)
        self.serving = asyncio.create_task(journal.serve())
        await seed_tenant(journal)
        self.desk = Desk(journal, self.database)
        await journal.do(Beat(self.desk.owner, lease=3600.0))

    def teardown(self) -> None:
        self.runner.run(self._end())
        self.runner.close()

    async def _end(self) -> None:
        await self._compare()
        self.serving.cancel()
        await asyncio.wait([self.serving])
        await self.database.close()

    # ------------------------------------------------------------------- rules

    @rule(seconds=st.sampled_from([0.1, 0.6, 0.7, 3.0, 30.0]))
    def time_passes(self, seconds: float) -> None:
        self.desk.now += seconds

    @rule(client=clients)
    def a_client_writes(self, client: int) -> None:
        model, number = self.clients[client], next(self.numbers)
        accepted = self.runner.run(self.desk.accept(incoming(number, client=client)))
        ((self.chats[client], due),) = accepted.due.items()
        self._arm(model)
        model.heard.append(number)
        model.waiting.append(number)
        assert due == model.due_at

    @rule(client=clients, back=st.integers(1, 4))
    def an_update_comes_again(self, client: int, back: int) -> None:
        again = [incoming(number, client=client) for number in self.clients[client].heard[-back:]]
        assert self.runner.run(self.desk.accept(*again)).due == {}

    @rule(client=clients)
    def a_turn_is_claimed(self, client: int) -> None:
        model = self.clients[client]
        claimed = self.runner.run(self.desk.claim(self.chats.get(client, 0)))
        if model.turn or model.due_at is None:
            assert claimed is None
        elif model.due_at > self.desk.now:
            assert claimed == model.due_at
        else:
            assert isinstance(claimed, Turn)
            self._open(model, claimed)

    @precondition(lambda self: any(client.turn for client in self.clients.values()))
    @rule(client=clients, lost=st.booleans())
    def a_bubble_is_said(self, client: int, lost: bool) -> None:
        model = self.clients[client]
        if model.turn:
            self.runner.run(self._say(model, model.turn, lost=lost))

    @precondition(lambda self: any(client.turn for client in self.clients.values()))
    @rule(client=clients)
    def a_turn_ends(self, client: int) -> None:
        model = self.clients[client]
        if model.turn:
            assert self.runner.run(self.desk.complete(model.turn)) == model.due_at
            model.turn = None

    @rule()
    def the_process_dies(self) -> None:
        self.runner.run(self._die())

    # ------------------------------------------------------------------- parts

    def _arm(self, model: Client) -> None:
        window, now = self.desk.window, self.desk.now
        if model.due_at is None:
            model.first_at = now
        due = min(now + window.quiet, model.first_at + window.cap)
        recent = model.opened[-window.turns_per_minute :]
        full = len(recent) == window.turns_per_minute
        model.due_at = max(due, recent[0] + MINUTE_SECONDS if full else 0.0)

    def _open(self, model: Client, turn: Turn) -> None:
        found = [int(one.message_id or 0) // 10 for one in turn.messages]
        assert found == model.waiting
        model.turn, model.due_at = turn, None
        model.opened.append(turn.opened_at)
        model.taken.append(model.waiting)
        model.waiting, model.said = [], []

    async def _say(self, model: Client, turn: Turn, *, lost: bool) -> None:
        text = f"{turn.fence.turn}.{len(model.said)}"
        draft = bubble(text, len(model.said))
        posted = await self.desk.post(turn, draft, intend_first=True)
        assert posted.sending
        model.said.append(text)
        model.all_said.append(text)
        if not lost:
            arrived = Settled(posted.rows[0].row, OutboxState.SENT, message_id="1")
            await self.desk.post(turn, settled=(arrived,))
        else:
            failed = Settled(posted.rows[0].row, OutboxState.FAILED)
            await self.desk.post(turn, settled=(failed,))

    async def _die(self) -> None:
        dead = self.desk.owner
        await self.desk.journal.do(Retire(dead))
        self.desk.owner = f"{dead}+"
        await self.desk.journal.do(Beat(self.desk.owner, lease=3600.0))
        orphans = await self.desk.journal.do(self.desk.adopting())
        adopted = {turn.chat: turn for turn in orphans.turns}
        for model in self.clients.values():
            if model.turn:
                await self._take_over(model, model.turn, adopted.pop(model.turn.chat))
        assert adopted == {}

    async def _take_over(self, model: Client, old: Turn, new: Turn) -> None:
        assert new.fence.epoch == old.fence.epoch + 1
        assert [row.text for row in new.rows] == model.said
        (refused,) = await self.desk.together(self.desk.posting(old, bubble("troppo tardi", 99)))
        assert isinstance(refused, Stale)
        model.turn = new

    async def _compare(self) -> None:
        """The tables say what the model says."""
        for client, chat in self.chats.items():
            model = self.clients[client]
            stored = await self.desk.stored(updates, chat_id=chat)
            assert [row.update_id for row in stored] == model.heard
            turns = sorted({row.turn_id for row in stored if row.turn_id})
            of_turn = [[r.update_id for r in stored if r.turn_id == turn] for turn in turns]
            assert of_turn == model.taken
            said = await self.desk.stored(outbox, chat_id=chat)
            assert [row.text for row in said] == model.all_said


def test_no_update_is_lost_and_none_is_answered_twice(sqlite: SQLite, tmp_path: Path) -> None:
    run_state_machine_as_test(
        lambda: Machine(sqlite.template, tmp_path),  # type: ignore[arg-type]  # it is only called
        settings=settings(max_examples=15, stateful_step_count=30, deadline=None),
    )
