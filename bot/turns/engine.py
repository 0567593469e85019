"""The engine put together: one object per part, each given what it needs."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.ports import Channel, Clock, Model, NoTools, Switchboard, Telemetry, Toolbox, Vault
from bot.turns.answer import RUNNING_SECONDS, Answering
from bot.turns.attachments import Attachments
from bot.turns.attention import Attention
from bot.turns.brief import Briefing
from bot.turns.budget import Allowance, DayBudget
from bot.turns.calls import Acting
from bot.turns.delivery import Delivery
from bot.turns.door import Door
from bot.turns.doubt import Doubts, InDoubtPolicy
from bot.turns.events import Events, Handler
from bot.turns.history import history_of
from bot.turns.hosts import Hosts
from bot.turns.housekeeping import Housekeeping
from bot.turns.intake import Intake
from bot.turns.lanes import Lanes
from bot.turns.lease import Lease
from bot.turns.mcp import Servers
from bot.turns.patience import SECONDS, lengthened
from bot.turns.phone import Phones
from bot.turns.pruning import Pruning
from bot.turns.redact import Redaction
from bot.turns.runner import Runner
from bot.turns.scheduler import Scheduler
from bot.turns.spares import Spares
from bot.turns.speech import Limits
from bot.turns.stopping import Stops
from bot.turns.tasks import Tasks
from bot.turns.told import Telling
from bot.turns.typing import Typing
from bot.turns.waiting import Waiting
from db.bots import chats_of
from db.chores import told_alerts
from db.engine import Database
from db.journal import Journal
from db.portions import Portion
from db.retention import Retention
from db.window import Window
from tenants.profile import Pace
from tenants.registry import Registry


@dataclass(frozen=True, slots=True)
class Rules:
    """How the host wants the engine to behave."""

    model: str
    limits: Limits
    portion: Portion
    effort: str = "none"  # empty: as the model likes
    window: Window = field(default_factory=Window)
    pace: Pace | None = None
    waiting_seconds: float | None = None
    patience_seconds: float = SECONDS
    daily_token_limit: int = 0
    retention: Retention = field(default_factory=Retention)
    in_doubt: InDoubtPolicy = InDoubtPolicy.PROBE
    hosts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """What the engine is connected to."""

    database: Database
    journal: Journal
    channels: Mapping[str, Channel]  # by their names in addresses
    model: Model
    clock: Clock
    telemetry: Telemetry
    vault: Vault
    has_room: Callable[[], bool] = lambda: True  # to store more
    toolbox: Toolbox = field(default_factory=NoTools)
    switchboard: Switchboard | None = None  # what is done with phone calls


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that others talk to, and the start and the stop of all."""

    outside: Outside
    intake: Intake
    events: Events
    lease: Lease
    lanes: Lanes
    scheduler: Scheduler
    typing: Typing
    hosts: Hosts
    attention: Attention
    housekeeping: Housekeeping
    pruning: Pruning
    doubts: Doubts
    tasks: Tasks
    loops: Tasks

    async def open(self) -> None:
        """Begin to write, and take the lease."""
        self.loops.start(self.outside.journal.serve())
        await self.lease.beat()

    async def start(self, bots: Sequence[int] = ()) -> None:
        """Learn what the tables know, and go on with what these bots left."""
        self.hosts.begin(await self.outside.database.read(told_alerts))
        await self.join(*bots)
        for loop in (
            self.lease.keep(),
            self.scheduler.sweep(),
            self.housekeeping.keep(),
            self.pruning.keep(),
            self.attention.keep(),
        ):
            self.loops.start(loop)

    async def join(self, *bots: int, polled: Iterable[int] = ()) -> None:
        """Speak for these bots from now on, and go on with what they left.

        `polled`: those whose updates may wait at the channel; whoever polls answers the questions
        of `doubts.backlog`.
        """
        for bot_id in polled:
            self.doubts.backlog(bot_id)
        self.lanes.join(*bots)
        self.attention.bots.update(bots)
        await self.scheduler.join(*bots)

    async def leave(self, bot_id: int, *, patience: float = 0.0) -> None:
        """Speak for a bot no more; nothing of it comes in any longer.

        What can be said within `patience` seconds is said, a bubble in flight is finished and
        recorded in any case; the rest goes on when the bot is back. Its rows may be gone, with its
        company: what is under way is found in this process.
        """
        chats = await self.outside.database.read(chats_of, bot_id)
        self.scheduler.leave(bot_id, chats)
        self.attention.bots.discard(bot_id)
        await self.events.leave(bot_id, patience=patience)
        await self.lanes.leave(bot_id, patience=patience)
        await self.scheduler.interrupt(bot_id)
        self.typing.leave(bot_id)
        self.lanes.forget(bot_id)
        self.doubts.leave(bot_id)

    @asynccontextmanager
    async def closed(self, tenant: int) -> AsyncIterator[None]:
        """Do nothing for a tenant while it is deleted; what is left of it afterwards goes on."""
        await self.scheduler.close(tenant)
        try:
            yield
        finally:
            self.scheduler.runner.registry.forget(tenant)
            self.scheduler.reopen(tenant)

    async def stop(self) -> None:
        """No new turns; the bubble in flight is finished and recorded; the rest resumes later."""
        self.outside.telemetry.record("stopping")
        self.scheduler.stop()
        self.typing.stop_all()
        await self.lanes.stop()
        await self.tasks.cancel()
        await self.lease.retire()
        await self.loops.cancel()


