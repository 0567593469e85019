"""Commands behind which one may say something: "/new Avete posto?" is answered as well. Pure."""

import re
from typing import Final

from bot.core.tokens import BULLET

ANSWERED: Final = ("start", "new", "help", "privacy", "lock")
_COMMAND: Final = re.compile(
    rf"/(?P<name>{'|'.join(ANSWERED)})(?:@\w{{3,32}})?(?:\s+|\Z)", re.IGNORECASE
)


def command_in(said: str) -> str:
    """Which of these a text or a caption begins with, whomever it is for; "": none."""
    found = _COMMAND.match(said)
    return found["name"].lower() if found else ""


def behind(said: str) -> str:
    """The words behind the command; all of them where they begin with none."""
    found = _COMMAND.match(said)
    return said[found.end() :].strip() if found else said


def asks(said: str) -> bool:
    """Whether it begins with one of these, and there is more than a hidden secret behind it."""
    return _COMMAND.match(said) is not None and bool(behind(said).replace(BULLET, "").strip())
