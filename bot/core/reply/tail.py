"""What stands behind a reply's bubbles: what the answer says of itself.

Only what stands there whole, under its key and in its type, is stated. The rest is empty.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.core.reply.shapes import DECODER
from bot.core.reply.wording import mend_surrogates
from db.records import Outcome, Stated

MOST_BUTTONS: Final = 4
ABOUT_CHARACTERS: Final = 200
_LIST: Final = re.compile(r"""(?:```\w*+\s*+)?\{\s*+"messages"\s*+:\s*+(?=\[)""")
_NEXT: Final = re.compile(r"""\s*+,\s*+"(\w++)"\s*+:\s*+""")
_OUTCOMES: Final = frozenset(Outcome)


def find_tail(text: str) -> int | None:
    """Where the list of messages ends; None while it is open, or where none begins."""
    head = _LIST.match(text)
    if head is None:
        return None
    try:
        return DECODER.raw_decode(text, head.end())[1]
    except (ValueError, RecursionError):
        return None


def read_stated(text: str) -> Stated:
    """What a reply says of itself."""
    begin = find_tail(text)
    if begin is None:
        return Stated()
    tail: dict[str, Any] = {}
    for key, value in _read_members(text, begin):
        tail.setdefault(key, value)
    outcome = tail.get("outcome")
    return Stated(
        outcome=Outcome(outcome) if isinstance(outcome, str) and outcome in _OUTCOMES else None,
        about=_read_line(tail.get("about"))[:ABOUT_CHARACTERS],
        buttons=_read_lines(tail.get("buttons"))[:MOST_BUTTONS],
        sources=_read_lines(tail.get("sources")),
    )


def _read_members(text: str, position: int) -> Iterator[tuple[str, Any]]:
    """The members of the object behind a place, up to the first that is not whole."""
    while key := _NEXT.match(text, position):
        try:
            value, position = DECODER.raw_decode(text, key.end())
        except (ValueError, RecursionError):
            return
        yield key[1], value


def _read_lines(value: Any) -> tuple[str, ...]:
    """Each of a list of strings once, those without words left out."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return ()
    return tuple(dict.fromkeys(filter(None, map(_read_line, value))))


def _read_line(value: Any) -> str:
    """A string in one line, with nothing that a database refuses."""
    if not isinstance(value, str):
        return ""
    return " ".join(mend_surrogates(value).replace("\0", "").split())
