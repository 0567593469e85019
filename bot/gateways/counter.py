"""What all gateways share: whose key it is, in which chat one asks, and the wait for the answer."""

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import Final
from uuid import uuid4
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.types import Receive

from bot.gateways.files import Fetching, Link
from bot.gateways.plain import key_called, plain
from bot.web.api import API
from bot.web.attached import Attached, all_of
from bot.web.bodies import preferred
from bot.web.bounds import Bound, for_program
from bot.web.events import until_gone
from bot.web.letter import EXTERNAL_ID, ROUTE_END, Press, kept_of, stored_id
from bot.web.problems import ProblemDetails, forbidden, unauthorized
from bot.web.visitors import Program, refuse_visitors
from db.api_keys import Scope
from db.entries import heard_as, log_at, messages_before
from db.log import EntryKind, LogEntry
from db.records import Address, OutboxKind
from db.sites import WEB
from db.tenants import TenantRow, tenant_by_id

ANSWER_SECONDS: Final = 30.0  # that somebody is kept waiting
DEFAULT: Final = "default"  # a company's assistant, where its name is not known
LAST: Final = 10  # messages among which the last answer's keys are looked for
_PURPOSE: Final = "gateway idempotency"
_NAME: Final = re.compile(EXTERNAL_ID)  # as it is part of a chat's id
_REPEATED: Final = re.compile(r'"?([!#-~]{1,255})"?')  # an Idempotency-Key, in quotes or without


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked by one of a program's clients.

    `caller`: the program's id of them, None: somebody new. `at_most`: questions a minute of each.
    `own`: the id under which it is stored, unless an Idempotency-Key says another. `links`: what
    comes along.
    """

    route: str
    text: str
    caller: str | None = None
    at_most: int = 0  # no limit of its own
    own: str | None = None
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Entered:
    """A question that is stored: in which chat, under which id; the caller's id, given or made.

    `seat`: what its answer holds while it is open; whoever answers gives it back. `receive`: what
    tells that whoever asked has hung up. `attached`: what became of all that was named.
    """

    address: Address
    own: str
    caller: str
    headers: Mapping[str, str]
    seat: ExitStack
    receive: Receive
    attached: Sequence[Attached]


@dataclass(frozen=True, slots=True)
class Counter:
    """Where programs ask. Raises a ProblemDetails, which each route puts into its own words."""

    api: API
    fetching: Fetching
    _handed: WeakValueDictionary[tuple[Address, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )

    async def program(self, request: Request, scope: Scope = Scope.CHAT) -> Program:
        """By the key in the address, where there is one, else by that in the header.

        Addresses are kept by proxies and shown by pages, so only a key that can do nothing but
        chat is taken from there.
        """
        gate, told = self.api.gate, request.path_params.get("program")
        asking = gate.asking(request) if told is None else gate.program(told)
        who = refuse_visitors(await asking)
        if told is not None and who.key.scopes != {Scope.CHAT}:
            title = "In an address only a key with the scope chat alone is taken."
            raise forbidden("key-in-address", title)
        who.need(scope)
        return who

    async def company(self, program: Program) -> TenantRow:
        """Whose key it is."""
        found = await self.api.database.read(tenant_by_id, program.key.tenant)
        if found is None:
            raise unauthorized()
        return found

    async def hand_in(self, request: Request, program: Program, question: Inquiry) -> Entered:
        """Store a question, once under its Idempotency-Key; without one each is another.

        Nothing is stored where too many answers are open already: it may come again.
        """
        repeated = self._repeated(request, program, question.route)
        own = repeated or question.own or uuid4().hex
        caller = question.caller or own
        address = Address(WEB, program.key.bot_id, chat_of(question.route, caller))
        press = None if question.links else await self._press(address, own, question.text)
        came = [part for one in question.links for part in one.came]
        letter = self.api.letter(own, question.text, preferred(request), press, came)
        if "program" in request.path_params:  # anybody may have read it there, and guess codes
            place = self.api.asks.hashed("codes", self.api.gate.peer(request))
            letter = replace(letter, place=place)
        bounds = self._bounds(request, program, question, address)
        attach = partial(self.fetching.fetched, program.key.id, address, question.links)
        handed = self._handed.setdefault((address, own), asyncio.Lock())
        with self.seat(request, program, address) as seat:
            async with handed:  # whoever repeats it meanwhile finds it
                found = await self.api.hand_in(
                    program, address, letter, bounds, attach if question.links else None
                )
            attached = await self._attached(address, own) if question.links else ()
            held = seat.pop_all()
            return Entered(address, own, caller, found.headers, held, request.receive, attached)

    def seat(self, request: Request, program: Program, address: Address) -> ExitStack:
        """Room for one more open answer, taken at once. Raises ProblemDetails: there is none."""
        seat = ExitStack()
        seat.enter_context(self.api.seats.taken(program, self.api.gate.peer(request), address))
        return seat

    async def answers(
        self, entered: Entered, seconds: float = ANSWER_SECONDS
    ) -> Sequence[LogEntry] | None:
        """What is said to it for good; None: it takes longer, or nobody waits any more."""
        with entered.seat:
            waiting = self.api.reading.answers(entered.address, entered.own, seconds=seconds)
            answer = asyncio.create_task(waiting)
            gone = asyncio.create_task(until_gone(entered.receive))
            try:
                await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            finally:
                gone.cancel()
                if is_left := not answer.done():
                    answer.cancel()
                    await asyncio.wait((answer,))
            told = None if is_left else answer.result()
        return None if told is None else [one for one in told if is_answer(one)]

    async def _attached(self, address: Address, own: str) -> Sequence[Attached]:
        """What came with it, as it is kept; nothing once its words are gone."""
        kept = await self.api.database.read(heard_as, address, stored_id(own))
        return [*all_of(kept_of(kept))]

    async def is_there(self, program: Program, route: str, caller: str) -> bool:
        """Whether somebody has asked under this id before."""
        address = Address(WEB, program.key.bot_id, chat_of(route, caller))
        return await self.api.database.read(log_at, address) is not None

    def _repeated(self, request: Request, program: Program, route: str) -> str | None:
        told = request.headers.get("idempotency-key")
        if told is None:
            return None
        found = _REPEATED.fullmatch(told)
        if found is None:
            raise ProblemDetails(400, "not-valid", "The Idempotency-Key is none.")
        whole = f"{program.key.bot_id}/{route}/{found[1]}"
        return self.api.vault.digests(whole, purpose=_PURPOSE)[0][:32]

    def _bounds(
        self, request: Request, program: Program, question: Inquiry, address: Address
    ) -> Sequence[Bound]:
        whose = f"{program.key.bot_id}/{address.chat_id}"
        if question.caller is None:
            whose = f"{program.key.id}@{self.api.gate.peer(request)}"
        own = [Bound("caller", whose, question.at_most)] if question.at_most else []
        return (*own, *for_program(program.key))

    async def _press(self, address: Address, own: str, text: str) -> Press | None:
        """Who can tap nothing says what stands on a key; said again, it is what it was."""
        database = self.api.database
        if before := await database.read(heard_as, address, stored_id(own)):
            kept = kept_of(before).get("press")
            return Press(kept["on"], kept["data"]) if kept else None
        state = await database.read(log_at, address)
        if state is None:
            return None
        shown = await database.read(messages_before, state.chat, None, limit=LAST)
        answers = takewhile(lambda one: one.kind is EntryKind.SAID, reversed(shown))
        last = next((one for one in answers if one.markup), None)
        return key_called(text, last) if last else None


def chat_of(route: str, caller: str) -> str:
    """The chat of a caller: what is no name stands there as a hash, which is none either."""
    if _NAME.fullmatch(caller):
        return f"{route}{ROUTE_END}{caller}"
    return f"{route}{ROUTE_END}#{hashlib.sha256(caller.encode()).hexdigest()}"


def in_one(bubbles: Iterable[LogEntry]) -> str:
    """As one text."""
    return "\n\n".join(map(plain, bubbles))


def is_answer(entry: LogEntry) -> bool:
    """Whether it is said for good: who waits in any case need not be asked to."""
    return entry.kind is EntryKind.SAID and entry.said_as is not OutboxKind.WAITING


def is_called(company: TenantRow, name: str) -> bool:
    """Whether this names the company's assistant: the others are behind access codes."""
    return name.casefold() in (DEFAULT, company.name.casefold())
