"""Deep links: `https://t.me/<bot>?start=<payload>`, and what the payload means.

core.telegram.org/bots/features#deep-linking: up to 64 of A-Z a-z 0-9 _ and -, which come back as
the words of /start.
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.core.invitations import INVITATION, TOKEN_BYTES

_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role is asked for. Whoever has the payload has the right to it, so it shows nowhere."""

    payload: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A tenant that somebody would like to talk to; where there is none, what a link carries."""

    name: str

    @property
    def may_be_typed(self) -> bool:
        """Whether it may be a word that somebody typed, and no link brought."""
        return self.name.isalpha()


def new_invitation() -> str:
    """What nobody guesses, for a link that gives a role."""
    return INVITATION + secrets.token_urlsafe(TOKEN_BYTES)


def start_link(username: str, payload: str) -> str:
    """The link that opens a bot with a payload. Raises ValueError where Telegram takes none."""
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError("a payload has 1 to 64 letters, digits, hyphens and underscores")
    return f"https://t.me/{username}?start={payload}"


def clients_link(own: str | None, shared: str | None, name: str) -> str:
    """Where clients find a tenant: its own bot, else the one that leads to any; "" is nowhere."""
    if own and own != shared:
        return f"https://t.me/{own}"
    return start_link(shared, name) if shared else ""


def read_start(words: str) -> Invitation | Named | None:
    """What /start was asked for by the words after it; None when they cannot be a payload."""
    if not _PAYLOAD.fullmatch(words):
        return None
    if words.startswith(INVITATION):
        return Invitation(words)
    return Named(words)
