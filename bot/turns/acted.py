"""What a conversation is told of calls that it does not hold: what was done is not done again.

What a call was made with, and what it brought, somebody wrote: it goes along as the client's words.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.core.labels import Label
from bot.ports import Line, Speaker
from bot.turns.proposals import UNKNOWN
from db.calls import CallRow, CallState

_ECHO: Final = 500  # characters of a call, and of what it brought
_DECLINED: Final = (
    "is not done: it was not confirmed, or too late, or together with other words. If the client"
    " still wants it, call it anew."
)
_HOW: Final = {
    CallState.DONE: "is done and is not to be called for this again.",
    CallState.DOUBT: "is perhaps done: it is not to be called again. A person will check.",
}
_NOT_DONE: Final = "was called and did nothing."


def told_of(
    rows: Iterable[CallRow], *, declined: Iterable[CallRow] = (), earlier: Iterable[CallRow] = ()
) -> tuple[Line, ...]:
    """`rows`: of this turn. `earlier`: of turns before it."""
    notes, quotes = list[str](), list[Label]()
    for number, (row, how) in enumerate(_all(rows, declined, earlier), 1):
        notes.append(f"Call {number}, `{row.tool}`, {how}")
        brought = "" if how is _DECLINED else (row.output or UNKNOWN)[:_ECHO]
        what = f"{row.arguments[:_ECHO]} {brought}"
        quotes.append(Label(f"call {number}", what, len(what)))
    if not notes:
        return ()
    said = "\n".join(map(str, quotes))
    return (Line(Speaker.DESK, "\n".join(notes)), Line(Speaker.CLIENT, said))


def _all(
    rows: Iterable[CallRow], declined: Iterable[CallRow], earlier: Iterable[CallRow]
) -> Iterator[tuple[CallRow, str]]:
    for row in earlier:
        yield row, f"of an earlier turn, {_HOW.get(row.state, _NOT_DONE)}"
    for row in declined:
        yield row, _DECLINED
    for row in rows:
        yield row, _HOW.get(row.state, _NOT_DONE)
