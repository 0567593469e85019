"""The channel of letters on the stage: its post office, and who writes there."""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.core.attachments import AttachmentKind
from bot.core.secrets import LEAKS, MARK
from bot.front.access import AccessCodes
from bot.front.answers import Answers
from bot.front.commands import Commands
from bot.front.event import ClientEvent
from bot.front.here import Here
from bot.front.keys import Keys
from bot.front.leaks import Leaks
from bot.turns.engine import Engine
from bot.turns.keys import PREFIX
from db.records import Actor, Event, Incoming
from db.tenants import GiveBot
from tests.fakes.letters import DESK, LETTERS, LetterBox, letter
from tests.scenarios.people import Json
from tests.scenarios.stage import Stage

PRESSED = "/chosen"  # before the key that somebody chose


@dataclass(slots=True)
class PostOffice:
    """`bot.turns.entrance.Entrance`: what waits here is handed over until it is accepted."""

    channel: LetterBox = field(default_factory=LetterBox)
    name: str = LETTERS
    _waiting: list[Incoming] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _engine: Engine | None = None

    def post(self, *letters: Incoming) -> None:
        """Somebody writes."""
        self._waiting += letters
        self._arrived.set()

    @property
    def pending(self) -> int:
        """How many letters are not accepted yet."""
        return len(self._waiting)

    async def serve(self, engine: Engine) -> None:
        self._engine = engine
        await engine.outside.journal.do(GiveBot(DESK, "hotel"))
        await engine.join(DESK)
        engine.loops.start(self._hand_over(engine))

    async def stop(self) -> None:
        """What waits here is handed over next time."""

    async def handle(self, event: Event) -> None:
        assert self._engine
        engine, outside = self._engine, self._engine.outside
        answers = Answers(engine.events, outside.channels, Here(outside.database))
        access = AccessCodes(answers, engine.intake.redaction, outside.clock)
        commands, letter = Commands(answers, 365), json.loads(event.payload)
        name, _, behind = letter["body"].partition(" ")
        said = ClientEvent(
            LETTERS,
            event,
            Actor(None, "client"),
            language=letter["language"],
            asks=bool(behind) and not name.startswith(PRESSED),
            pressed=letter.get("answers"),
        )
        if not LEAKS.isdisjoint(letter.get(MARK, ())):
            await Leaks(answers).told(said)
            return
        if name == PRESSED and behind.startswith(PREFIX):
            await Keys(answers).tapped(said, behind, letter["label"])
            return
        if name == PRESSED:
            await commands.forget_or_not(said, behind)
            return
        known = {
            **commands.alike,
            "start": commands.welcome,
            "help": commands.help,
            "lock": access.lock,
        }
        await known.get(name.removeprefix("/"), commands.unknown)(said)

    async def _hand_over(self, engine: Engine) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while some := tuple(self._waiting):
                await engine.intake.accept(DESK, some)
                del self._waiting[: len(some)]


@dataclass(slots=True)
class Correspondent:
    """Someone who writes letters; as much of `tests.scenarios.people.Person` as both can."""

    stage: Stage
    office: PostOffice
    chat_id: str
    bot: int = DESK
    told: int = 0
    numbers: Any = field(default_factory=lambda: count(1))

    def writes(self, text: str, **choice: Any) -> None:
        self.office.post(letter(self._number(), self.chat_id, text, **choice))

    def encloses(self, kind: AttachmentKind, name: str, content: bytes, text: str) -> None:
        """A letter with something in its envelope."""
        number = self._number()
        self.office.channel.enclosed[number] = content
        self.office.post(letter(number, self.chat_id, text, enclosed=(kind, name)))

    def _number(self) -> str:
        return f"<{next(self.numbers)}.{self.chat_id}>"

    def presses(self, label: str) -> None:
        """Choose one of the answers that the last letter offers which has it."""
        letters = reversed(self.office.channel.delivered.values())
        mine = (one for one in letters if one.address.chat_id == self.chat_id)
        keys = ((one.key, json.loads(one.markup or "{}")) for one in mine)
        key, offered = next(pair for pair in keys if label in pair[1])
        choice = {"answers": f"<{key}@letters>", "label": label}
        self.writes(f"{PRESSED} {offered[label]}", **choice)

    def buttons(self) -> list[str]:
        """What may be chosen, or was."""
        letters = self.office.channel.delivered.values()
        mine = [one for one in letters if one.address.chat_id == self.chat_id]
        return [label for one in mine for label in json.loads(one.markup or "{}")]

    def untold(self) -> list[Json]:
        """The letters that the test has not told yet."""
        return [{"text": text} for text in self.office.channel.received(self.chat_id)[self.told :]]

    async def hears(self, *bubbles: str) -> None:
        """These texts and no other, in this order, each in as many letters as it takes."""
        pieces = [piece.text for one in bubbles for piece in self.office.channel.render(one)]
        if not pieces:
            await self.stage.settles()
        try:
            await self.stage.until(lambda: len(self.untold()) >= len(pieces))
        except TimeoutError:
            raise AssertionError(f"heard only {self.untold()}") from None
        said = [one["text"] for one in self.untold()]
        self.told += len(said)
        assert said == pieces
