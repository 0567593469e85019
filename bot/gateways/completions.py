"""`/v1/models` and `/v1/chat/completions`, as OpenAI's API has them.

Callers resend what was said before and bring instructions of their own. The chat remembers by
itself, so its last question alone is taken; instructions are the company's, so theirs are not.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.json_text import to_json
from bot.gateways.completion_bodies import Completion
from bot.gateways.counter import Counter, Entered, Inquiry, in_one, is_answer, is_called
from bot.gateways.files import had, left_out
from bot.gateways.plain import plain
from bot.gateways.tries import Tries
from bot.web.bodies import within_limits
from bot.web.events import EventStream
from bot.web.letter import stored_id
from bot.web.problems import ProblemDetails
from bot.web.senders import Sender, Senders
from bot.web.uploads import pieces
from bot.web.visitors import Program
from db.entries import TokensUsed, log_at, tokens_for
from db.log import LogEntry
from db.records import OutboxKind
from db.tenants import TenantRow

ROUTE: Final = "completions"
BODY_BYTES: Final = 1_048_576  # such clients send all that was said, each time
LARGEST_BODY: Final = 20 * 1024**2  # with pictures in it: the whole is in memory, a few times over
LARGE: Final = 8  # of those at the same time, in this process
LARGE_OF_A_KEY: Final = 4
WHOLE_SECONDS: Final = 120.0  # such clients wait for minutes, and ask anew when told to
ALIVE_SECONDS: Final = 3.0  # for which a stream says nothing: LiveKit's client waits for 5
ALIVE: Final = b": \n\n"
DONE: Final = b"data: [DONE]\n\n"
# What a task beside the conversation gets, by the field that it asks for.
_BESIDE: Final = {"follow_ups": [], "queries": [], "tags": [], "prompt": "", "text": ""}
SESSIONS: Final = {  # headers that name a conversation, and what their names are kept under
    "x-sportello-conversation": "conversation",
    "x-openwebui-chat-id": "openwebui",
}


@dataclass(frozen=True, slots=True)
class Completions:
    """The company's assistant as a model."""

    counter: Counter
    large: Senders = field(default_factory=partial(Senders, at_once=LARGE, of_a_key=LARGE_OF_A_KEY))

    async def models(self, request: Request) -> Response:
        """`GET /v1/models`."""
        company = await self._company(request)
        return JSONResponse({"object": "list", "data": [_model(company)]})

    async def model(self, request: Request) -> Response:
        """`GET /v1/models/{model}`."""
        company = await self._company(request)
        return JSONResponse(_model(_known(company, request.path_params["model"])))

    async def complete(self, request: Request) -> Response:
        """`POST /v1/chat/completions`."""
        counter = self.counter
        program = await counter.program(request)
        with self._room(request, program) as sender:
            # What may be large has no name here, which would keep it while an answer is waited for.
            asked = await self._asked(
                request, program, Completion.of(await _content(request, sender))
            )
        if isinstance(asked, Response):
            return asked
        if asked.streams:
            return EventStream(asked.stream(), asked.entered.seat)
        return await asked.whole()

    async def _asked(
        self, request: Request, program: Program, body: Completion
    ) -> "Response | _Follow":
        counter = self.counter
        company = _known(await counter.company(program), body.model)
        if body.task is not None:
            return self._alone(body, {**_BESIDE, "title": company.name}[body.task])
        caller = _caller(request, body)
        text = body.text if caller else body.with_history()
        own = await Tries(counter.api, ROUTE).id_of(request, program, caller, body)
        links = [one.link for one in body.beside]
        question = Inquiry(ROUTE, text, caller, own=own, links=had(links))
        entered = await counter.hand_in(request, program, question)
        left = left_out(links, entered.attached)
        return _Follow(
            self,
            entered,
            body.model,
            streams=bool(body.stream),
            wants_usage=body.wants_usage,
            introduced=not caller and body.was_answered,
            ignored=[
                {"part": body.beside[place].place, "type": body.beside[place].type, "reason": why}
                for place, why in left
            ],
        )

    @contextmanager
    def _room(self, request: Request, program: Program) -> Iterator[Sender | None]:
        """For a large body, until what is in it is stored. Raises ProblemDetails."""
        told = request.headers.get("content-length", "")
        size = int(told) if told.isdecimal() else 0
        if size > LARGEST_BODY:
            raise ProblemDetails(413, "too-large", "The body is too large.")
        if size <= BODY_BYTES:
            yield None
            return
        with self.large.one(program, self.counter.api.gate.peer(request)) as sender:
            yield sender

    async def _company(self, request: Request) -> TenantRow:
        return await self.counter.company(await self.counter.program(request))

    def _alone(self, body: Completion, told: object) -> Response:
        """What no model is asked for."""
        answer = to_json({body.task: told})
        made = _Made("local", body.model, int(self.counter.api.clock.now()))
        if not body.stream:
            return JSONResponse(made.whole(answer, TokensUsed()))

        async def stream() -> AsyncGenerator[bytes]:
            yield made.chunk({"role": "assistant", "content": answer})
            yield made.chunk({}, "stop") + DONE

        return EventStream(stream())


