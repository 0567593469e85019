"""One turn's answer by itself: a model that errs as it is told, and tables that refuse nothing."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from bot.core.calls import McpServer, Output
from bot.ops.vault import KeyVault
from bot.ports import Answer, Item, Line, ModelEvent, Question, Speaker
from bot.turns.answer import Answering, Heard
from bot.turns.brief import Brief
from bot.turns.calls import Acting, TurnCalls
from bot.turns.contexts import Contexts
from bot.turns.delivery import Delivery
from bot.turns.doubt import Doubts, InDoubtPolicy
from bot.turns.lane import Lane
from bot.turns.lanes import Lanes
from bot.turns.lease import Lease
from bot.turns.mcp import Servers, TurnServers
from bot.turns.patience import Patience
from bot.turns.spares import Spares
from bot.turns.speech import Speech
from bot.turns.tasks import Tasks
from bot.turns.typing import Typing
from bot.turns.wariness import Wariness
from db.calls import CallRow, NoteCalls
from db.engine import Database
from db.mcp import ServerRow
from db.operations import NoteResponse, SetConversation
from db.records import TELEGRAM, Turn
from db.transaction import Operation
from tenants.profile import Pace
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import NOON, FakeClock, rounds
from tests.fakes.model import FakeModel
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tools import FakeTool
from tests.turns.desk import LIMITS, PROFILE
from tests.turns.lane import NO_DATABASE, Tables
from tests.turns.records import TURN

R = TypeVar("R")
OLD, NEW = "conv_old", "conv_1"  # the thread's conversation, and the first that is made anew
LATER = replace(TURN, conversation_id=OLD, last_item_id="msg_old")  # not the first of its thread
WORDS = (Line(Speaker.CLIENT, "?"),)
BRIEF = Brief(WORDS, (), "", "gpt-6-luna", "none", cache_key="", safety_identifier="")
ROOMS = McpServer("rooms", "https://rooms.example/mcp")


@dataclass(slots=True)
class Kept(Tables):
    """What was written down."""

    done: list[Operation[Any]] = field(default_factory=list)
    lost: Exception | None = None  # raised where the turn is another process's

    async def do(self, operation: Operation[R]) -> R:
        if self.lost and isinstance(operation, NoteResponse):
            raise self.lost
        self.done.append(operation)
        if isinstance(operation, NoteCalls):
            return cast(R, True)
        return await Tables.do(self, operation)


class NothingStored:
    """A database that holds nothing of what is read."""

    async def read(self, *_: object, **__: object) -> Mapping[str, Any]:
        return {}


@dataclass(slots=True)
class Watched(FakeModel):
    """A model, and what it was asked when."""

    clock: FakeClock = field(default_factory=FakeClock)
    at: list[float] = field(default_factory=list)  # seconds, of each question
    looked: list[str] = field(default_factory=list)  # for an answer: ids
    refuses_outputs: Exception | None = None

    async def ask(self, question: Question) -> AsyncGenerator[ModelEvent, None]:
        self.at.append(round(self.clock.time - NOON, 2))
        async for event in FakeModel.ask(self, question):
            yield event

    async def retrieve(self, response_id: str) -> Answer:
        self.looked.append(response_id)
        return await FakeModel.retrieve(self, response_id)

    async def items_after(self, conversation_id: str, item_id: str | None) -> tuple[Item, ...]:
        self.looked.append(conversation_id)
        return await FakeModel.items_after(self, conversation_id, item_id)

    async def answer_calls(self, conversation_id: str, outputs: Sequence[Output]) -> None:
        if self.refuses_outputs:
            raise self.refuses_outputs
        await FakeModel.answer_calls(self, conversation_id, outputs)


@dataclass(slots=True)
class Reply:
    """A turn that is answered; `rows` are its calls, as far as a dead process left some."""

    turn: Turn = LATER
    tools: Sequence[FakeTool] = ()
    rows: Sequence[CallRow] = ()
    servers: Sequence[McpServer] = ()
    before: Sequence[Line] = ()  # what was said in the thread
    texts: Sequence[str] = ()  # what is written of the reply
    alone: bool = True
    recalled: list[int] = field(default_factory=list)  # how many lines, each time
    clock: FakeClock = field(default_factory=FakeClock)
    channel: FakeChannel = field(default_factory=FakeChannel)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    journal: Kept = field(default_factory=lambda: Kept(NO_DATABASE))
    model: Watched = field(init=False)
    patience: Patience = field(init=False)
    lease: Lease = field(init=False)
    lane: Lane = field(init=False)
    speech: Speech = field(init=False)
    calls: TurnCalls = field(init=False)

    def __post_init__(self) -> None:
        clock, journal, telemetry = self.clock, self.journal, self.telemetry
        self.model, self.patience = Watched(clock=clock), Patience(clock)
        self.lease = Lease("first", 30.0, self.alone, clock, journal, telemetry)
        channels, tasks = {TELEGRAM: self.channel}, Tasks(telemetry)
        self.channel.begins(NO_DATABASE)
        doubts = Doubts(InDoubtPolicy.SKIP, channels, clock, self.lease, telemetry)
        typing = Typing(channels, clock, tasks)
        delivery = Delivery(
            journal, channels, clock, self.lease, typing, doubts, telemetry, KeyVault()
        )
        lanes = Lanes(delivery, tasks, broken=lambda *_: None)
        self.lane = lanes.open(self.turn.chat, self.turn.address)
        self.lane.begin(self.turn.fence, pace=Pace.OFF)
        self.speech = Speech(
            lanes, self.lane, self.channel, self.turn.fence.turn, None, [*self.texts], LIMITS
        )
        self.calls = self._calls()

    def _calls(self) -> TurnCalls:
        nothing, none = cast(Database, NothingStored()), cast(Any, None)
        its = Servers(nothing, self.journal, self.clock, KeyVault(), self.telemetry, allowed=True)
        opened = {
            one.label: (ServerRow(at, 1, one.label, "", ""), one)
            for at, one in enumerate(self.servers, 1)
        }
        acting = Acting(
            none,
            nothing,
            self.journal,
            self.lease,
            self.clock,
            self.telemetry,
            told=lambda: None,
            channels={TELEGRAM: self.channel},
            servers=its,
            phones=none,
        )
        by_name = {tool.name: tool for tool in self.tools}
        return TurnCalls(
            acting,
            self.turn,
            PROFILE,
            self.patience,
            Contexts(self.turn, PROFILE, nothing, self.clock, none, None),
            TurnServers(its, self.turn, {}, opened),
            by_name.get,
            by_name,
            {row.call_id: row for row in self.rows},
            Wariness(whole=False, untrusted=frozenset()),
        )

    async def hears(self, *scripts: list[Any]) -> Heard:
        """Let the model answer so, and time pass until the turn has its answer, or has none."""
        self.model.will(*scripts)
        answering = asyncio.ensure_future(self._answer())
        await rounds()
        while not answering.done():
            due = self.clock.next_due()
            assert due is not None, "it waits for nothing"
            self.clock.jump(due)
            await rounds()
        heard = await answering
        assert not self.model.scripts, "the model was asked less often than the test said"
        return heard

    async def _answer(self) -> Heard:
        model, journal, clock, telemetry = self.model, self.journal, self.clock, self.telemetry
        spares = Spares(model, journal, clock, Tasks(telemetry), telemetry)
        answering = Answering(model, journal, clock, self.lease, telemetry, spares, self._recall)
        return await answering.answer(self.turn, BRIEF, self.speech, self.patience, self.calls)

    async def _recall(self, _: Turn, most: int) -> Sequence[Line]:
        self.recalled.append(most)
        return self.before[:most]

    @property
    def asked(self) -> list[str]:
        """The conversations that were asked, one after the other."""
        return [question.conversation_id for question in self.model.asked]

    @property
    def thread(self) -> str | None:
        """The conversation that the thread has in the end."""
        became = [one for one in self.journal.done if isinstance(one, SetConversation)]
        return became[-1].conversation_id if became else self.turn.conversation_id

    @property
    def said(self) -> list[str]:
        return list(self.speech.texts)
