"""The whole program between an emulated Telegram and an emulated OpenAI: a stage for dialogues.

    anna = stage.person("Anna")
    stage.will_say("Buongiorno!", "Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears(AI_NOTICE, "Buongiorno!", "Dalle 14:00.")

A test must tell whatever its people hear, to the last bubble, and whatever the host is warned of.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from blockbuster import BlockBuster
from sqlalchemy import text
from yarl import URL

from bot.app import ModelOpener, build
from bot.llm.model import open_model
from bot.net.outside import open_outside
from bot.playground.openai import Emulator, Fault, FaultKind, Reply
from bot.playground.openai.draft import write_reply
from bot.playground.openai.items import said
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault as TelegramFault
from bot.playground.telegram.records import Chat, ChatType, Status
from bot.playground.telegram.server import build_app
from bot.ports import Telemetry
from bot.settings import Settings
from db.engine import Database
from db.journal import apply
from db.tenants import SaveProfile
from db.transaction import Operation
from tenants.profile import Profile
from tests.databases import SEEDED_AT, opened
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.tools import FakeToolbox
from tests.labels import dialogue
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.blocking import watch_loop
from tests.scenarios.clock import HastyClock
from tests.scenarios.people import BOT, Json, Person, Place
from tests.scenarios.process import Process, start
from tests.scenarios.reading import bubbles_of, text_in, texts_stored, undated

TOKEN = f"{BOT}:AAsecretsecretsecretsecretsecretsec"
KEY = "sk-proj-very-secret-0123456789"
AI_NOTICE = "Le risponde un assistente AI."
WELCOME = "Benvenuti all'Hotel Aurora!"
HOTEL = Profile(
    company_name="Hotel Aurora", ai_notice=AI_NOTICE, welcome=WELCOME, contact="+39 045 000 0142"
)
UNREST = """
SELECT (SELECT count(*) FROM turns WHERE state = 'open')
     + (SELECT count(*) FROM updates WHERE state = 'accepted')
     + (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'doubt'))
