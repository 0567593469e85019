"""Access codes as they are generated."""

import secrets
from typing import Final

# Without I, L and O: however a code is read aloud or typed, it is the same (`canonical`).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"
_HALF: Final = 4


def new_code() -> str:
    """A code such as AB12-CD34, with at least one letter and one digit: 40.2 random bits."""
    while True:
        first, second = ("".join(secrets.choice(ALPHABET) for _ in range(_HALF)) for _ in range(2))
        code = f"{first}-{second}"
        if any(map(str.isdigit, code)) and any(map(str.isalpha, code)):
            return code
