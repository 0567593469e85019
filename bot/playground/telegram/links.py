"""Deep links: `t.me/<bot>?start=<payload>` (core.telegram.org/bots/features#deep-linking)."""

import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

HOSTS: Final = ("t.me", "telegram.me", "telegram.dog", "www.t.me")
PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")


@dataclass(frozen=True, slots=True)
class StartLink:
    """A bot, and what it shall be told when the person presses Start."""

    username: str
    payload: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a t.me or tg:// link. Raises ValueError when it leads to no bot's start."""
        parts = urlsplit(url if "://" in url else f"https://{url}")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.scheme == "tg" and parts.netloc == "resolve":
            username = query.get("domain", "")
        elif parts.scheme in ("http", "https") and parts.netloc.lower() in HOSTS:
            username = parts.path.strip("/")
        else:
            raise ValueError("this is no link to Telegram")
        payload = query.get("start", "")
        if not username or "/" in username or not PAYLOAD.fullmatch(payload):
            raise ValueError("the link names no bot, or its start parameter is not allowed")
        return cls(username, payload)

    def command(self) -> str:
        """What pressing Start writes."""
        return f"/start {self.payload}".rstrip()
