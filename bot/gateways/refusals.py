"""How each kind of client is told no: in the shape that it reads."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from bot.web.problems import ProblemDetails

NOT_VALID: Final = 422  # as FastAPI has it


def in_error(problem: ProblemDetails) -> Response:
    """`{"error": ...}`."""
    more = {name: told for name, told in problem.more.items() if name != "errors"}
    return _told(problem, {"error": _title(problem), **more})


def in_detail(problem: ProblemDetails) -> Response:
    """`{"detail": ...}`; of a body that is not as it should be, what is wrong where."""
    wrong = problem.more.get("errors")
    if wrong is None:
        return _told(problem, {"detail": _title(problem)})
    detail = [{**one, "loc": ["body", *one["loc"]]} for one in wrong]
    return _told(problem, {"detail": detail}, NOT_VALID)


def in_message(problem: ProblemDetails) -> Response:
    """`{"message": ...}`."""
    return _told(problem, {"message": _title(problem)})


def in_ok(problem: ProblemDetails) -> Response:
    """`{"ok": false}`."""
    return _told(problem, {"ok": False})


def _title(problem: ProblemDetails) -> str:
    return problem.title or HTTPStatus(problem.status).phrase


def _told(problem: ProblemDetails, body: Mapping[str, Any], status: int = 0) -> Response:
    return JSONResponse(body, status or problem.status, dict(problem.headers))
