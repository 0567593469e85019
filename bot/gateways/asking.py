"""`/ask` and `/api/chat`: a question of a session or a user, and its answer as one text."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.gateways.bodies import SessionInput, UserMessage, read_told
from bot.gateways.counter import Counter, Entered, Inquiry
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
        entered, told = await self.counter.ask(request, program, question)
        answer = {"session_id": body.session_id, "response": _in_time(entered, told)}
        return JSONResponse(answer, headers=dict(entered.headers))

    async def user(self, request: Request) -> Response:
        """`POST /api/chat`."""
        program = await self.counter.program(request)
        body = await read_told(request, UserMessage, absent="Message is required")
        question = Inquiry(USERS, body.message, body.user_id, self.per_minute)
        entered, told = await self.counter.ask(request, program, question)
        answer = {"answer": _in_time(entered, told, user_id=entered.caller)}
        return JSONResponse({**answer, "user_id": entered.caller}, headers=dict(entered.headers))


def _in_time(entered: Entered, told: str | None, **whose: str) -> str:
    """The answer; never the one before, where it takes longer."""
    if told is None:
        title = "The answer takes longer. Ask again with the same Idempotency-Key."
        raise ProblemDetails(504, "too-late", title, entered.headers, whose)
    return told
