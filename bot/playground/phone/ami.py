"""The AMI service of Agent Voice Response: it does nothing, and says what it was asked to do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass(slots=True)
class EmulatedAMI:
    """`status`: what each request is answered with. `told`: called with each act and its body."""

    done: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int = 200
    told: Callable[[str, dict[str, Any]], object] = lambda act, body: None

    def app(self) -> Starlette:
        """`POST /hangup` and `POST /transfer`."""
        return Starlette(routes=[Route("/{act}", self._act, methods=["POST"])])

    async def _act(self, request: Request) -> Response:
        act, body = request.path_params["act"], await request.json()
        self.done.append((act, body))
        self.told(act, body)
        return JSONResponse({"message": "told"}, self.status)