def build_engine(outside: Outside, rules: Rules, *, lease: Lease, handler: Handler) -> Engine:
    """Every part of the engine, each named once."""
    tasks, loops = Tasks(outside.telemetry), Tasks(outside.telemetry)
    journal, database, channels, clock, telemetry = (
        outside.journal,
        outside.database,
        outside.channels,
        outside.clock,
        outside.telemetry,
    )
    typing = Typing(channels, clock, tasks)
    doubts = Doubts(rules.in_doubt, channels, clock, lease, telemetry)
    delivery = Delivery(journal, channels, clock, lease, typing, doubts, telemetry, outside.vault)

    # Lanes and events come before the scheduler they call.
    def begin_anew(chat: int, error: Exception) -> None:
        scheduler.broken(chat, error)

    def arm(chat: int, due_at: float) -> None:
        scheduler.arm(chat, due_at)

    lanes = Lanes(delivery, tasks, broken=begin_anew)
    bots = set[int]()
    hosts = Hosts(rules.hosts, journal, database, channels, lanes, clock, telemetry, bots)
    stops = Stops(database, outside.toolbox, telemetry)
    events = Events(
        journal,
        lanes,
        clock,
        tasks,
        telemetry,
        hosts,
        arm=arm,
        stop=stops.stop,
        handler=handler,
        window=rules.window,
    )
    registry, allowance = Registry(database), Allowance(database, clock, rules.daily_token_limit)
    attention = Attention(
        journal,
        database,
        registry,
        outside.toolbox,
        channels,
        lanes,
        hosts,
        clock,
        telemetry,
        bots,
    )
    redaction = Redaction(database, outside.vault, clock, channels, asks=outside.toolbox.declares)
    spares = Spares(outside.model, journal, clock, tasks, telemetry)
    briefing = Briefing(channels, rules.model, rules.effort, telemetry)
    runner = Runner(
        journal=journal,
        registry=registry,
        lanes=lanes,
        channels=channels,
        clock=clock,
        typing=typing,
        answering=Answering(
            outside.model,
            journal,
            clock,
            lease,
            telemetry,
            spares,
            history_of(database, briefing, clock),
            running_seconds=lengthened(RUNNING_SECONDS, effort=rules.effort),
        ),
        acting=Acting(
            *(
                outside.toolbox,
                database,
                journal,
                lease,
                clock,
                telemetry,
                attention.wake,
                channels,
            ),
            Servers(database, journal, clock, outside.vault, telemetry, outside.toolbox.declares),
            Phones(outside.switchboard, lanes, channels, clock),
        ),
        briefing=briefing,
        attachments=Attachments(
            channels,
            outside.model,
            journal,
            clock,
            briefing,
            hosts,
            redaction,
            telemetry,
            rules.patience_seconds,
        ),
        telling=Telling(database, channels, clock),
        hosts=hosts,
        attention=attention,
        door=Door(journal, database, clock, rules.hosts),
        budget=DayBudget(database, clock, allowance, hosts),
        waiting=Waiting(journal, channels, lanes, clock, tasks),
        stops=stops,
        telemetry=telemetry,
        limits=rules.limits,
        pace=rules.pace,
        waiting_seconds=rules.waiting_seconds,
        patience_seconds=lengthened(rules.patience_seconds, effort=rules.effort),
    )
    scheduler = Scheduler(
        journal,
        clock,
        lease,
        lanes,
        events,
        runner,
        tasks,
        telemetry,
        rules.portion,
        rules.window,
    )
    return Engine(
        outside=outside,
        intake=Intake(
            journal,
            channels,
            clock,
            scheduler,
            events,
            lanes,
            typing,
            rules.window,
            redaction,
            hosts,
            spares,
            outside.has_room,
        ),
        events=events,
        lease=lease,
        lanes=lanes,
        scheduler=scheduler,
        typing=typing,
        hosts=hosts,
        attention=attention,
        housekeeping=Housekeeping(journal, database, outside.model, clock, telemetry),
        pruning=Pruning(
            journal,
            database,
            rules.retention,
            {name: one.search.numbering for name, one in channels.items() if one.search},
            clock,
            telemetry,
        ),
        doubts=doubts,
        tasks=tasks,
        loops=loops,
    )