@dataclass(frozen=True, slots=True)
class _Follow:
    """An answer on its way. `introduced`: the caller was told before that an AI answers.

    `ignored`: what it will not have looked at, and why.
    """

    completions: Completions
    entered: Entered
    model: str
    streams: bool
    wants_usage: bool
    introduced: bool
    ignored: Sequence[Mapping[str, object]]

    async def whole(self) -> Response:
        at = self.entered
        told = await self.completions.counter.answers(at, WHOLE_SECONDS)
        if told is None:
            raise _too_late(at.headers)
        answer = in_one(self._for_good(told))
        made = self._made()
        whole = {**made.whole(answer, await self._used()), **self._left_out()}
        return JSONResponse(whole, headers=dict(at.headers))

    async def stream(self) -> AsyncGenerator[bytes]:
        """Each bubble once it is said."""
        api, at, made = self.completions.counter.api, self.entered, self._made()
        yield made.chunk({"role": "assistant", "content": ""})
        said: dict[int, str] = {}
        heard_at = api.clock.boottime()
        whole = api.reading.looks(at.address, at.own, seconds=WHOLE_SECONDS, every=ALIVE_SECONDS)
        async with aclosing(whole) as looks:
            async for seen in looks:
                for one in self._for_good(seen.said) if seen.whole else self._so_far(seen.said):
                    text, before = plain(one), said.get(one.seq, "")
                    if text != before and text.startswith(before):  # keys come behind a bubble
                        gap = "\n\n" if said and not before else ""
                        said[one.seq] = text
                        heard_at = api.clock.boottime()
                        yield made.chunk({"content": gap + text.removeprefix(before)})
                if seen.whole:
                    break
                if api.clock.boottime() - heard_at >= ALIVE_SECONDS:
                    heard_at = api.clock.boottime()
                    yield ALIVE
            else:
                yield _event({"error": in_openai_words(_too_late({}))})
                return
        yield made.chunk({}, "stop", **self._left_out())
        if self.wants_usage:
            yield made.usage(await self._used())
        yield DONE

    def _so_far(self, told: Sequence[LogEntry]) -> Sequence[LogEntry]:
        """A notice before the answer is held back where it may be one too many."""
        answers = filter(is_answer, told)
        return [one for one in answers if not self.introduced or not _is_notice(one)]

    def _for_good(self, told: Sequence[LogEntry]) -> Sequence[LogEntry]:
        answers = [one for one in told if is_answer(one)]
        rest = [one for one in answers if not _is_notice(one)]
        return rest if self.introduced and rest else answers

    def _left_out(self) -> Mapping[str, object]:
        return {"ignored": self.ignored} if self.ignored else {}

    async def _used(self) -> TokensUsed:
        return await self._read(tokens_for) or TokensUsed()

    async def _read(self, what: Any) -> Any:
        database = self.completions.counter.api.database
        state = await database.read(log_at, self.entered.address)
        if state is None:
            return None
        return await database.read(what, state.chat, stored_id(self.entered.own))

    def _made(self) -> "_Made":
        now = self.completions.counter.api.clock.now()
        return _Made(self.entered.own, self.model, int(now))


@dataclass(frozen=True, slots=True)
class _Made:
    """What all parts of a completion have in common."""

    own: str
    model: str
    created: int

    def whole(self, answer: str, used: TokensUsed) -> Mapping[str, Any]:
        message = {"role": "assistant", "content": answer, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": _usage(used)}

    def chunk(self, delta: Mapping[str, str], ends: str | None = None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": ends}
        return _event({**self._head("chat.completion.chunk"), "choices": [choice], **more})

    def usage(self, used: TokensUsed) -> bytes:
        head = self._head("chat.completion.chunk")
        return _event({**head, "choices": [], "usage": _usage(used)})

    def _head(self, kind: str) -> Mapping[str, Any]:
        named = {"created": self.created, "model": self.model}
        return {"id": f"chatcmpl-{self.own}", "object": kind, **named}


def in_openai_words(problem: ProblemDetails) -> Mapping[str, Any]:
    """An error as OpenAI's clients read it."""
    codes = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
    code = "model_not_found" if problem.kind == "no-model" else codes.get(problem.status)
    kind = "server_error" if problem.status >= 500 else "invalid_request_error"  # noqa: PLR2004 - as HTTP counts
    title = problem.title or "It failed."
    return {"message": title, "type": kind, "param": None, "code": code or problem.kind}


def in_openai(problem: ProblemDetails) -> Response:
    """`{"error": {"message", "type", "param", "code"}}`."""
    told = {"error": in_openai_words(problem)}
    return JSONResponse(told, problem.status, dict(problem.headers))


async def _content(request: Request, sender: Sender | None) -> bytes:
    if sender is None:
        return await within_limits(request, BODY_BYTES)
    return b"".join([piece async for piece in pieces(request, sender)])


def _caller(request: Request, body: Completion) -> str | None:
    """The conversation that is meant; None: none, so each question is one of its own."""
    for header, kind in SESSIONS.items():
        if told := request.headers.get(header):
            return f"{kind}.{told}"
    return f"user.{body.user}" if body.user else None


def _known(company: TenantRow, model: str) -> TenantRow:
    if not is_called(company, model):
        raise ProblemDetails(404, "no-model", "There is no such model for this key.")
    return company


def _model(company: TenantRow) -> Mapping[str, Any]:
    return {"id": company.name, "object": "model", "created": 0, "owned_by": "sportello"}


def _too_late(headers: Mapping[str, str]) -> ProblemDetails:
    return ProblemDetails(504, "too-late", "The answer takes longer.", headers)


def _is_notice(entry: LogEntry) -> bool:
    return entry.said_as is OutboxKind.NOTICE


def _usage(used: TokensUsed) -> Mapping[str, Any]:
    return {
        "prompt_tokens": used.read,
        "completion_tokens": used.written,
        "total_tokens": used.read + used.written,
        "prompt_tokens_details": {"cached_tokens": used.cached},
    }


def _event(told: Mapping[str, Any]) -> bytes:
    return f"data: {to_json(told)}\n\n".encode()
