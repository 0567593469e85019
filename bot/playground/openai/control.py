"""The endpoints under /control: what a test in another process asks of the emulator.

- POST /control/faults: the fields of `Fault`, only `kind` is needed; GET those pending; DELETE all
- POST /control/script: {"replies": [...], "strict": bool}, replies as in `read_reply`;
  GET {"left": n, "unexpected": [...]}; DELETE the queue
- POST /control/keys: {"revoked": key}
- POST /control/models: {"model": name, "refuses": ["input_image", "input_file"]}
- POST /control/servers: {"url": ...}, and the fields of `EmulatedServer`: an MCP server
- GET /control/requests, /control/timings (see `Received`, `Timing`); DELETE either clears both
- GET /control/state: every conversation, item and response
- GET /control/media: every picture and file that is still held, in an item or in a response
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.openai.api_error import Json
from bot.playground.openai.faults import Fault
from bot.playground.openai.gate import Gate
from bot.playground.openai.mcp import EmulatedServer
from bot.playground.openai.script import Script, read_reply
from bot.playground.openai.state import State
from bot.playground.openai.timing import Records

_FAULT = TypeAdapter(Fault)
_SERVER = TypeAdapter(EmulatedServer)


@dataclass(frozen=True, slots=True)
class Control:
    """Faults, scripted replies, and what was seen. Needs no key: it is for the loopback."""

    gate: Gate
    script: Script
    records: Records
    state: State
    refused: dict[str, set[str]]
    servers: dict[str, EmulatedServer]

    def routes(self) -> list[Route]:
        """The endpoints."""
        table: list[tuple[str, dict[str, Callable[[Request], Awaitable[Response]]]]] = [
            ("faults", {"POST": self.add_fault, "GET": self.faults, "DELETE": self.clear_faults}),
            ("script", {"POST": self.add_replies, "GET": self.left, "DELETE": self.clear_script}),
            ("keys", {"POST": self.revoke_key}),
            ("models", {"POST": self.change_model}),
            ("servers", {"POST": self.set_server}),
            ("requests", {"GET": self.requests, "DELETE": self.clear_records}),
            ("timings", {"GET": self.timings, "DELETE": self.clear_records}),
            ("state", {"GET": self.objects}),
            ("media", {"GET": self.media}),
        ]
        return [
            Route(f"/control/{name}", _clear_errors(handler), methods=[method])
            for name, methods in table
            for method, handler in methods.items()
        ]

    async def add_fault(self, request: Request) -> Response:
        self.gate.faults.add(_FAULT.validate_python(await request.json()))
        return Response(status_code=204)

    async def faults(self, request: Request) -> Response:
        return JSONResponse([asdict(fault) for fault in self.gate.faults.pending()])

    async def clear_faults(self, request: Request) -> Response:
        self.gate.faults.clear()
        return Response(status_code=204)

    async def add_replies(self, request: Request) -> Response:
        body = await request.json()
        self.script.add([read_reply(reply) for reply in body["replies"]])
        self.script.strict = bool(body.get("strict", self.script.strict))
        return Response(status_code=204)

    async def left(self, request: Request) -> Response:
        unexpected = self.records.unexpected
        return JSONResponse({"left": self.script.left(), "unexpected": unexpected})

    async def clear_script(self, request: Request) -> Response:
        self.script.clear()
        return Response(status_code=204)

    async def revoke_key(self, request: Request) -> Response:
        self.gate.revoked_keys.add(str((await request.json())["revoked"]))
        return Response(status_code=204)

    async def change_model(self, request: Request) -> Response:
        body = await request.json()
        self.refused[str(body["model"])] = {str(kind) for kind in body["refuses"]}
        return Response(status_code=204)

    async def set_server(self, request: Request) -> Response:
        body = await request.json()
        self.servers[str(body.pop("url"))] = _SERVER.validate_python(body)
        return Response(status_code=204)

    async def media(self, request: Request) -> Response:
        return JSONResponse(self.state.media())

    async def requests(self, request: Request) -> Response:
        return JSONResponse(self.records.list_requests())

    async def timings(self, request: Request) -> Response:
        return JSONResponse(self.records.list_timings())

    async def clear_records(self, request: Request) -> Response:
        self.records.clear()
        return Response(status_code=204)

    async def objects(self, request: Request) -> Response:
        conversations: Json = {
            key: {**conversation.body(), "items": list(conversation.items)}
            for key, conversation in self.state.conversations.items()
        }
        responses = {key: answered.body for key, answered in self.state.responses.items()}
        items = list(self.state.items.values())
        return JSONResponse(
            {"conversations": conversations, "items": items, "responses": responses}
        )


def _clear_errors(
    handler: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answer 422 with one readable line to a request that cannot be understood."""

    async def endpoint(request: Request) -> Response:
        try:
            return await handler(request)
        except ValidationError as error:
            problems = "; ".join(f"{e['loc']}: {e['msg']}" for e in error.errors())
            return JSONResponse({"error": problems}, 422)
        except (ValueError, KeyError, TypeError) as error:
            return JSONResponse({"error": f"cannot read this: {error}"}, 422)

    return endpoint
