"""bot.ports.Model, answered by OpenAI's Responses and Conversations."""

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Mapping,
    Sequence,
)
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx2
from aiohttp import ClientSession
from openai import AsyncOpenAI, DefaultAioHttpClient, Timeout, omit
from openai._vendor.httpx_aiohttp.transport import AiohttpTransport

from bot.core.texts import say
from bot.errors import ConfigError, ContextOverflow, GiveUp, SportelloError, cause_of
from bot.llm.answers import read_answer
from bot.llm.catalogue import ModelFacts, describe_model, find_offers
from bot.llm.conversations import OpenAIConversations
from bot.llm.errors import translated
from bot.llm.requests import OUTPUT_TOKENS, write_request
from bot.llm.responses import LAST_EVENT_SECONDS, stream_answer
from bot.llm.sight import Sight
from bot.net.sessions import new_session
from bot.net.ways import Proxy
from bot.ports import Answer, Began, Line, ModelEvent, Question, Speaker, Telemetry, Transcription
from bot.turns.hosts import TROUBLES
from bot.turns.offers import Offer

CONNECT_SECONDS: Final = 5.0
CALL_SECONDS: Final = 20.0  # until a short call is answered
SILENCE_SECONDS: Final = 60.0  # until a stream begins, and between two of its events
TRANSCRIPTION_MODEL: Final = "gpt-transcribe"
_TAKES_KEYWORDS: Final = "gpt-transcribe"  # others refuse the parameter
_UNSEEN: Final = "The pictures and pages that the client sent could not be looked at. Say so."
# A refusal without a name of its own; and a scan may be longer than any conversation.
_PERHAPS_OF_FILES: Final = (GiveUp, ContextOverflow)
NO_KEY: Final = "none"  # the SDK insists on one, and would look for it in the environment
_CONNECTIONS: Final = 1_000
# Longer than the SDK's 5 s: most turns of a quiet desk would pay for a TLS handshake.
_KEEP_ALIVE_SECONDS: Final = 60.0

