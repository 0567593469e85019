"""The API: sessions, messages and events, each request from what is asked to what is answered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
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
from bot.web.bounds import Bound, Bounds, for_program, for_session, for_visitor, quota_headers
from bot.web.events import EventStream, Following
from bot.web.identity import Identities, not_proven
from bot.web.letter import LETTER_PURPOSE, Letter, Press, kept_of, stored_id
from bot.web.problems import ProblemDetails, unavailable
from bot.web.seats import Seats
from bot.web.shapes import message, moment, page
from bot.web.streams import Streams
from bot.web.uploads import Uploads
from bot.web.visitors import Gate, Program, SiteVisitor, refuse_programs, refuse_visitors
from bot.web.work import Toll
from db.api_keys import Scope
from db.engine import Database
from db.entries import heard_as, log_at, messages_before
from db.journal import Journal
from db.log import LogEntry, MarkRead
from db.operations import Accepted
from db.records import Address
from db.seconds import DAY_SECONDS
from db.sessions import EndSession, KeepSession
from tenants.origins import page_in

PAGE: Final = 50
LARGEST_PAGE: Final = 200
LONGEST_POLL: Final = 25.0  # seconds, for who asks again and again
LARGEST_SEQ: Final = 2**53
Attach = Callable[[], Awaitable[Sequence[Attached]]]  # what comes with a message


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A message as it stands in its chat's log; `headers`: what is left, where it is a new one."""

    entry: LogEntry
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether it was counted."""
        return bool(self.headers)


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
        language = session.language if session else preferred(request)
        letter = self.letter(body.id, body.text or "", language, press, body.came)
        if not isinstance(who, Program):
            place = self.asks.hashed("codes", self.gate.peer(request))
            where = page_in(who.site.origins, body.page)
            letter = replace(letter, name=who.session.name, place=place, page=where)
        attach = partial(self.uploads.named, address, body.files) if body.files else None
        handed = await self.hand_in(who, address, letter, self.bounds(request, who), attach)
        if session and handed.is_new:
            await self._keep(session.row, session.expires_at)
        told = {"id": letter.id, "seq": handed.entry.seq, "at": moment(handed.entry.at)}
        return JSONResponse(told, 202 if handed.is_new else 200, dict(handed.headers))

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
        who = refuse_visitors(await self.gate.asking(request))
        body = await read_body(request, ProgramMessage)
        address = self.gate.place_of(who, body.external_id, Scope.CHAT)
        language = body.language or preferred(request)
        letter = self.letter(body.id, body.text or "", language, None, body.came)
        bounds = self.bounds(request, who)
        attach = partial(self.uploads.named, address, body.files) if body.files else None
        with self.seats.taken(who, self.gate.peer(request), address):
            headers = (await self.hand_in(who, address, letter, bounds, attach)).headers
            answers = await self.reading.answers(address, letter.id, seconds=body.wait)
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
        wait = _number(request, "wait", least=0, most=int(LONGEST_POLL)) or 0
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
        letter = self.letter(uuid4().hex, FORGET_YES, None, Press("", FORGET_YES))
        _, headers = await self.hand_over(address, letter, self.bounds(request, who))
        return JSONResponse({}, 202, dict(headers))

    async def hand_in(
        self,
        who: SiteVisitor | Program,
        address: Address,
        letter: Letter,
        bounds: Sequence[Bound],
        attach: Attach | None = None,
    ) -> HandedIn:
        """A message, once under its id; a new one is counted.

        `attach`: what comes with a new one, had once it was counted.
        """
        if isinstance(who, Program):
            letter = replace(letter, program=who.key)
        if letter.program or attach:  # else it is found out as it is stored
            if known := await self._known(address, letter):
                return HandedIn(known)
            await self.gate.refuse_pause(who)
        counted: Mapping[str, str] = {}
        if attach:
            counted, bounds = await self.asks.take(bounds), ()
            try:
                letter = replace(letter, attached=await attach())
            except ProblemDetails:
                if known := await self._known(address, letter):  # it has come meanwhile
                    return HandedIn(known)
                raise
        accepted, headers = await self.hand_over(address, letter, bounds)
        mine = (one for _, one in accepted.logged if one.message_id == stored_id(letter.id))
        if entry := next(mine, None):
            return HandedIn(entry, counted or headers)
        if known := await self._known(address, letter):  # in no log, or it has come meanwhile
            return HandedIn(known, headers)
        raise unavailable()  # forgotten, and even its row is gone by now

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

    def bounds(self, request: Request, who: SiteVisitor | Program) -> Sequence[Bound]:
        """How often they may write."""
        if isinstance(who, Program):
            return for_program(who.key)
        return for_visitor(who.session.chat, self.gate.peer(request), who.site.messages_per_minute)

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
        kept = kept_of(found)
        if kept and kept["digest"] not in letter.digests:
            raise ProblemDetails(422, "idempotency-mismatch", "Another message has this id.")
        return found

    async def hand_over(
        self, address: Address, letter: Letter, bounds: Sequence[Bound]
    ) -> tuple[Accepted, Mapping[str, str]]:
        """Store a message, counted if it is new; what is left of the bounds then, as headers.

        Raises ProblemDetails where nothing is left, or no room.
        """
        await self.speak_for(address.bot_id)
        limits, incoming = self.asks.quotas(bounds), letter.as_incoming(address)
        try:
            accepted = await self.intake.accept(address.bot_id, incoming, limits)
        except DiskFull:
            raise unavailable(60) from None
        return accepted, quota_headers(accepted.quota) if accepted.quota else {}

    async def _keep(self, session: int, expires_at: float) -> None:
        """Once a day, while it is in use."""
        now = self.clock.now()
        later = now + self.session_seconds
        if later - expires_at > DAY_SECONDS:
            await self.journal.do(KeepSession(session, later, now))


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
