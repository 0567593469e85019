"""The phone stack's AMI service: it writes down what it is asked to do."""

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass(slots=True)
class FakeAMI:
    """`status`: what each request is answered with."""

    done: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int = 200

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{act}", self._act, methods=["POST"])])

    async def _act(self, request: Request) -> Response:
        self.done.append((request.path_params["act"], await request.json()))
        return JSONResponse({"message": "told"}, self.status)
