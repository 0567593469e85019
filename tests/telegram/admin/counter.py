"""The desk, with somebody of each role before it; commands only say that they were reached."""

import json
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any, Final

from telegram.ext import CallbackQueryHandler, ExtBot

from bot.playground.telegram.emulator import TelegramEmulator
from bot.telegram.admin.command import Command
from bot.telegram.admin.desk import AdminDesk, Strangers
from bot.telegram.admin.menus import Menus
from bot.telegram.admin.rights import Rights
from bot.telegram.admin.visit import Step, Visit, answer
from bot.telegram.admin.visitors import Visitors
from bot.telegram.events import Dispatcher, build_application
from bot.turns.events import Work
from db.engine import Database
from db.errors import Gone
from db.records import Event
from db.transaction import Transaction
from tenants.permissions import Action, Role
from tests.addresses import chat_at
from tests.fakes.clock import NOON, FakeClock

PEOPLE: Final[Mapping[Role | None, int]] = {
    **{role: number for number, role in enumerate(Role, start=1)},
    None: 9,  # a client
}
DONE, UNKNOWN, EXPIRED = "done", "unknown command", "expired button"
Outcomes = dict[Role | None, str]
Meanwhile = Callable[[int], Awaitable[object]]  # what happens while a visitor's command is at work


async def nothing_happens(_: int) -> None:
    """Everybody keeps their roles."""


@dataclass(frozen=True, slots=True)
class NoChat(Transaction):
    """In the place of a chat, where no question is open."""

    gone: Collection[int]

    def ask(self, form: str | None) -> None:
        assert form is None

    def store(self, payload: str) -> None:
        """Nothing is kept here."""

    def keep(self, tenant: int) -> None:
        if tenant in self.gone:
            raise Gone(tenant)


@dataclass
class Said:
    """In the place of the engine: notes what is answered."""

    database: Database
    texts: list[str] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)  # tenants that are deleted by the time of a commit

    async def handle(self, event: Event, work: Work = lambda _: (), *, cause: str = "") -> bool:
        assert not cause
        drafts = await self.database.read(
            lambda c: work(NoChat(c, self.gone))  # type: ignore[arg-type]  # all that the desk needs of it
        )
        self.texts += [draft.text for draft in drafts]
        return True


@dataclass
class Counter:
    """What everybody hears who does the same thing."""

    telegram: TelegramEmulator
    dispatcher: Dispatcher
    said: Said
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def presses(self, data: str) -> Outcomes:
        """A button with these data."""
        return {role: await self._press(user, data) for role, user in PEOPLE.items()}

    async def types(self, text: str, *, chat: int | None = None) -> Outcomes:
        """A command, in private or in a group."""
        return {role: await self._type(user, text, chat or user) for role, user in PEOPLE.items()}

    async def _press(self, user: int, data: str) -> str:
        number = next(self.numbers)
        message = {"message_id": 9, "date": NOON, "chat": _chat(user), "text": "Card"}
        query = {"id": str(number), "from": _user(user), "message": message, "data": data}
        await self._comes(number, user, callback_query={**query, "chat_instance": "x"})
        if self.said.texts:
            return self.said.texts.pop()
        return str(self.telegram.calls.of("answerCallbackQuery")[-1].params["text"])

    async def _type(self, user: int, text: str, chat: int) -> str:
        number = next(self.numbers)
        command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
        message = {"message_id": number, "date": NOON, "chat": _chat(chat), "from": _user(user)}
        await self._comes(number, chat, message={**message, "text": text, "entities": [command]})
        return self.said.texts.pop()

    async def _comes(self, number: int, chat: int, **content: Any) -> None:
        bot = self.dispatcher.application.bot.id
        payload = json.dumps({"update_id": number, **content})
        await self.dispatcher(Event(number, bot, chat, chat_at(bot, chat), payload))


async def open_counter(
    telegram: TelegramEmulator,
    bot: ExtBot[Any],
    database: Database,
    commands: Sequence[Command],
    meanwhile: Meanwhile = nothing_happens,
) -> Counter:
    """The real desk, with stubs for these commands."""
    said = Said(database)
    dispatcher = Dispatcher(build_application(bot), said)  # type: ignore[arg-type]  # all that it needs
    dispatcher.register(
        _desk(dispatcher, database, said, [_stub(command, meanwhile) for command in commands])
    )
    dispatcher.application.add_handler(CallbackQueryHandler(partial(_tell, said, EXPIRED)))
    await dispatcher.application.initialize()
    return Counter(telegram, dispatcher, said)


def _desk(
    dispatcher: Dispatcher, database: Database, said: Said, commands: Sequence[Command]
) -> AdminDesk:
    unknown, expired = (partial(_tell, said, text) for text in (UNKNOWN, EXPIRED))
    clock = FakeClock()
    visitors = Visitors(
        database=database,
        clock=clock,
        bot_id=dispatcher.application.bot.id,
        hosts=frozenset({PEOPLE[Role.HOST]}),
        language=_english,
    )
    return AdminDesk(
        dispatcher=dispatcher,
        database=database,
        visitors=visitors,
        rights=Rights(visitors, clock),
        menus=Menus({}, database, clock, visitors.hosts),
        strangers=Strangers(unknown, expired, unknown, unknown),
        commands=commands,
        showing=lambda *_, **__: nullcontext(enter_result=True),
    )


def _stub(command: Command, meanwhile: Meanwhile) -> Command:
    """In the place of a command: asks for the same, and only says that it was let through."""

    async def pressed(_: Command, visit: Visit, words: str) -> Step:
        await meanwhile(visit.user_id)
        return Step(toast=DONE)

    class Stub(Command):
        name, action, needs_tenant = command.name, command.action, command.needs_tenant

        async def open(self, visit: Visit, words: str) -> Step:
            await meanwhile(visit.user_id)
            return answer(DONE)

        def needs(self, words: str) -> Action:
            return command.needs(words)

    Stub.presses = {verb: replace(one, enter=pressed) for verb, one in command.presses.items()}
    return Stub()


async def _tell(said: Said, text: str, *_: object) -> None:
    said.texts.append(text)


async def _english(_: object) -> str:
    return "en"


def _user(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "Anna", "language_code": "en"}


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private" if chat > 0 else "supergroup"}
