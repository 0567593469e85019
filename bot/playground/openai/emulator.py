"""The OpenAI emulator as one object: its parts, and the application that serves them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.openai.api_error import ApiError
from bot.playground.openai.archive import Archive
from bot.playground.openai.catalogue import Catalogue
from bot.playground.openai.control import Control
from bot.playground.openai.conversations import Conversations
from bot.playground.openai.draft import Answers, Rhythm
from bot.playground.openai.faults import Faults, Then
from bot.playground.openai.gate import Gate
from bot.playground.openai.mcp import EmulatedServer, McpServers
from bot.playground.openai.offline import OfflineModel
from bot.playground.openai.responses import Responses
from bot.playground.openai.script import Script
from bot.playground.openai.state import State
from bot.playground.openai.timing import Records
from bot.playground.openai.transcriptions import Transcriptions


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(slots=True)
class Emulator:
    """An OpenAI endpoint of our own: serve `app()` and give the address plus `/v1` to a client.

    Tests use the parts directly: `faults.add(Fault(...))`, `script.add([Reply(...)])`,
    `script.strict`, `records.requests`, `records.timings`, `records.unexpected`, `state`,
    `state.media()`, `refused["gpt-6-luna"] = {"input_image"}`, and
    `servers[URL] = EmulatedServer(...)`.
    What is set at construction is read once, by `app()`.
    """

    answers: Answers = field(default_factory=OfflineModel)
    rhythm: Rhythm = field(default_factory=Rhythm)
    then: Then = Then.FINISH  # what becomes of an answer whose client is gone
    context_tokens: int = 1_050_000
    archive: Archive = field(default_factory=lambda: Archive(None))
    revoked_keys: set[str] = field(default_factory=set)
    refused: dict[str, set[str]] = field(default_factory=dict)  # see `Catalogue`
    today: Callable[[], date] = _today
    faults: Faults = field(default_factory=Faults)
    records: Records = field(default_factory=Records)
    servers: dict[str, EmulatedServer] = field(default_factory=dict)  # of MCP, by their addresses
    script: Script = field(init=False)
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.script = Script(otherwise=self.answers)
        self.state = State(self.archive)

    def app(self) -> Starlette:
        """The ASGI application. The gate's sets and lists are this object's own."""
        gate = Gate(self.faults, self.records, self.revoked_keys)
        catalogue = Catalogue(self.today, self.refused)
        responses = Responses(
            state=self.state,
            answers=self.script,
            records=self.records,
            catalogue=catalogue,
            rhythm=self.rhythm,
            then=self.then,
            context_tokens=self.context_tokens,
            servers=McpServers(self.servers),
        )
        control = Control(gate, self.script, self.records, self.state, self.refused, self.servers)
        routes = [
            *responses.routes(gate),
            *Transcriptions(catalogue).routes(gate),
            *Conversations(self.state).routes(gate),
            *control.routes(),
        ]
        return Starlette(routes=routes, exception_handlers={404: _unknown_url, 405: _unknown_url})


async def _unknown_url(request: Request, error: Exception) -> Response:
    message = f"Invalid URL ({request.method} {request.url.path})"
    return JSONResponse({"error": ApiError(404, message).body()}, 404)
