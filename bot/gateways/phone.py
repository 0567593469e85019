"""`/prompt-stream`: what a caller says, and the answer for a voice, as Agent Voice Response has it.

The body is no event stream, whatever its header says: it is JSON objects with nothing between them,
one in each chunk, and its end is the answer's end. Whoever reads it parses each chunk by itself and
drops the call over one that cannot be.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.core.texts import Text, say
from bot.front.here import profile_of
from bot.gateways.counter import Counter
from bot.gateways.spoken import pieces
from bot.web.api import API
from bot.web.bodies import preferred, within_limits
from bot.web.bounds import for_program
from bot.web.events import EventStream
from bot.web.letter import CALL, EXTERNAL_ID, LONGEST, stored_id
from bot.web.problems import ProblemDetails
from db.records import Address
from db.sites import WEB
from db.stopping import StopTurn

BODY_BYTES: Final = 1_048_576  # all that was said comes along, each time
LONGEST_SECONDS: Final = 600.0  # for which an answer is followed
_CALL: Final = re.compile(EXTERNAL_ID)
NO_CALL: Final = "Uuid is required"
NO_WORDS: Final = "Message is required"
TOO_LONG: Final = "Message is too long"


@dataclass(frozen=True, slots=True)
class PhoneDesk:
    """Each call is a chat."""

    counter: Counter

    async def prompt(self, request: Request) -> Response:
        """`POST /prompt-stream`: whatever was being said in the call is not said any further."""
        counter, api = self.counter, self.counter.api
        program = await counter.program(request)
        call, words = await _heard(request)
        company = await counter.company(program)
        language = preferred(request)
        dot = say(Text.DOT_SPOKEN, language or profile_of(company).language)
        address = Address(WEB, program.key.bot_id, CALL + call)
        letter = api.letter(uuid4().hex, words, language, None)
        with counter.seat(request, program, address) as seat:
            await api.hand_in(program, address, letter, for_program(program.key))
            await _stop(api, StopTurn(address, stored_id(letter.id), api.clock.now()))
            api.streams.cut(address, None)  # what was said by now is written there yet
            return _CallStream(_Spoken(api, address, letter.id, dot), seat.pop_all())


@dataclass(slots=True)
class _Spoken:
    """What is said to one message. `dot`: how that of an address is read out."""

    api: API
    address: Address
    own: str
    dot: str
    over: bool = False  # by itself, or because the caller went on speaking

    async def stream(self) -> AsyncGenerator[bytes]:
        """Each bubble once it is said, in pieces."""
        said = set[int]()
        at, api = (self.address, self.own), self.api
        try:
            async with aclosing(api.reading.looks(*at, seconds=LONGEST_SECONDS)) as looks:
                async for seen in looks:
                    for one in seen.said:
                        if one.seq not in said:
                            said.add(one.seq)
                            for piece in pieces(one.text, dot=self.dot):
                                yield piece
            self.over = True
        except Exception:
            self.over = True
            raise

    async def hang_up(self) -> None:
        """Nobody listens any more."""
        now = self.api.clock.now()
        await _stop(self.api, StopTurn(self.address, stored_id(self.own), now, hung_up=True))


class _CallStream(EventStream):
    """Who leaves before its end has hung up; one that a dying process cuts has no end."""

    def __init__(self, spoken: _Spoken, seat: ExitStack) -> None:
        super().__init__(spoken.stream(), seat)
        self._spoken = spoken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        if not self._spoken.over:
            await self._spoken.hang_up()


async def _stop(api: API, stop: StopTurn) -> None:
    if (turn := await api.journal.do(stop)) is not None:
        api.stop(turn)


async def _heard(request: Request) -> tuple[str, str]:
    """Which call it is, and what was said there last. Raises ProblemDetails."""
    content = await within_limits(request, BODY_BYTES)
    try:
        told = from_json(content)
    except ValueError:
        told = None
    body: dict[str, Any] = told if isinstance(told, dict) else {}
    call = str(body.get("uuid") or request.headers.get("x-uuid") or "")
    if not _CALL.fullmatch(call):
        raise ProblemDetails(400, "not-valid", NO_CALL)
    words = _words(body)
    if not words:
        raise ProblemDetails(400, "not-valid", NO_WORDS)
    if len(words) > LONGEST:
        raise ProblemDetails(400, "not-valid", TOO_LONG)
    return call, words


def _words(body: dict[str, Any]) -> str:
    """The message, or of all that was said what the caller said last; no instruction of anybody."""
    said = body.get("message")
    listed = body.get("messages")
    if said is None and isinstance(listed, list):
        theirs = (one for one in listed if isinstance(one, dict) and one.get("role") == "user")
        said = [one.get("content") for one in theirs][-1:]
        said = said[0] if said else None
    is_key = isinstance(said, int) and not isinstance(said, bool)
    return str(said).replace("\0", "").strip() if is_key or isinstance(said, str) else ""
