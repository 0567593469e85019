"""`/ask` and `/api/chat`: a question of a session or a user, and its answer as one text."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateways.bodies import SessionInput, UserMessage, read_told
from bot.gateways.counter import Counter, Entered, Inquiry, in_one
from bot.web.problems import ProblemDetails

SESSIONS: Final = "sessions"
USERS: Final = "users"
GREETING: Final = "This is the front desk's API: POST to /ask or /api/ask."


@dataclass(frozen=True, slots=True)
class Dialogues:
    """Each session and each user is a chat; who names none gets one, and nobody else's."""

    counter: Counter
    per_minute: int

    async def greet(self, _: Request) -> Response:
        """`GET /` and `GET /api/`."""
        return JSONResponse({"message": GREETING})

    async def session(self, request: Request) -> Response:
        """`POST /ask` and `POST /api/ask`."""
        program = await self.counter.program(request)
        body = await read_told(request, SessionInput, absent="Field required")
        question = Inquiry(SESSIONS, body.user_input, body.session_id, self.per_minute)
        entered = await self.counter.hand_in(request, program, question)
        told = await self._in_time(entered)
        answer = {"session_id": body.session_id, "response": told}
        return JSONResponse(answer, headers=dict(entered.headers))

    async def user(self, request: Request) -> Response:
        """`POST /api/chat`."""
        program = await self.counter.program(request)
        body = await read_told(request, UserMessage, absent="Message is required")
        question = Inquiry(USERS, body.message, body.user_id, self.per_minute)
        entered = await self.counter.hand_in(request, program, question)
        who = {"user_id": entered.caller}
        answer = {"answer": await self._in_time(entered, **who), **who}
        return JSONResponse(answer, headers=dict(entered.headers))

    async def _in_time(self, entered: Entered, **whose: str) -> str:
        """The answer; never the one before, where it takes longer."""
        told = await self.counter.answers(entered)
        if told is None:
            title = "The answer takes longer. Ask again with the same Idempotency-Key."
            raise ProblemDetails(504, "too-late", title, entered.headers, whose)
        return in_one(told)
