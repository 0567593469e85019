"""Endpoints that speak JSON and answer bad input with a sentence."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.telegram.errors import ApiError

Endpoint = Callable[[Request], Awaitable[Response]]


def answers_json(function: Callable[[Request], Awaitable[Any]]) -> Endpoint:
    """Make an endpoint of a function that returns JSON, or a Response as it is.

    ValueError and KeyError, as the emulator's objects raise them, become 400 and 404.
    """

    async def endpoint(request: Request) -> Response:
        try:
            result = await function(request)
        except ApiError as error:
            return _refuse(error.code, error.description)
        except ValidationError as error:
            return _refuse(400, _first_mistake(error))
        except ValueError as error:
            return _refuse(400, str(error))
        except KeyError as error:
            return _refuse(404, f"there is no {error.args[0]} here")
        return result if isinstance(result, Response) else JSONResponse(result)

    return endpoint


def query_number(request: Request, name: str, default: int | None = None) -> int:
    """A whole number of the query. Raises ValueError when it is none, or is needed and absent."""
    given = request.query_params.get(name, default)
    return _whole(given, name)


def path_number(request: Request, name: str) -> int:
    """A whole number of the path. Raises ValueError."""
    return _whole(request.path_params[name], name)


def _whole(given: str | int | None, name: str) -> int:
    try:
        return int(given)  # type: ignore[arg-type] # None is a mistake like any other
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a whole number") from None


def _refuse(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors()[0]
    where = ".".join(str(part) for part in mistake["loc"]) or "body"
    return f"{where}: {mistake['msg']}"
