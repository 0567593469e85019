"""Commands behind which one may say something: "/new Avete posto?" is answered as well. Pure."""

import re
from typing import ClassVar

from bot.core.tokens import BULLET


class WithWords:
    """How such a command is written on a channel; `called`: what may follow its name, a pattern."""

    names: ClassVar = ("start", "new", "help", "privacy", "lock")

    def __init__(self, called: str = "") -> None:
        names = "|".join(self.names)
        self._pattern = re.compile(rf"/(?P<name>{names}){called}(?:\s+|\Z)", re.IGNORECASE)

    def command_in(self, said: str) -> str:
        """Which one somebody's words begin with, whomever it is for; "": none."""
        found = self._pattern.match(said)
        return found["name"].lower() if found else ""

    def behind(self, said: str) -> str:
        """The words behind it; all of them where they begin with none."""
        found = self._pattern.match(said)
        return said[found.end() :].strip() if found else said

    def asks(self, said: str) -> bool:
        """Whether there is one, and more behind it than a hidden secret."""
        rest = self.behind(said).replace(BULLET, "")
        return bool(self.command_in(said) and rest.strip())
