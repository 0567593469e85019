"""Access codes as they are generated."""

import secrets
from typing import Final

from bot.core.spellings import is_range

# Without I, L and O: however a code is read aloud or typed, it is the same (`canonical`).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"
_HALF: Final = 4


def new_code() -> str:
    """A code such as AB12-CD34, with at least one letter and one digit: 40.2 random bits.

    It looks like no range, such as 10am-12pm: those are no guesses.
    """
    while True:
        first, second = ("".join(secrets.choice(ALPHABET) for _ in range(_HALF)) for _ in range(2))
        code = f"{first}-{second}"
        is_mixed = any(map(str.isdigit, code)) and any(map(str.isalpha, code))
        if is_mixed and not is_range(code):
            return code
