"""What is sent to the API: read within its limits, and told what is wrong with it."""

import asyncio
from contextlib import aclosing
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect, Request

from bot.web.letter import LONGEST
from bot.web.problems import ProblemDetails

BODY_BYTES: Final = 65_536
BODY_SECONDS: Final = 10.0
LONGEST_WAIT: Final = 30.0

Body = TypeVar("Body", bound="_Body")


def says_something(text: str) -> str:
    """The text. Raises ValueError where it is none that can be kept."""
    if "\0" in text:
        raise ValueError("holds a NUL character")
    if not text.strip():
        raise ValueError("says nothing")
    return text


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ExternalId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._~@+-]{1,128}$")]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(says_something)]
Tag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NewSession(_Body):
    """Of a visitor who is about to write."""

    language: Tag | None = None
    page: Annotated[str, Field(max_length=2048)] | None = None


class Key(_Body):
    """A key that was tapped."""

    message: Id
    data: Annotated[str, Field(min_length=1, max_length=64)]


class NewMessage(_Body):
    """What a visitor says; of a key that was tapped, its label."""

    id: Id
    text: Words
    key: Key | None = None


class ProgramMessage(_Body):
    """What a program says for one of its clients; `wait`: seconds for the answer."""

    external_id: ExternalId
    id: Id
    text: Words
    language: Tag | None = None
    wait: Annotated[float, Field(ge=0, le=LONGEST_WAIT, strict=False)] = LONGEST_WAIT


class ReadTo(_Body):
    """Up to where somebody has read."""

    seq: Annotated[int, Field(ge=0, le=2**53)]


async def read_body(request: Request, kind: type[Body]) -> Body:
    """The JSON that came along. Raises ProblemDetails."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ProblemDetails(415, "not-json", "Send application/json.")
    content = await within_limits(request)
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        wrong = [
            {"at": "/".join(map(str, one["loc"])), "what": one["msg"]}
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        more = {"errors": wrong[:10]}
        raise ProblemDetails(
            400, "not-valid", "The body is not as it should be.", {}, more
        ) from None


async def within_limits(request: Request, most: int = BODY_BYTES) -> bytes:
    """What came along, whatever it is. Raises ProblemDetails."""
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async with aclosing(request.stream()) as pieces:
                async for piece in pieces:
                    content += piece
                    if len(content) > most:
                        raise ProblemDetails(413, "too-large", "The body is too large.")
    except TimeoutError:
        raise ProblemDetails(408, "too-slow", "The body took too long.") from None
    except ClientDisconnect:
        raise ProblemDetails(400, "cut", "The body was cut.") from None
    return bytes(content)