Hook = Callable[[httpx2.Request], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Efforts:
    """Learned from the models themselves: no list of names is ever complete.

    A company may name a model that does not reason while the host's does, and a server may know
    nothing of the parameter.
    """

    _refused: set[tuple[str, str]] = field(default_factory=set)  # model and effort

    def fit(self, question: Question) -> Question:
        """The question as its model takes it."""
        refused = (question.model, question.effort) in self._refused
        return replace(question, effort="") if refused else question

    def learn(self, asked: Question, error: GiveUp) -> bool:
        """Whether what was asked was refused for its effort, and can be asked without."""
        if error.why is None or not error.why.param.startswith("reasoning") or not asked.effort:
            return False
        self._refused.add((asked.model, asked.effort))
        return True


@dataclass(frozen=True, slots=True)
class OpenAIModel(OpenAIConversations):
    """The model behind an OpenAI endpoint. `api` must not retry: a retried turn runs twice."""

    stream_timeouts: Timeout
    output_tokens: int = OUTPUT_TOKENS
    last_event_seconds: float = LAST_EVENT_SECONDS
    efforts: Efforts = field(default_factory=Efforts)
    transcription_model: str = TRANSCRIPTION_MODEL
    sight: Sight = field(default_factory=Sight)

    async def ask(self, question: Question) -> AsyncGenerator[ModelEvent, None]:
        model, sees, refused = question.model, _without_files(question) != question, False
        if sees and not self.looks(model):
            self.sight.asked_without(model)
            question, sees = _without_files(question), False
        while True:
            asked = self.efforts.fit(question)
            streamed = stream_answer(
                self.api,
                write_request(
                    asked, output_tokens=self.output_tokens, marks_prefix=self.marks_prefix
                ),
                timeouts=self.stream_timeouts,
                last_event_seconds=self.last_event_seconds,
            )
            async with aclosing(streamed) as events:
                try:
                    async for event in events:
                        if isinstance(event, Began) and (sees or refused):
                            self.sight.note(model, refused=refused)
                        yield event
                    return
                except GiveUp as error:
                    if self.efforts.learn(asked, error):
                        continue  # it is left out from now on
                    blind = _without_files(question)
                    if type(error) not in _PERHAPS_OF_FILES or blind == question:
                        raise
                    question, sees = blind, False
                    refused = type(error) is GiveUp and not _is_of_picture(error)

    def looks(self, model: str) -> bool:
        return not self.sight.is_missing(model)

    async def transcribe(
        self, name: str, speech: bytes, *, keywords: Sequence[str]
    ) -> Transcription:
        """What is said in a recording; OpenAI goes by its `name`."""
        known = self.transcription_model.startswith(_TAKES_KEYWORDS)
        heard = await translated(
            self.api.audio.transcriptions.create(
                file=(name, speech),
                model=self.transcription_model,
                keywords=list(keywords) if known and keywords else omit,
                timeout=self.stream_timeouts,
            )
        )
        if not isinstance(said := getattr(heard, "text", None), str):
            raise GiveUp("no transcription")  # the SDK takes any JSON for one
        usage = getattr(heard, "usage", None)
        seconds, tokens = (getattr(usage, name, None) for name in ("seconds", "total_tokens"))
        return Transcription(
            said.strip(),
            seconds if isinstance(seconds, int | float) else 0.0,
            tokens if isinstance(tokens, int) else 0,
        )

    async def retrieve(self, response_id: str) -> Answer:
        response = await translated(self.api.responses.retrieve(response_id))
        return read_answer(response.to_dict(warnings=False))

    async def describe(self, model: str) -> ModelFacts:
        """Whether the account knows this model, and until when it will. Raises as Model does."""
        return await describe_model(self.api, model)

    async def offers(self, models: Collection[str]) -> Mapping[str, Offer]:
        return await find_offers(self.api, models)


@asynccontextmanager
async def open_model(
    *,
    api_key: str | None,
    base_url: str | None = None,
    way: Proxy | None = None,
    connect_seconds: float = CONNECT_SECONDS,
    call_seconds: float = CALL_SECONDS,
    silence_seconds: float = SILENCE_SECONDS,
    output_tokens: int = OUTPUT_TOKENS,
    last_event_seconds: float = LAST_EVENT_SECONDS,
    marks_prefix: bool = True,
    transcription_model: str = TRANSCRIPTION_MODEL,
) -> AsyncIterator[OpenAIModel]:
    """The model behind a key, or behind none; its connections are closed on leaving.

    `base_url` ends in /v1; None or "" is OpenAI's own. `way` is the proxy to it. `marks_prefix`:
    whether a new conversation begins with a mark for the cache. Raises ConfigError when key or
    address cannot be used.
    """
    _check(api_key, base_url)

    def timeout(read_seconds: float) -> Timeout:
        # To aiohttp `pool` is the time until a connection is there, its opening included.
        return Timeout(read_seconds, connect=connect_seconds, pool=2 * connect_seconds)

    async with AsyncOpenAI(
        api_key=api_key or NO_KEY,
        base_url=base_url or None,
        max_retries=0,
        timeout=timeout(call_seconds),
        http_client=_connected(way, ask=None if api_key else _without_key),
    ) as api:
        # The SDK imports its resources when they are first touched: not during a client's turn.
        _ = api.responses, api.conversations.items, api.models, api.audio.transcriptions
        yield OpenAIModel(
            api,
            timeout(silence_seconds),
            output_tokens,
            last_event_seconds,
            marks_prefix=marks_prefix,
            transcription_model=transcription_model,
        )


def _connected(way: Proxy | None, *, ask: Hook | None) -> httpx2.AsyncClient:
    """The SDK's client on a session of ours: by itself it knows neither SOCKS nor this machine.

    That its transport takes a session is no promise of the SDK's; the tests of proxies keep it.
    """
    tls = httpx2.create_ssl_context()

    def session() -> ClientSession:
        return new_session(
            connections=_CONNECTIONS, way=way, keep_alive_seconds=_KEEP_ALIVE_SECONDS, tls=tls
        )

    return DefaultAioHttpClient(
        transport=AiohttpTransport(verify=tls, client=session),
        event_hooks={"request": [ask] if ask else []},
    )


async def _without_key(request: httpx2.Request) -> None:
    request.headers.pop("Authorization", None)


def _without_files(question: Question) -> Question:
    """For a model that looks at none, or at none like these; the words are the same."""
    lines = tuple(replace(line, files=()) for line in question.lines)
    if lines == question.lines:
        return question
    return replace(question, told=(*question.told, Line(Speaker.DESK, _UNSEEN)), lines=lines)


def _is_of_picture(error: GiveUp) -> bool:
    """Whether the picture itself is at fault: the codes of that name it (openai, ResponseError)."""
    return error.why is not None and "image" in error.why.code


def _check(api_key: str | None, base_url: str | None) -> None:
    if api_key and (not api_key.isascii() or not api_key.isprintable() or " " in api_key.strip()):
        raise ConfigError("OPENAI_API_KEY holds characters that no key has")
    try:
        url = httpx2.URL(base_url or "https://api.openai.com/v1")
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host:
        raise ConfigError("OPENAI_BASE_URL is not an http(s) address")


async def watch_model(model: OpenAIModel, name: str, telemetry: Telemetry) -> None:
    """Warn when the model is unknown or about to be shut down, or its server will not do."""
    try:
        facts = await model.describe(name)
        if not facts.known:
            telemetry.warn("model unknown", model=name, cause=str(facts.why or ""))
        elif facts.shutdown_date:
            telemetry.warn("model will be shut down", model=name, on=str(facts.shutdown_date))
        await model.check_conversations()
    except SportelloError as error:
        advice = say(TROUBLES[error.trouble], "en", model=name) if error.trouble else ""
        telemetry.warn("model not checked", cause=cause_of(error), advice=advice)
