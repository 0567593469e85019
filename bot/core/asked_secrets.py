"""What is a secret in the answer to a question about a company's own tool. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.declared import HEADER
from bot.core.declared_lines import NOTHING
from bot.core.secrets import SHORTEST_SECRET, FoundSecret, SecretKind, is_command

_LOGIN: Final = re.compile(r"://([^/?#\s@]+)@")
_VALUE: Final = re.compile(r"[?&;]([\w.-]+)=([^&;#\s{}]+)")  # in braces the model fills it in
_OPENS: Final = re.compile(
    r"\w*key|\w*token|\w*secret|pass\w*|pwd|auth|authorization|credentials?|sig|signature|jwt|bearer",
    re.IGNORECASE,
)
_RANDOM: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[\w.~%+-]{20,}")  # nobody's word


def asked_for(said: Sequence[str]) -> tuple[FoundSecret, ...]:
    """What was said where a secret was asked for: all of it is one, unless it is a command."""
    return _found(text for text in map(str.strip, said) if not is_command(text))


def beside_a_header(said: Sequence[str]) -> tuple[FoundSecret, ...]:
    """The same where a header's name was asked for: what is none may hold what belongs in it."""
    said = [text for text in map(str.strip, said) if text not in NOTHING]
    return asked_for([text for text in said if not HEADER.fullmatch(text)])


def in_an_address(said: Sequence[str]) -> tuple[FoundSecret, ...]:
    """What opens a system in an address of it: a login, and values that are called like a key."""
    logins = [login for text in said for login in _LOGIN.findall(text)]
    values = [pair for text in said for pair in _VALUE.findall(text)]
    keys = [value for name, value in values if _is_called_so(name) or _RANDOM.fullmatch(value)]
    return _found([*logins, *keys])


def _is_called_so(name: str) -> bool:
    return any(_OPENS.fullmatch(word) for word in re.split(r"[._-]", name))


def _found(texts: Iterable[str]) -> tuple[FoundSecret, ...]:
    return tuple(
        FoundSecret(SecretKind.SECRET, text, spoken=True)
        for text in dict.fromkeys(texts)
        if len(text) >= SHORTEST_SECRET
    )