"""


@dataclass(slots=True, repr=False)  # all that was said on it would be told of a test that fails
class Stage:
    """Telegram, OpenAI and a database; and the program, while it runs."""

    database: Database
    settings: dict[str, Any]
    telegram: TelegramEmulator
    openai: Emulator
    clock: HastyClock
    network: AsyncExitStack  # Telegram's server, while it can be reached
    open_model: ModelOpener = open_model
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    places: list[Any] = field(default_factory=list)
    bots: set[int] = field(default_factory=lambda: {BOT})  # those that the program should hear
    process: Process | None = None
    watch: BlockBuster = field(default_factory=watch_loop)
    commits: int = 0
    committed: list[Operation[Any]] = field(default_factory=list)
    entrances: Sequence[Any] = ()  # channels beside Telegram: `bot.turns.entrance.Entrance`
    public_url: str | None = None  # where pages would reach the program
    leads_to_telegram: bool = True  # whether their visitors may be sent there
    way_out: Any = open_outside  # to files that programs name
    toolbox: FakeToolbox = field(default_factory=FakeToolbox)
    _expected: set[str] = field(default_factory=set)
    _possible: set[str] = field(default_factory=set)

    # ------------------------------------------------------------- the program

    async def opens(self, *, telemetry: Telemetry | None = None, **settings: Any) -> None:
        """Start the program; settings stay for the next start."""
        self.settings |= settings
        app = build(
            Settings(_env_file=None, **self.settings),
            clock=self.clock,
            telemetry=telemetry or self.telemetry,
            observe=self._note_commit,
            openai=self.open_model,
            entrances=self.entrances,
            toolbox=self.toolbox,
            public_url=self.public_url,
            leads_to_telegram=self.leads_to_telegram,
            way_out=self.way_out,
        )
        self.process = await start(app)
        self.watch.activate()

    async def closes(self) -> None:
        """Stop it as on SIGTERM."""
        await self._leave().stops()

    async def stops_while(self, something: Callable[[], object]) -> None:
        """Stop it; something happens once it has begun to, and is waited for."""
        process, before = self._leave(), self.telemetry.count("stopping")
        process.stop.set()
        await self.until(lambda: self.telemetry.count("stopping") > before)
        something()
        await process.main

    async def ended(self) -> None:
        """Wait until it ends by itself; raises what it ended with."""
        await self._leave().main

    async def dies(self) -> None:
        """Kill it; on PostgreSQL its lease is taken for ended."""
        await self._leave().dies()
        await self.runs("UPDATE workers SET expires_at = 0")

    def _leave(self) -> Process:
        assert self.process is not None, "the program does not run"
        process, self.process = self.process, None
        self.watch.deactivate()
        return process

    def _note_commit(self, operations: Sequence[Operation[Any]], _: object) -> None:
        self.commits += 1
        self.committed += operations
        self.telegram.events.notify()

    # ------------------------------------------------------------- people and places

    def person(self, name: str, language: str | None = "it") -> Person:
        made = self.telegram.accounts.add_person(name, language_code=language)
        self.places.append(person := Person(self, made.id))
        return person

    def group(self, *people: Person, supergroup: bool = False) -> Place:
        """A group where the bot, an administrator, sees everything."""
        kind = ChatType.SUPERGROUP if supergroup else ChatType.GROUP
        return self._place(self._add_group(kind, people).id)

    def forum(self, topics: Sequence[str], *people: Person) -> list[Place]:
        """The topics of a supergroup."""
        chat = self._add_group(ChatType.SUPERGROUP, people, topics=topics)
        return [self._place(chat.id, topic) for topic in chat.topics]

    def migrates(self, group: Place) -> Place:
        """The group becomes a supergroup."""
        return self._place(self.telegram.accounts.migrate(group.chat_id).id)

    def removes_bot(self, group: Place) -> None:
        """Somebody throws the bot out of the group."""
        self.telegram.accounts.set_member(group.chat_id, BOT, Status.KICKED)

    def _add_group(
        self, kind: ChatType, people: Sequence[Person], *, topics: Sequence[str] = ()
    ) -> Chat:
        members = {person.chat_id: Status.MEMBER for person in people}
        members[BOT] = Status.ADMINISTRATOR
        return self.telegram.accounts.add_group("Ospiti", members=members, type=kind, topics=topics)

    def _place(self, chat_id: int, topic: int | None = None) -> Place:
        self.places.append(place := Place(self, chat_id, topic))
        return place

    # ------------------------------------------------------------- the model

    def will_say(self, *bubbles: str, raw: str | None = None, **how: Any) -> None:
        """The model's next answer, character by character."""
        reply = Reply(raw=write_reply(bubbles) if raw is None else raw, **how)
        self.openai.script.add([replace(reply, chunks=len(reply.raw or ""))])

    def openai_fails(self, kind: FaultKind, **how: Any) -> None:
        self.openai.faults.add(Fault(kind, **how))

    def asked(self) -> list[Json]:
        """The requests for an answer so far."""
        requests = self.openai.records.requests
        return [r.body or {} for r in requests if (r.method, r.path) == ("POST", "/v1/responses")]

    def inputs(self) -> list[list[str]]:
        """What clients said, or we said for them, in each request for an answer."""
        said = (((i["role"], text_in(i)) for i in b.get("input", [])) for b in self.asked())
        return [[text for _, text in dialogue(lines)] for lines in said]

    def remembered(self) -> list[tuple[str, str]]:
        """Who said what in the conversation of the last request, as OpenAI keeps it."""
        conversation = self.openai.state.conversation(self.asked()[-1]["conversation"])
        told = dialogue((line.role, line.text) for line in said([*conversation.items.values()]))
        return [(role, bubble) for role, text in told for bubble in bubbles_of(text)]

    async def publishes(self, **changes: Any) -> None:
        """What an admin does: a new version of the profile."""
        rows = await self.rows("SELECT body FROM profiles ORDER BY version DESC LIMIT 1")
        await give_tenant(self.database, Profile(**{**json.loads(rows[0][0]), **changes}))

    # ------------------------------------------------------------- trouble

    def telegram_fails(
        self, name: str, *, method: str = "sendMessage", count: int | None = 1, **how: Any
    ) -> None:
        """A fault by its short name, such as "429" or "lose_after"."""
        self.telegram.faults.add(TelegramFault.named(name, method=method, **how), count=count)

    async def breaks_profile(self) -> None:
        """As if another version of the program had written it."""
        await self.runs("""UPDATE profiles SET body = '{"language": "eo"}'""")

    async def unplugs(self) -> None:
        """Telegram can no longer be reached."""
        await self.network.aclose()

    async def plugs_in(self) -> None:
        """It can again, under the same address."""
        port = URL(self.settings["telegram_api_url"]).port or 0
        await self.network.enter_async_context(serve(build_app(self.telegram), port=port))

    def warned(self, event: str, *, times: int = 1) -> bool:
        return self.telemetry.count(event) >= times

    def injects(self, **update: Any) -> None:
        """An update that no person of the emulator could cause."""
        self.telegram.world.updates[BOT].inject(update)

    def answered_presses(self) -> int:
        """How many presses of buttons the bot has answered, on a busy machine perhaps too late."""
        calls = self.telegram.calls.of("answerCallbackQuery")
        return sum(call.answered_at is not None for call in calls)

    def warns(self, *events: str) -> None:
        """What the host is warned of in this test, besides what was told before."""
        self._expected |= set(events)

    def may_warn(self, *events: str) -> None:
        """What the host may be warned of, by how far things were when trouble came."""
        self._possible |= set(events)

    # ------------------------------------------------------------- waiting

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when it holds; it is asked again at each call, message and commit."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.telegram.until(condition)

    async def settles(self) -> None:
        """Return when every update is finished, and every message and edit has arrived."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                await self.telegram.until(lambda: not self.pending())
                before = self.commits
                if await self.count(UNREST) or self.pending():
                    await self.telegram.until(
                        lambda: self.commits > before or self.pending() > 0  # noqa: B023 - awaited
                    )
                elif following := self.process.following() if self.process else ():
                    await asyncio.wait(following)
                else:
                    return

    def pending(self) -> int:
        """How many updates wait at Telegram."""
        return sum(self.telegram.world.updates[bot].pending for bot in self.bots)

    async def count(self, query: str) -> int:
        """The only number of a query's only row."""
        return int(await self.database.read(lambda c: c.execute(text(query)).scalar_one()))

    async def runs(self, command: str) -> None:
        """Change the database behind the program's back."""
        await self.database.write(lambda c: c.execute(text(command)))

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [*map(tuple, await self.database.read(lambda c: c.execute(text(query)).all()))]

    async def everything_stored(self) -> list[str]:
        """Each text of the database."""
        return await self.database.read(texts_stored)

    # ------------------------------------------------------------- the end

    async def ends(self) -> None:
        """Nothing is left over: no bubble, no reply, no fault and no warning."""
        if self.process:
            await self.settles()
            await self.closes()
        untold = {(place.chat_id, place.bot): place.untold() for place in self.places}
        assert {chat: [m["text"] for m in found] for chat, found in untold.items() if found} == {}
        warnings = [(undated(event), fields) for event, fields in self.telemetry.warnings]
        assert [one for one in warnings if one[0] not in self._expected | self._possible] == []
        assert {event for event, _ in warnings} >= self._expected
        assert self.openai.records.unexpected == []
        assert self.openai.script.left() == 0, "the model was asked less often than the test said"
        assert self.openai.faults.pending() == [], "a fault of OpenAI's never struck"
        assert not [p for p in self.telegram.faults.planned if p.left], "one of Telegram's neither"


