"""Deep links: `https://t.me/<bot>?start=<payload>`, and what the payload means. Pure.

core.telegram.org/bots/features#deep-linking: up to 64 of A-Z a-z 0-9 _ and -, which come back as
the words of /start.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

INVITATION: Final = "i_"  # and a token: 24 random bytes, url-safe
TOKEN_BYTES: Final = 24
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role is claimed. Whoever has the token has the right to it, so it shows nowhere."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody would like to talk to the tenant of this name."""

    tenant: str


def start_link(username: str, payload: str) -> str:
    """The link that opens a bot with a payload. Raises ValueError where Telegram takes none."""
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError("a payload has 1 to 64 letters, digits, hyphens and underscores")
    return f"https://t.me/{username}?start={payload}"


def invitation_link(username: str, token: str) -> str:
    """The link that gives whoever opens it first what the token stands for."""
    return start_link(username, INVITATION + token)


def read_start(words: str) -> Invitation | Named | None:
    """What /start was asked for by the words after it; None when it was nothing."""
    if not words:
        return None
    if words.startswith(INVITATION):
        return Invitation(words.removeprefix(INVITATION))
    return Named(words)


def digest(token: str) -> str:
    """What is stored of a token; it is too random to be found by trying."""
    return hashlib.sha256(token.encode()).hexdigest()
