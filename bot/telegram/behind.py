"""Commands behind which one may say something: "/new Avete posto?" is answered as well. Pure."""

import re
from typing import Final

from bot.core.tokens import BULLET

ANSWERED: Final = ("start", "new", "help", "privacy", "lock")
_COMMAND: Final = re.compile(
    rf"/(?P<name>{'|'.join(ANSWERED)})(?:@(?P<bot>\w{{3,32}}))?(?:\s+|\Z)", re.IGNORECASE
)


def command_in(said: str, *usernames: str) -> str:
    """Which of these a text or a caption begins with, said to the bot of these names; "": none."""
    found = _COMMAND.match(said)
    if found is None:
        return ""
    is_ours = not found["bot"] or found["bot"].lower() in map(str.lower, usernames)
    return found["name"].lower() if is_ours else ""


def behind(said: str) -> str:
    """The words behind the command; all of them where they begin with none."""
    found = _COMMAND.match(said)
    return said[found.end() :].strip() if found else said


def asks(said: str) -> bool:
    """Whether it begins with one of these, and there is more than a hidden secret behind it."""
    return _COMMAND.match(said) is not None and bool(behind(said).replace(BULLET, "").strip())
