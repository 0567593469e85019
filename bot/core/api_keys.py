"""What a key of a company's own programs looks like: spk_7_<32 signs><6 of a checksum>. Pure.

In front its row, so that one is looked up and one compared. The checksum tells a mistyped key
without asking the database, and a key in a text from words that look like one.
"""

import re
from collections.abc import Iterator
from typing import Final
from zlib import crc32

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET: Final = 32  # signs: 190 bits
CHECK: Final = 6  # signs: more than 32 bits
PURPOSE: Final = "api_key"  # of the keyed hash, of the secret alone
_KEY: Final = re.compile(
    rf"(?<![A-Za-z0-9])(spk_([1-9][0-9]{{0,17}})_([A-Za-z0-9]{{{SECRET}}}))([A-Za-z0-9]{{{CHECK}}})"
    r"(?![A-Za-z0-9])"
)


def written(row: int, secret: str) -> str:
    """The key with this row and this secret, as it is given out."""
    body = f"spk_{row}_{secret}"
    return body + _check(body)


def read(key: str) -> tuple[int, str] | None:
    """The row and the secret of a key; None of what is no key."""
    found = _KEY.fullmatch(key)
    return (int(found[2]), found[3]) if found and _check(found[1]) == found[4] else None


def find(text: str) -> Iterator[tuple[int, int]]:
    """Where keys stand in a text."""
    for found in _KEY.finditer(text):
        if _check(found[1]) == found[4]:
            yield found.span()


def _check(body: str) -> str:
    left, signs = crc32(body.encode()), ""
    for _ in range(CHECK):
        left, sign = divmod(left, len(ALPHABET))
        signs += ALPHABET[sign]
    return signs
