"""What is sent to the API: read within its limits, and told what is wrong with it."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import aclosing
from typing import Annotated, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from starlette.requests import ClientDisconnect, Request

from bot.core.attachments import MOST
from bot.web.letter import EXTERNAL_ID, LONGEST
from bot.web.problems import ProblemDetails
from bot.web.proof import LONGEST_TOKEN

BODY_BYTES: Final = 65_536
BODY_SECONDS: Final = 10.0
LONGEST_ANSWER_WAIT: Final = 30.0  # seconds, for a program that waits for the answer

Body = TypeVar("Body", bound="_Body")


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def says_something(text: str) -> str:
    """The text. Raises ValueError where it is none that can be kept."""
    if not text.strip():
        raise ValueError("says nothing")
    return _without_nul(text)


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ExternalId = Annotated[str, Field(pattern=f"^{EXTERNAL_ID}$")]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(says_something)]
Name = Annotated[str, Field(max_length=255), AfterValidator(_without_nul)]
_TAG: Final = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_LONGEST_TAG: Final = 35  # RFC 5646, 4.4.1
Tag = Annotated[str, Field(pattern=_TAG, max_length=_LONGEST_TAG)]


Jwt = Annotated[str, Field(min_length=1, max_length=LONGEST_TOKEN)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Proof(_Body):
    """Work that was done: SHA-256 of `challenge.nonce` begins with as many zeros as were asked."""

    challenge: Annotated[str, Field(max_length=512)]
    nonce: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]


class NewSession(_Body):
    """Of a visitor who is about to write, or is known: `identity` proves to be whom."""

    identity: Jwt | None = None
    language: Tag | None = None
    proof: Proof | None = None


class NewIdentity(_Body):
    """What proves who a visitor is."""

    jwt: Jwt


class Key(_Body):
    """A key that was tapped."""

    message: Id
    data: Annotated[str, Field(min_length=1, max_length=64)]


class SentFile(_Body):
    """Something that was uploaded to this chat, and what it is called."""

    file: Id
    name: Name = ""


class _Said(_Body):
    id: Id
    text: Words | None = None
    files: Annotated[list[SentFile], Field(max_length=MOST)] = []

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.files:
            raise ValueError("neither text nor files")
        if len({one.file for one in self.files}) < len(self.files):
            raise ValueError("a file twice")
        return self

    @property
    def came(self) -> Sequence[str]:
        """What came along, as it is known again."""
        return [part for one in self.files for part in (one.file, one.name)]


class NewMessage(_Said):
    """What a visitor says, and what comes along; of a key that was tapped, its label.

    `page`: the address of the one from which they write.
    """

    key: Key | None = None
    page: Annotated[str, Field(max_length=2048)] = ""

    @model_validator(mode="after")
    def _says_what_it_taps(self) -> Self:
        if self.key and (self.text is None or self.files):
            raise ValueError("a tapped key says its label and nothing else")
        return self


class ProgramMessage(_Said):
    """What a program says for one of its clients; `wait`: seconds for the answer."""

    external_id: ExternalId
    language: Tag | None = None
    wait: Annotated[float, Field(ge=0, le=LONGEST_ANSWER_WAIT, strict=False)] = LONGEST_ANSWER_WAIT


class ReadTo(_Body):
    """Up to where somebody has read."""

    seq: Annotated[int, Field(ge=0, le=2**53)]


class Rated(_Body):
    """What a visitor thought of it, from 1 to 5, and what they write beside it."""

    value: Annotated[int, Field(ge=1, le=5)]
    text: Annotated[str, Field(max_length=LONGEST), AfterValidator(_without_nul)] = ""


def preferred(request: Request) -> str | None:
    """The language that a browser puts first (an IETF tag), where a page says none."""
    first = request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return first if len(first) <= _LONGEST_TAG and re.fullmatch(_TAG, first) else None


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
