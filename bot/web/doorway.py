"""Around every request: who may ask from another page, what went wrong, and a line in the log."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.ports import Clock, Telemetry
from bot.web.letter import EXTERNAL_ID
from bot.web.problems import ProblemDetails, not_found, unavailable
from bot.web.visitors import Gate
from db.engine import is_unusable

Endpoint = Callable[[Request], Awaitable[Response]]
Refusal = Callable[[ProblemDetails], Response]
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Origin",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}
_NAME: Final = re.compile(EXTERNAL_ID)  # a site's key, or a chat's id
_TOLD: Final = "RateLimit, RateLimit-Policy, Retry-After"


def as_problem(problem: ProblemDetails) -> Response:
    """As the API says no."""
    return problem.response()


@dataclass(frozen=True, slots=True)
class Doorway:
    """The log tells a route and never a path, a query or a header: there may be a secret in it."""

    gate: Gate
    telemetry: Telemetry
    clock: Clock

    def route(self, path: str, *, refusal: Refusal = as_problem, **endpoints: Endpoint) -> Route:
        """A path of the API, with an endpoint by method; `refusal`: how it says no."""
        methods = [name.upper() for name in endpoints]

        async def endpoint(request: Request) -> Response:
            began = self.clock.boottime()
            asked = "GET" if request.method == "HEAD" else request.method
            if not _are_names(request.path_params):
                response: Response = refusal(not_found())
            elif asked == "OPTIONS":
                response = await self._preflight(request, methods)
            else:
                response = await self._answer(request, endpoints[asked.lower()], refusal)
            seconds = round(self.clock.boottime() - began, 4)
            told = {"method": request.method, "route": path, "status": response.status_code}
            self.telemetry.record("http request", **told, seconds=seconds)
            return response

        return Route(path, endpoint, methods=[*methods, "OPTIONS"])

    async def _answer(self, request: Request, endpoint: Endpoint, refusal: Refusal) -> Response:
        try:
            response = await endpoint(request)
        except ProblemDetails as problem:
            response = refusal(problem)
        except Exception as error:
            self.telemetry.warn("http request failed", error=type(error).__name__, exc_info=error)
            response = refusal(unavailable() if is_unusable(error) else ProblemDetails(500))
        response.headers.update(_ALWAYS)
        response.headers.setdefault("Cache-Control", "no-store")
        if "origin" in request.headers and (origin := await self._origin(request)):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _TOLD
        return response

    async def _preflight(self, request: Request, methods: Sequence[str]) -> Response:
        origin = await self._origin(request)
        if origin is None:
            title = "This page is none of the site's."
            return ProblemDetails(403, "origin-not-listed", title).response()
        allowed = {"Access-Control-Allow-Origin": origin}
        allowed["Access-Control-Allow-Methods"] = ", ".join(methods)
        return Response(status_code=204, headers={**_ALWAYS, **_PREFLIGHT, **allowed})

    async def _origin(self, request: Request) -> str | None:
        try:
            return await self.gate.listed_origin(request)
        except Exception as error:  # what was asked for is answered all the same
            self.telemetry.warn("http request failed", error=type(error).__name__, exc_info=error)
            return None


def _are_names(told: Mapping[str, str]) -> bool:
    """Whether there can be such a site and such a chat: a database does not take any text."""
    return all(_NAME.fullmatch(told[one]) for one in ("key", "chat") if one in told)


async def refused(_: Request, error: Exception) -> Response:
    """No such path, or not by this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return ProblemDetails(status, headers=headers).response()
