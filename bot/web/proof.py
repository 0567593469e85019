"""Who a visitor is, as their company proves it: a JSON Web Token that it signed (RFC 7519). Pure.

HS256 alone is taken, whatever the token says of itself: with `none` or a public key anybody could
sign. Where there are two secrets, both are good.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import jwt
from jwt.types import Options
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.labels import one_line

ALGORITHM: Final = "HS256"
LONGEST_AHEAD: Final = 12 * 3_600.0  # seconds for which a token may be good
LEEWAY: Final = 60.0  # seconds by which another clock may be ahead of ours
LONGEST_TOKEN: Final = 4_096  # characters
LONGEST_SUBJECT: Final = 128
LONGEST_NAME: Final = 64
_BY_OUR_CLOCK: Final[Options] = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


class NotProven(Exception):
    """The token proves nothing; `cause` is for the log: no secret, no claim and no text of it."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Proven(BaseModel):
    """What the company says. `sub`: who it is, in its own words; `name`: what they are called."""

    model_config = ConfigDict(frozen=True, strict=True)

    sub: Annotated[str, Field(min_length=1, max_length=LONGEST_SUBJECT)]
    exp: float
    iat: float | None = None
    name: str = ""
    email: Any = None  # many sign it as well, and not all as a text

    @property
    def called(self) -> str:
        """The name in one line, else the e-mail address; empty where there is neither."""
        email = self.email if isinstance(self.email, str) else ""
        return one_line(self.name, LONGEST_NAME) or one_line(email, LONGEST_NAME)


def prove(token: str, secrets: Sequence[str], *, audience: str, now: float) -> Proven:
    """What a token proves that is meant for this site (`audience`: its key). Raises NotProven."""
    try:
        said = Proven.model_validate(_signed(token, secrets, audience))
    except ValidationError:
        raise NotProven("claims") from None
    if not now < said.exp <= now + LONGEST_AHEAD:  # so that what is no number is refused too
        raise NotProven("expired" if said.exp <= now else "good for too long")
    if said.iat is not None and not said.iat <= now + LEEWAY:
        raise NotProven("issued later")
    return said


def _signed(token: str, secrets: Sequence[str], audience: str) -> Any:
    cause = "no secret"
    for secret in secrets:
        try:
            return jwt.decode(
                token, secret, algorithms=[ALGORITHM], audience=audience, options=_BY_OUR_CLOCK
            )
        except jwt.InvalidSignatureError:
            cause = "signature"
        except jwt.PyJWTError as error:
            raise NotProven(type(error).__name__) from None
        except ValueError:  # what is no text that could be sent
            raise NotProven("malformed") from None
    raise NotProven(cause)
