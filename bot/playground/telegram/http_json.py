"""Endpoints that speak JSON and answer bad input with a sentence."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Endpoint = Callable[[Request], Awaitable[Response]]


def answers_json(function: Callable[[Request], Awaitable[Any]]) -> Endpoint:
    """Make an endpoint of a function that returns JSON, or a Response as it is.

    ValueError and KeyError, as the emulator's objects raise them, become 400 and 404.
    """

    async def endpoint(request: Request) -> Response:
        try:
            result = await function(request)
        except ValidationError as error:
            return _refuse(400, _first_mistake(error))
        except ValueError as error:
            return _refuse(400, str(error))
        except KeyError as error:
            return _refuse(404, f"there is no {error.args[0]} here")
        return result if isinstance(result, Response) else JSONResponse(result)

    return endpoint


def _refuse(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors()[0]
    where = ".".join(str(part) for part in mistake["loc"]) or "body"
    return f"{where}: {mistake['msg']}"
