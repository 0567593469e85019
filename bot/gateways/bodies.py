"""What programs send: read as JSON whatever they call it, and what they need not say is ignored."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json
from starlette.requests import Request

from bot.web.bodies import Words, within_limits
from bot.web.problems import ProblemDetails

Told = TypeVar("Told", bound="_Told")


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


def _as_text(told: object) -> object:
    return str(told) if isinstance(told, int) and not isinstance(told, bool) else told


CallerId = Annotated[str, Field(min_length=1, max_length=1024), BeforeValidator(_as_text)]


def _if_any(told: object) -> object:
    """Who has files to show says nothing, or an empty text."""
    return None if told == "" else told


class ThreadMessage(_Told):
    """`POST /v1/threads/chat`."""

    content: Annotated[Words | None, BeforeValidator(_if_any)] = None
    files: list[Any] | None = None
    thread_id: CallerId | None = None
    client_info: Any = None


class SessionInput(_Told):
    """`POST /ask`."""

    session_id: CallerId
    user_input: Words


class UserMessage(_Told):
    """`POST /api/chat`."""

    user_id: CallerId | None = None
    message: Words


async def read_told(request: Request, kind: type[Told], *, absent: str) -> Told:
    """The JSON that came; `absent`: what is told where it has not what it must have.

    Raises ProblemDetails.
    """
    content = await within_limits(request)
    try:
        told = from_json(content)
    except ValueError:
        told = {}
    try:
        return kind.model_validate(told if isinstance(told, dict) else {})
    except ValidationError as error:
        raise refusal(error, absent) from None


def refusal(error: ValidationError, absent: str = "") -> ProblemDetails:
    """What is wrong, without what was sent."""
    wrong = error.errors(include_url=False, include_input=False, include_context=False)
    first = wrong[0]
    is_absent = first["type"] in ("missing", "string_too_short", "value_error")
    place = "/".join(map(str, first["loc"]))
    title = absent if absent and is_absent else f"{place}: {first['msg']}"
    return ProblemDetails(400, "not-valid", title, {}, {"errors": wrong[:10]})
