"""The API: sessions, messages and events, each request from what is asked to what is answered."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import DiskFull
from bot.front.commands import FORGET_YES
from bot.ports import Clock, Vault
from bot.turns.intake import Intake
from bot.web.attached import Attached
from bot.web.bodies import (
    NewMessage,
    NewSession,
    ProgramMessage,
    ReadTo,
    preferred,
    read_body,
)
from bot.web.bounds import Bounds, for_program, for_session, for_visitor
from bot.web.events import EventStream, Following
from bot.web.identity import Identities, not_proven
from bot.web.letter import LETTER_PURPOSE, Letter, Press, stored, stored_id
from bot.web.problems import ProblemDetails, unavailable
from bot.web.seats import Seats
from bot.web.shapes import message, moment, page
from bot.web.streams import Streams
from bot.web.uploads import Uploads
from bot.web.visitors import Gate, Program, SiteVisitor, refuse_programs
from bot.web.work import Toll
from db.api_keys import Scope
from db.engine import Database
from db.entries import LogEntry, answers_of, heard_as, log_at, messages_before
from db.journal import Journal
from db.log import MarkRead
from db.records import Address
from db.sessions import EndSession, KeepSession
from db.transcript import ERASED

PAGE: Final = 50
LARGEST_PAGE: Final = 200
LONGEST_WAIT: Final = 25.0  # seconds, for who asks again and again
UNTOLD_SECONDS: Final = 5.0  # what ends without a word may be told by nobody: it is looked for
LARGEST_SEQ: Final = 2**53
DAY_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class API:
    """What is asked for by chats' visitors and by companies' programs."""

    gate: Gate
    identities: Identities
    asks: Bounds
    toll: Toll
    seats: Seats
    reading: Following
    intake: Intake
    journal: Journal
    database: Database
    streams: Streams
    uploads: Uploads
    vault: Vault
    clock: Clock
    session_seconds: float
    speak_for: Callable[[int], Awaitable[None]]  # a bot, which may be a new one
    stop: Callable[[int], object]  # a turn, of which the client wants no more

    # ------------------------------------------------------------- sessions

    async def open_session(self, request: Request) -> Response:
        """`POST /v1/sites/{key}/session`."""
        site = await self.gate.site(request, request.path_params["key"])
        body = await read_body(request, NewSession)
        headers = await self.asks.take(for_session(self.gate.peer(request)))
        language = body.language or preferred(request)
        if body.identity is not None:
            told = await self.identities.open(site, body.identity, language)
        elif site.known_only:
            raise not_proven()
        else:
            await self.toll.admit(site, body.proof)
            opening, token = self.gate.new_session(site, language)
            await self.journal.do(opening)
            told = {"chat": opening.chat, "token": token, "seq": 0}
        return JSONResponse(told, 201, {**headers, "Cache-Control": "no-store"})

    async def end_session(self, request: Request) -> Response:
        """`DELETE /v1/session`."""
        visitor = refuse_programs(await self.gate.asking(request))
        await self.journal.do(EndSession(visitor.session.row))
        self.streams.cut(visitor.address, visitor.session.row)
        return Response(status_code=204)

    # ------------------------------------------------------------- messages

    async def say(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/messages`."""
        who = await self.gate.asking(request)
        address = self.gate.place_of(who, request.path_params["chat"], Scope.CHAT)
        body = await read_body(request, NewMessage)
        session = None if isinstance(who, Program) else who.session
        press = Press(body.key.message, body.key.data) if body.key else None
        language = session.language if session else None
        letter = self.letter(body.id, body.text or "", language, press, body.came)
        if isinstance(who, Program):
            letter = replace(letter, program=who.key.id)
        else:
            place = self.asks.hashed("codes", self.gate.peer(request))
            letter = replace(letter, name=who.session.name, place=place)
        if known := await self._known(address, letter):
            return _accepted(known, letter.id, 200)
        await self.gate.refuse_pause(who)
        letter = replace(letter, attached=await self.uploads.named(address, body.files))
        headers = await self.count(request, who)
        if session:
            await self._keep(session.row, session.expires_at)
        return _accepted(await self._accept(address, letter), letter.id, 202, headers)

    async def history(self, request: Request) -> Response:
        """`GET /v1/chats/{chat}/messages`."""
        address = await self._reads(request)
        before = _number(request, "before", least=1, most=LARGEST_SEQ)
        limit = _number(request, "limit", least=1, most=LARGEST_PAGE) or PAGE
        state = await self.database.read(log_at, address)
        if state is None:
            return JSONResponse({**page((), limit=limit, seq=0), "read": 0})
        found = await self.database.read(messages_before, state.chat, before, limit=limit)
        return JSONResponse({**page(found, limit=limit, seq=state.seq), "read": state.read_to})

    async def answer(self, request: Request) -> Response:
        """`POST /v1/messages`: the answer, if it is there in time; a repetition joins the wait."""
        who = await self.gate.asking(request)
        if not isinstance(who, Program):
            raise ProblemDetails(403, "keys-only", "This is for a company's API key.")
        body = await read_body(request, ProgramMessage)
        address = self.gate.place_of(who, body.external_id, Scope.CHAT)
        letter = self.letter(body.id, body.text or "", body.language, None, body.came)
        counted = partial(self.count, request, who)
        named = partial(self.uploads.named, address, body.files)
        with self.seats.taken(who, self.gate.peer(request), address):
            headers = await self.hand_in(who, address, letter, counted, named)
            answers = await self.answers(address, letter.id, seconds=body.wait)
        state = await self.database.read(log_at, address)
        told: dict[str, Any] = {"chat": body.external_id, "seq": state.seq if state else 0}
        if answers is None:
            return JSONResponse(told, 202, headers)
        return JSONResponse({**told, "messages": [message(one) for one in answers]}, 200, headers)

    # ------------------------------------------------------------- events

    async def events(self, request: Request) -> Response:
        """`GET /v1/chats/{chat}/events`."""
        who = await self.gate.asking(request)
        address = self.gate.place_of(who, request.path_params["chat"], Scope.READ)
        session = None if isinstance(who, Program) else who.session.row
        after, seat = _after(request), self.seats.taken(who, self.gate.peer(request), address)
        if "text/event-stream" in request.headers.get("accept", ""):
            still = partial(self._may_read, request)
            stream = self.reading.stream(address, after, session=session, may_read=still)
            return EventStream(stream, seat)
        wait = _number(request, "wait", least=0, most=int(LONGEST_WAIT)) or 0
        with seat if wait else nullcontext():
            told, seq = await self.reading.poll(address, after, wait=wait, session=session)
        return JSONResponse({"events": [one.as_json() for one in told], "after": seq})

    async def read(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/read`."""
        address = await self._reads(request)
        body = await read_body(request, ReadTo)
        await self.journal.do(MarkRead(address, body.seq, self.clock.now()))
        return Response(status_code=204)

    async def forget(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/forget`."""
        who = await self.gate.asking(request)
        address = self.gate.place_of(who, request.path_params["chat"], Scope.CHAT)
        headers = await self.count(request, who)
        letter = self.letter(uuid4().hex, FORGET_YES, None, Press("", FORGET_YES))
        await self.hand_over(address, letter)
        return JSONResponse({}, 202, dict(headers))

    async def hand_in(
        self,
        who: Program,
        address: Address,
        letter: Letter,
        count: Callable[[], Awaitable[Mapping[str, str]]],
        attach: Callable[[], Awaitable[Sequence[Attached]]] | None = None,
    ) -> Mapping[str, str]:
        """A program's message, once under its id; a new one is counted, with what that answers.

        `attach`: what comes with a new one, had once it was counted.
        """
        letter = replace(letter, program=who.key.id)
        if await self._known(address, letter):
            return {}
        await self.gate.refuse_pause(who)
        headers = await count()
        if attach:
            letter = replace(letter, attached=await attach())
        await self._accept(address, letter)
        return headers

    # ------------------------------------------------------------- what they share

    async def _reads(self, request: Request) -> Address:
        return await self.gate.in_chat(request, request.path_params["chat"], Scope.READ)

    async def _may_read(self, request: Request) -> bool:
        """Whether the session or the key is still good, and the site there."""
        try:
            await self._reads(request)
        except ProblemDetails:
            return False
        return True

    async def count(self, request: Request, who: SiteVisitor | Program) -> Mapping[str, str]:
        """One message more, if there may be; what is left, as headers."""
        if isinstance(who, Program):
            return await self.asks.take(for_program(who.key))
        bounds = who.session.chat, self.gate.peer(request), who.site.messages_per_minute
        return await self.asks.take(for_visitor(*bounds))

    def letter(
        self,
        own: str,
        text: str,
        language: str | None,
        press: Press | None,
        came: Sequence[str] = (),
    ) -> Letter:
        """A message, known again by its words and by what came with it."""
        pressed = (press.on, press.data) if press else ()
        told = "\0".join((text, *pressed, *came))
        digests = self.vault.digests(told, purpose=LETTER_PURPOSE)
        return Letter(own, text, digests, language, press)

    async def _known(self, address: Address, letter: Letter) -> LogEntry | None:
        """The same message, if it came before; it is refused where it said something else."""
        found = await self.database.read(heard_as, address, stored_id(letter.id))
        kept = stored(found.payload or ERASED) if found else {}
        if kept and kept["digest"] not in letter.digests:
            raise ProblemDetails(422, "idempotency-mismatch", "Another message has this id.")
        return found

    async def _accept(self, address: Address, letter: Letter) -> LogEntry:
        await self.hand_over(address, letter)
        found = await self._known(address, letter)
        if found is None:  # forgotten, and even its row is gone by now
            raise unavailable()
        return found

    async def hand_over(self, address: Address, letter: Letter) -> None:
        """Store a message. Raises ProblemDetails where there is no room."""
        await self.speak_for(address.bot_id)
        try:
            await self.intake.accept(address.bot_id, letter.as_incoming(address))
        except DiskFull:
            raise unavailable(60) from None

    async def answers(
        self, address: Address, own: str, *, seconds: float
    ) -> tuple[LogEntry, ...] | None:
        """All that was said to a message; None: it takes longer."""
        async with aclosing(self.looks(address, own, seconds=seconds)) as looks:
            async for told in looks:
                if told is not None:
                    return told
        return None

    async def looks(
        self, address: Address, own: str, *, seconds: float
    ) -> AsyncGenerator[tuple[LogEntry, ...] | None]:
        """All that was said to a message, once it is; None before, whenever it may be more.

        Ends without it where it takes longer, and where reading is `cut`.
        """
        ends = self.clock.boottime() + seconds
        async with self.streams.listening(address) as listener:
            listener.till_answered = True
            while True:
                state = await self.database.read(log_at, address)
                if state:
                    self.streams.know(listener, state.chat)
                    listener.seq = state.seq
                    told = await self.database.read(answers_of, state.chat, stored_id(own))
                    yield told
                    if told is not None:
                        return
                left = ends - self.clock.boottime()
                if left <= 0 or self.streams.ending or listener.over:
                    return
                await listener.wait(min(left, UNTOLD_SECONDS), self.clock)

    async def _keep(self, session: int, expires_at: float) -> None:
        """Once a day, while it is in use."""
        now = self.clock.now()
        later = now + self.session_seconds
        if later - expires_at > DAY_SECONDS:
            await self.journal.do(KeepSession(session, later, now))


def _accepted(
    entry: LogEntry, own: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    told = {"id": own, "seq": entry.seq, "at": moment(entry.at)}
    return JSONResponse(told, status, dict(headers or {}))


def _after(request: Request) -> int | None:
    """The number to go on after; None: it is none that we gave."""
    return _whole(request.headers.get("last-event-id") or request.query_params.get("after", "0"))


def _whole(told: str) -> int | None:
    is_number = told.isascii() and told.isdecimal() and len(told) <= len(str(LARGEST_SEQ))
    return int(told) if is_number and int(told) <= LARGEST_SEQ else None


def _number(request: Request, name: str, *, least: int, most: int) -> int | None:
    told = request.query_params.get(name)
    if told is None:
        return None
    if (number := _whole(told)) is not None and least <= number <= most:
        return number
    title = f"{name} is a whole number from {least} to {most}."
    raise ProblemDetails(400, "not-valid", title)
