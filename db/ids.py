"""The ids of chats, messages and updates: texts of their channel's, as the tables keep them.

A number is kept as it is. Any other text stands beside a number that is made of it, which takes
its place wherever ids are compared, joined or indexed (docs/decisions/0029-ids-of-channels.md).
What has no id has none in the tables.
"""

import hashlib
import re
from typing import Final, overload

_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")  # as it is written back, and above MADE
_MADE: Final = -(2**62)  # numbers made of texts stand below it


@overload
def as_number(own_id: str) -> int: ...
@overload
def as_number(own_id: str | None) -> int | None: ...
def as_number(own_id: str | None) -> int | None:
    """What stands for an id in the tables."""
    if own_id is None:
        return None
    if _NUMBER.fullmatch(own_id):
        return int(own_id)
    made = hashlib.blake2b(own_id.encode(), digest_size=8).digest()
    return _MADE - 1 - (int.from_bytes(made) >> 2)


def text_beside(own_id: str | None) -> str | None:
    """What is kept beside the number; None where that says it all."""
    return None if own_id is None or _NUMBER.fullmatch(own_id) else own_id


@overload
def own_id(kept: int, text: str | None) -> str: ...
@overload
def own_id(kept: int | None, text: str | None) -> str | None: ...
def own_id(kept: int | None, text: str | None) -> str | None:
    """An id as its channel writes it, of what is kept."""
    return text if kept is None or text is not None else str(kept)
