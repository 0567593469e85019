"""The composition root: every concrete class is named here, once."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass

from bot.errors import ConfigError
from bot.front.commands import Place
from bot.llm.model import OpenAIModel, open_model, watch_model
from bot.net.ami import AMI
from bot.net.fence import Perimeter
from bot.net.outside import Outbound, open_outside
from bot.net.sessions import new_session
from bot.net.ways import Ways
from bot.ops.clock import SystemClock
from bot.ops.database import served_database, watch_database
from bot.ops.logs import LogTelemetry
from bot.ops.stopping import until_stopped
from bot.ops.vault import KeyVault
from bot.ops.volume import FreeSpace
from bot.ports import Clock, Telemetry, Toolbox
from bot.rules import rules_of
from bot.settings import Settings, environment
from bot.telegram.account import BotIdentity, TelegramBot, bot_number, connecting, sign_in
from bot.telegram.admin.joining import invite_first_host
from bot.telegram.admin.menus import Menus
from bot.telegram.admin.versions import trials, version_commands
from bot.telegram.calls import Calls
from bot.telegram.channel import TelegramChannel
from bot.telegram.fleet.fleet import Fleet, Roster
from bot.telegram.ids import Ids
from bot.telegram.limiter import Limiter
from bot.telegram.office import Office
from bot.telegram.request import Request
from bot.telegram.search import TelegramSearch
from bot.tools.company.toolbox import CompanyToolbox
from bot.tools.kit.toolbox import FileToolbox
from bot.turns.engine import Engine, Outside, build_engine
from bot.turns.entrance import Entrance
from bot.turns.lease import Lease
from db.engine import Database
from db.journal import Journal, Observer, both
from db.records import TELEGRAM, Event
from tenants.heir import provide_tenant

CONNECTIONS = 256
ModelOpener = Callable[..., AbstractAsyncContextManager[OpenAIModel]]


@dataclass(frozen=True, slots=True)
class App:
    """Sportello, configured and not yet started."""

    settings: Settings
    clock: Clock
    telemetry: Telemetry
    observe: Observer
    openai: ModelOpener
    toolbox: Toolbox
    entrances: Sequence[Entrance] = ()
    public_url: str | None = None  # where pages reach us on the web; None: nowhere
    leads_to_telegram: bool = True  # whether their visitors may be sent there

    async def run(
        self,
        stop: asyncio.Event,
        *,
        ready: Callable[[BotIdentity | None], object] = lambda _: None,
        hostless: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Serve until `stop` is set; `ready` is called when the bot, if there is one, listens.

        While there is no host, `hostless` is called as well, with the link that makes one.
        Raises ConfigError for what the host must mend before a start.
        """
        await asyncio.to_thread(self.toolbox.load)
        settings, ways = self.settings, Ways.of(self.settings)
        key = settings.openai_api_key
        way = ways.to(settings.telegram_api_url)
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(self._database())
            model = await stack.enter_async_context(
                self.openai(
                    api_key=key.get_secret_value() if key else None,
                    base_url=settings.openai_base_url,
                    way=ways.to(settings.openai_base_url),
                    marks_prefix=settings.openai_cache_mark,
                    transcription_model=settings.openai_transcription_model,
                )
            )
            # Long polls have a session without a limit: in one with messages they would hold the
            # connections that these need.
            calls = await stack.enter_async_context(new_session(connections=CONNECTIONS, way=way))
            polls = await stack.enter_async_context(new_session(connections=0, way=way))
            vault = KeyVault.open(settings.secret_key)
            connect = connecting(settings.telegram_api_url, Request(calls))
            room = FreeSpace(self.settings.disk_min_free_megabytes, self._tell_shortage)
            toolbox = self.toolbox
            if settings.tenant_tools:
                outside = await stack.enter_async_context(
                    open_outside(settings.tenant_tools_inside)
                )
                toolbox = CompanyToolbox(toolbox, database, vault, outside, self.telemetry)
            parts = _Parts(database, model, vault, connect, Request(polls), room, toolbox)

            if settings.web_alone:
                return await self._serve_alone(parts, stop, ready)

            async def welcome(journal: Journal, me: BotIdentity) -> None:
                now, hosts = self.clock.now(), settings.admin_ids
                link = await invite_first_host(journal, username=me.username, hosts=hosts, now=now)
                ready(me)
                if link:
                    hostless(link)

            await self._serve(parts, stop, welcome)

    async def _serve(
        self,
        parts: "_Parts",
        stop: asyncio.Event,
        ready: Callable[[Journal, BotIdentity], Awaitable[None]],
    ) -> None:
        bot, roster, ids = parts.connect(self._token()), Roster(), Ids()
        host = await sign_in(bot, api_url=self.settings.telegram_api_url)
        engine = self._engine(parts, roster, ids)

        def closed(tenant: int) -> AbstractAsyncContextManager[None]:
            return fleet.closed(tenant)  # the office comes before the fleet that it calls

        office = self._office(parts, roster, engine, closed)
        fleet = self._fleet(parts, roster, engine, office, ids)
        await engine.open()
        journal, now = engine.outside.journal, self.clock.now()
        await provide_tenant(journal, parts.database, bot_id=host.me.id, now=now)
        await engine.start()
        watch = watch_model(parts.model, self.settings.openai_model, self.telemetry)
        for loop in (watch, office.menus.keep()):
            engine.loops.start(loop)
        try:
            await fleet.open(host)
            for entrance in self.entrances:
                await entrance.serve(engine)
            await ready(journal, host.me)
            looking = watch_database(parts.database, parts.room, self.clock)
            await until_stopped(stop, fleet.watch(), looking)
        finally:
            for entrance in self.entrances:
                await entrance.stop()
            await fleet.stop()
            await engine.stop()

    async def _serve_alone(
        self, parts: "_Parts", stop: asyncio.Event, ready: Callable[[None], object]
    ) -> None:
        """Without a bot in Telegram; companies are set up from the command line."""
        engine = self._engine(parts, Roster(), Ids())
        await engine.open()
        await engine.start()
        engine.loops.start(watch_model(parts.model, self.settings.openai_model, self.telemetry))
        try:
            for entrance in self.entrances:
                await entrance.serve(engine)
            ready(None)
            await until_stopped(stop, watch_database(parts.database, parts.room, self.clock))
        finally:
            for entrance in self.entrances:
                await entrance.stop()
            await engine.stop()

    def _engine(self, parts: "_Parts", roster: Roster, ids: Ids) -> Engine:
        calls = Calls(accounts=roster.accounts, limiter=Limiter(), clock=self.clock)
        channel = TelegramChannel(calls, TelegramSearch(parts.database, calls, ids))
        journal = Journal(parts.database, self.observe)
        lease = Lease(
            owner=uuid.uuid4().hex,
            seconds=self.settings.lease_seconds,
            alone=parts.database.sqlite,
            clock=self.clock,
            journal=journal,
            telemetry=self.telemetry,
        )
        entrances = {entrance.name: entrance for entrance in self.entrances}
        outside = Outside(
            parts.database,
            journal,
            {TELEGRAM: channel} | {name: one.channel for name, one in entrances.items()},
            parts.model,
            self.clock,
            self.telemetry,
            parts.vault,
            parts.room,
            parts.toolbox,
            AMI.at(self.settings.ami_url, self.settings.ami_context, self.telemetry.warn),
        )

        async def handle(event: Event) -> None:
            its = entrances.get(event.address.channel) if event.address else None
            await (its.handle if its else roster.handle)(event)

        return build_engine(outside, rules_of(self.settings), lease=lease, handler=handle)

    @staticmethod
    def _fleet(parts: "_Parts", roster: Roster, engine: Engine, office: Office, ids: Ids) -> Fleet:
        return Fleet(
            roster=roster,
            engine=engine,
            ids=ids,
            polls=parts.polls,
            connect=parts.connect,
            groups=office.handlers,
            greet=office.greet,
        )

    def _office(
        self,
        parts: "_Parts",
        roster: Roster,
        engine: Engine,
        closed: Callable[[int], AbstractAsyncContextManager[None]],
    ) -> Office:
        hosts = frozenset(self.settings.admin_ids)
        trying = trials(engine, rules_of(self.settings))
        return Office(
            database=parts.database,
            journal=engine.outside.journal,
            channels=engine.outside.channels,
            clock=self.clock,
            telemetry=self.telemetry,
            redaction=engine.intake.redaction,
            hosts=hosts,
            model=self.settings.openai_model,
            menus=Menus(roster.accounts, parts.database, self.clock, hosts),
            catalogue=parts.model,
            toolbox=parts.toolbox,
            fence=Perimeter(self.settings.tenant_tools_inside),
            versions=version_commands(engine, rules_of(self.settings), trying, roster.bot_of),
            resume=trying.resume,
            connect=parts.connect,
            host=bot_number(self._token()),
            bots_changed=roster.changed.set,
            attention=engine.attention,
            closed=closed,
            public_url=self.public_url,
            leads_to_telegram=self.leads_to_telegram,
            managed_bots=self.settings.managed_bots,
            kept_days=self.settings.retention_days,
            place=Place.of(offline=self.settings.offline, openai=self.settings.at_openai),
        )

    def _token(self) -> str:
        token = self.settings.telegram_bot_token
        if token is None:
            raise ConfigError("TELEGRAM_BOT_TOKEN is not set")
        return token.get_secret_value()

    def _database(self) -> AbstractAsyncContextManager[Database]:
        url, anywhere = self.settings.database_url, self.settings.sqlite_anywhere
        return served_database(url.get_secret_value(), self.telemetry, anywhere=anywhere)

    def _tell_shortage(self, megabytes: int) -> None:
        self.telemetry.warn("little room on the disk", megabytes=megabytes)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is open while the application runs."""

    database: Database
    model: OpenAIModel
    vault: KeyVault
    connect: Callable[[str], TelegramBot]  # the library's object for a token
    polls: Request
    room: FreeSpace
    toolbox: Toolbox


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    telemetry: Telemetry | None = None,
    observe: Observer = lambda *_: None,
    openai: ModelOpener = open_model,
    entrances: Sequence[Entrance] = (),
    toolbox: Toolbox | None = None,
    public_url: str | None = None,
    leads_to_telegram: bool = True,
    way_out: Callable[[], AbstractAsyncContextManager[Outbound]] = open_outside,
) -> App:
    """The application; its outside edges are arguments with real defaults.

    `leads_to_telegram`: not where it is emulated. `way_out`: to files that programs name.
    """
    clock, telemetry = clock or SystemClock(), telemetry or LogTelemetry()
    toolbox = toolbox or FileToolbox(settings.tools_dir, environment())
    if settings.http_port is not None:
        from bot.serving import open_server  # noqa: PLC0415 - a server takes 3 MB

        public_url = public_url or settings.http_public_url or settings.http_url
        web = open_server(settings, clock, leads_to_telegram=leads_to_telegram, way_out=way_out)
        entrances, observe = (*entrances, web), both(observe, web.streams.note)
    return App(
        settings,
        clock,
        telemetry,
        observe,
        openai,
        toolbox,
        entrances,
        public_url,
        leads_to_telegram,
    )
