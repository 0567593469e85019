"""The channel joined with the engine: what clients do there is answered as on every channel."""

import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from starlette.types import ASGIApp

from bot.core.secrets import LEAKS, MARK, SecretKind
from bot.errors import ConfigError
from bot.front import languages
from bot.front.access import AccessCodes
from bot.front.answers import Answers
from bot.front.commands import Commands, Place
from bot.front.event import ClientEvent
from bot.front.here import Here
from bot.front.keys import Keys
from bot.front.languages import Languages
from bot.front.leaks import Leaks
from bot.front.ratings import RATE, Ratings
from bot.turns import keys
from bot.turns.engine import Engine
from bot.web import letter
from bot.web.channel import WebChannel
from bot.web.server import serve
from bot.web.streams import Streams, looking
from db.records import Actor, Event
from db.sessions import web_bots
from db.sites import WEB

JOIN_SECONDS: Final = 5.0  # between two looks for sites that are new, or gone
SpeakFor = Callable[[int], Awaitable[None]]
Application = Callable[[Engine, SpeakFor], ASGIApp]


@dataclass(slots=True)
class WebEntrance:
    """`bot.turns.entrance.Entrance` over HTTP.

    `app`: what is served, once there is an engine. `port` 0: any that is free. `kept_days`,
    `place`: what is told of privacy.
    """

    channel: WebChannel
    streams: Streams
    app: Application
    host: str
    port: int
    kept_days: float
    place: Place
    name: str = WEB
    url: str = ""  # once it is served
    _engine: Engine | None = None
    _joined: set[int] = field(default_factory=set)
    _served: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def engine(self) -> Engine:
        """Only once it was joined: events come then."""
        if self._engine is None:
            raise RuntimeError("no engine was joined")
        return self._engine

    async def serve(self, engine: Engine) -> None:
        """Join the engine, and let requests in. Raises ConfigError."""
        self._engine = engine
        self.channel.shelf.database = engine.outside.database
        if not engine.outside.vault.sealed:
            raise ConfigError(
                "HTTP_PORT is set, and sessions need SECRET_KEY: `sportello secret-key` makes one"
            )
        await self._join(engine)
        app = self.app(engine, self._speak_for)
        server = serve(app, host=self.host, port=self.port, ending=self.streams.end)
        try:
            self.url = await self._served.enter_async_context(server)
        except OSError as error:
            # asyncio's own words name the address, and the system's behind it, once more.
            why = os.strerror(error.errno) if error.errno else "it cannot be used"
            raise ConfigError(f"HTTP_PORT {self.port} on {self.host}: {why}") from None
        engine.outside.telemetry.record("http served", url=self.url)
        joining = looking(partial(self._join, engine), engine.outside.clock, JOIN_SECONDS)
        engine.loops.start(joining)
        if not engine.outside.database.sqlite:
            engine.loops.start(self.streams.watch(engine.outside.database))

    async def stop(self) -> None:
        """Let nobody in any more; who reads is told to come again."""
        await self._served.aclose()

    async def handle(self, event: Event) -> None:
        answers = self._answers(self.engine)
        content = letter.stored(event.payload)
        press = content.get("press") or {}
        said = ClientEvent(
            WEB,
            event,
            Actor(None, "client"),
            language=content.get("language"),
            asks=letter.WITH_WORDS.asks(content.get("text", "")),
            pressed=press.get("on") or None,
        )
        hidden = content.get(MARK, ())
        if press:
            await self._pressed(answers, said, press["data"], content["text"])
        elif not LEAKS.isdisjoint(hidden):
            await Leaks(answers).told(said)
        elif SecretKind.CODE in hidden:
            await self._access(answers).code(said)
        else:
            await self._typed(answers, said, content.get("text", ""))

    async def _typed(self, answers: Answers, said: ClientEvent, text: str) -> None:
        commands = self._commands(answers)
        access = self._access(answers)
        command, behind = letter.command_in(text)
        if command == "language":
            await Languages(answers).typed(said, behind)
            return
        known: dict[str, Callable[[ClientEvent], Awaitable[object]]] = {
            **commands.alike,
            "start": commands.welcome,
            "help": commands.help,
            "lock": access.lock,
            "unlock": access.unlock,
        }
        await known.get(command, commands.unknown)(said)

    async def _pressed(self, answers: Answers, said: ClientEvent, data: str, label: str) -> None:
        if data.startswith(keys.PREFIX):
            await Keys(answers).tapped(said, data, label)
        elif data.startswith(languages.PREFIX):
            await Languages(answers).pressed(said, data)
        elif data.startswith(RATE):
            await Ratings(answers).rated(said, data)
        elif data.startswith("forget:"):
            await self._commands(answers).forget_or_not(said, data)
        else:
            await answers.events.handle(said.stored)

    def _commands(self, answers: Answers) -> Commands:
        return Commands(answers, self.kept_days, self.place, self.engine.outside.toolbox)

    def _access(self, answers: Answers) -> AccessCodes:
        return AccessCodes(answers, self.engine.intake.redaction, self.engine.outside.clock)

    @staticmethod
    def _answers(engine: Engine) -> Answers:
        return Answers(engine.events, engine.outside.channels, Here(engine.outside.database))

    async def _speak_for(self, bot: int) -> None:
        """Somebody writes there: a site that was just added does not wait for the next look."""
        if bot not in self._joined:
            self._joined.add(bot)
            await self.engine.join(bot)

    async def _join(self, engine: Engine) -> None:
        """Speak for the sites that there are by now, and no more for those that are gone."""
        there = set(await engine.outside.database.read(web_bots))
        new, gone = there - self._joined, self._joined - there
        if new:
            await engine.join(*sorted(new))
        self._joined = there
        for bot in sorted(gone):
            await engine.leave(bot)