@asynccontextmanager
async def on_stage(url: str, *, profile: Profile = HOTEL) -> AsyncIterator[Stage]:
    """A stage on which the program does not run yet."""
    clock, openai = HastyClock(), Emulator()
    telegram = TelegramEmulator(now=clock.now)
    telegram.accounts.add_bot(TOKEN, username="aurora_bot", first_name="Aurora")
    openai.script.strict = True
    async with (
        opened(url) as database,
        AsyncExitStack() as network,
        serve(openai.app()) as openai_url,
    ):
        telegram_url = await network.enter_async_context(serve(build_app(telegram)))
        await give_tenant(database, profile)
        settings = {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": telegram_url,
            "openai_api_key": KEY,
            "openai_base_url": f"{openai_url}/v1",
            "database_url": url,
            "pace": "off",
            **dict.fromkeys(("turns_per_minute", "waiting_seconds"), 0),
            "turn_patience_seconds": 3600,  # a busy machine is no model that says nothing
            "lease_seconds": 600,
        }
        stage = Stage(database, settings, telegram, openai, clock, network)
        stage.telemetry.told = openai.records.noted = telegram.events.notify
        try:
            yield stage
            await stage.ends()
        finally:
            if stage.process:
                await stage.dies()
    telegram.close()


async def give_tenant(database: Database, profile: Profile) -> None:
    """What an admin publishes: the next version of the one tenant's profile."""
    save = SaveProfile("hotel", profile.model_dump_json(), "test", SEEDED_AT)
    await database.write(lambda connection: apply(connection, [save]))
