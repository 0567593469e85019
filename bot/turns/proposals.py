"""How a call is written down first, and what the model is told of one that is not carried out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from bot.core.calls import (
    ARGUMENTS_CHARACTERS,
    RESULT_BYTES,
    Call,
    Effect,
    Status,
    canonical,
    write_output,
)
from bot.ports import Tool
from bot.turns.confirming import ASKED, is_asked
from db.calls import CallRow, CallState

PER_ANSWER: Final = 8
_ECHO: Final = 500  # characters of a call, and of its output, that are told again
MAY_HAVE_ACTED: Final = frozenset({CallState.DONE, CallState.DOUBT})

NOT_CARRIED_OUT: Final = write_output(
    Status.FAILURE, "This was not carried out: the call did not arrive whole. Make it anew."
)
UNKNOWN: Final = write_output(
    Status.FAILURE,
    "It is unknown whether this was done. Do not repeat it; say that a person will check.",
)
INTERRUPTED: Final = write_output(Status.FAILURE, "This was not carried out: it was interrupted.")
TOO_MANY: Final = write_output(
    Status.FAILURE,
    f"This was not carried out: an answer may make {PER_ANSWER} calls at most. Make it anew.",
)
NO_TIME: Final = write_output(
    Status.FAILURE, "This was not carried out: there is no time left. Say so, and call nothing."
)
NO_OBJECT: Final = write_output(Status.FAILURE, "These arguments are no JSON object.")
TOO_SLOW: Final = write_output(Status.FAILURE, "This took too long. Go on without it.")
BROKE: Final = write_output(Status.FAILURE, "This did not work, for a reason of its own.")


def read_call(
    call: Call,
    response_id: str,
    place: int,
    *,
    tools: Mapping[str, Tool],
    before: Mapping[str, CallRow],
    wary: bool,
) -> CallRow:
    """A call as it is written down: open, or over where it is not carried out at all.

    `place`: which of its answer's calls it is. `tools`: those that are offered. `before`: what was
    called in this turn; what changed something then, or may have, is not done again. `wary`:
    whether the client is asked before any write.
    """
    name, arguments = clean(call.name), clean(call.arguments)[:ARGUMENTS_CHARACTERS]
    digest = sha256(f"{name}\0{canonical(arguments)}".encode()).hexdigest()
    row = CallRow(call.call_id, response_id, name, arguments, digest)
    if (refusal := _refusal(call, name, place, tools)) is not None:
        return replace(row, state=CallState.FAILED, output=refusal)
    if tools[name].effect is Effect.WRITE:
        for one in before.values():
            if one.digest == digest and one.state in MAY_HAVE_ACTED:
                return replace(row, state=one.state, output=one.output)
    if is_asked(tools[name], wary=wary):
        if not _is_object(arguments):
            return replace(row, state=CallState.FAILED, output=NO_OBJECT)
        return replace(row, state=CallState.ASKED, output=ASKED)
    return row


def tell_called(row: CallRow) -> str:
    """What a conversation is told of a call that it does not hold."""
    return (
        f"In this turn `{row.tool}` was called with {row.arguments[:_ECHO]} and answered"
        f" {(row.output or UNKNOWN)[:_ECHO]} So it is not to be called for this again."
    )


def tell_declined(row: CallRow) -> str:
    """What a conversation is told of a call that the client was asked about."""
    return f"`{row.tool}` with {row.arguments[:_ECHO]} is not done: the client did not confirm it."


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False


def _refusal(call: Call, name: str, place: int, tools: Mapping[str, Tool]) -> str | None:
    if place >= PER_ANSWER:
        return TOO_MANY
    if name not in tools:
        text = f"There is no such tool. Those that there are: {', '.join(tools)}."
        return write_output(Status.FAILURE, text)
    if len(call.arguments) > ARGUMENTS_CHARACTERS:
        return write_output(Status.FAILURE, "These arguments are too long: nothing was done.")
    return None


def clean(text: str) -> str:
    """What every database takes."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def fit(output: str) -> str:
    """An output that is too large is told by its beginning."""
    output = clean(output)
    if len(output.encode()) <= RESULT_BYTES:
        return output
    beginning = output.encode()[: RESULT_BYTES // 2].decode(errors="ignore")
    return write_output(
        Status.SUCCESS, "The result is too long: here is its beginning.", beginning=beginning
    )
