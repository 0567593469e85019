"""What is told when a request is not carried out: problem details (RFC 9457)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import JSONResponse

MEDIA_TYPE: Final = "application/problem+json"
PAUSE_SECONDS: Final = 300  # after which a program may ask again whether it is over
QUOTA: Final = "https://iana.org/assignments/http-problem-types#quota-exceeded"


@dataclass
class ProblemDetails(Exception):
    """Why; `kind` is for programs, `title` for whoever writes them. No client's words in either."""

    status: int
    kind: str = "about:blank"
    title: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def response(self) -> JSONResponse:
        """As it is answered."""
        title = self.title or HTTPStatus(self.status).phrase
        body = {"type": self.kind, "title": title, "status": self.status, **self.more}
        return JSONResponse(
            body, status_code=self.status, headers=dict(self.headers), media_type=MEDIA_TYPE
        )


def not_found() -> ProblemDetails:
    """There is none, or it is somebody else's: nobody learns which."""
    return ProblemDetails(404, "not-found", "There is nothing here.")


def unauthorized() -> ProblemDetails:
    """No token, or one that is over: nobody learns which."""
    headers = {"WWW-Authenticate": "Bearer"}
    return ProblemDetails(401, "unauthorized", "This needs a token that is still good.", headers)


def forbidden(kind: str, title: str) -> ProblemDetails:
    """Known, and not allowed."""
    return ProblemDetails(403, kind, title)


def paused() -> ProblemDetails:
    """The company answers nobody at the moment; nobody knows until when."""
    title = "The company has paused its assistant. Try again later."
    return ProblemDetails(503, "paused", title, {"Retry-After": str(PAUSE_SECONDS)})


def unavailable(after: int = 5) -> ProblemDetails:
    """Try again."""
    headers = {"Retry-After": str(after)}
    return ProblemDetails(503, "unavailable", "Not just now. Try again in a moment.", headers)
