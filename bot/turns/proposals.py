"""How a call is written down first, and what the model is told of one that is not carried out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain, count
from typing import Final

from bot.core.calls import (
    ARGUMENTS_CHARACTERS,
    RESULT_BYTES,
    Call,
    Effect,
    RemoteCall,
    Status,
    canonical,
    write_output,
)
from bot.errors import ToolError
from bot.ports import Tool
from bot.turns.confirming import ASKED, is_asked
from db.calls import AGAIN, MAY_HAVE_ACTED, CallRow, CallState

PER_ANSWER: Final = 8

NOT_CARRIED_OUT: Final = write_output(
    Status.FAILURE, "This was not carried out: the call did not arrive whole. Make it anew."
)
UNKNOWN: Final = write_output(
    Status.FAILURE,
    "It is unknown whether this was done. Do not repeat it; say that a person will check.",
)
INTERRUPTED: Final = write_output(Status.FAILURE, "This was not carried out: it was interrupted.")
NOT_WANTED: Final = write_output(
    Status.FAILURE, "This was not carried out: the client wanted you to stop."
)
MAY_CHANGE: Final = write_output(
    Status.FAILURE,
    "This was not called: it may change something, and only what looks something up is called at"
    " that server. Do not say that it is done.",
)
TOO_MANY: Final = write_output(
    Status.FAILURE,
    f"This was not carried out: an answer may make {PER_ANSWER} calls at most. Make it anew.",
)
NO_TIME: Final = write_output(
    Status.FAILURE, "This was not carried out: there is no time left. Say so, and call nothing."
)
TOO_SLOW: Final = write_output(Status.FAILURE, "This took too long. Go on without it.")
BROKE: Final = write_output(Status.FAILURE, "This did not work, for a reason of its own.")


def read_call(
    call: Call,
    response_id: str,
    place: int,
    *,
    tools: Mapping[str, Tool],
    before: Sequence[CallRow],
    wary: bool,
) -> CallRow:
    """A call as it is written down: open, or over where it is not carried out at all.

    `place`: which of its answer's calls it is. `tools`: those that are offered. `before`: what was
    called in this turn, and in one before it that failed; what changed something then, or may
    have, is not done again. `wary`: whether the client is asked before any write.
    """
    name, arguments = clean(call.name), clean(call.arguments)[:ARGUMENTS_CHARACTERS]
    row = CallRow(call.call_id, response_id, name, arguments, digest(name, arguments))
    if (refusal := _refusal(call, name, place, tools)) is not None:
        return replace(row, state=CallState.FAILED, output=refusal)
    if tools[name].effect is Effect.WRITE:
        for one in before:
            if one.digest == row.digest and one.state in MAY_HAVE_ACTED:
                return replace(row, state=one.state, output=one.output)
    if is_asked(tools[name], wary=wary):
        try:
            tools[name].check(arguments)
        except ToolError as error:  # before the client is asked
            told = write_output(Status.FAILURE, str(error))
            return replace(row, state=CallState.FAILED, output=told)
        except Exception:  # a host's own validation
            return replace(row, state=CallState.FAILED, output=BROKE)
        return replace(row, state=CallState.ASKED, output=ASKED)
    return row


def once_each(rows: Iterable[CallRow]) -> Collection[Sequence[CallRow]]:
    """Those of an answer's calls that are open: the same ones together, to be carried out once."""
    same: dict[str, list[CallRow]] = {}
    for row in rows:
        if row.is_open:
            same.setdefault(row.digest, []).append(row)
    return same.values()


def with_own_ids(rows: Iterable[CallRow], taken: Collection[str]) -> Iterator[CallRow]:
    """Calls, each under an id of its own in the turn: some servers count anew in each answer."""
    ids = set(taken)
    for row in rows:
        numbered = (f"{row.call_id}{AGAIN}{number}" for number in count(2))
        own = next(one for one in chain([row.call_id], numbered) if one not in ids)
        ids.add(own)
        yield replace(row, call_id=own)


def _refusal(call: Call, name: str, place: int, tools: Mapping[str, Tool]) -> str | None:
    if place >= PER_ANSWER:
        return TOO_MANY
    if call.server:
        return MAY_CHANGE
    if name not in tools:
        text = f"There is no such tool. Those that there are: {', '.join(tools)}."
        return write_output(Status.FAILURE, text)
    if len(call.arguments) > ARGUMENTS_CHARACTERS:
        return write_output(Status.FAILURE, "These arguments are too long: nothing was done.")
    return None


def read_remote(remote: RemoteCall, response_id: str | None) -> CallRow:
    """What was called at an MCP server, as it is written down: it is over."""
    call = remote.call
    name, arguments = clean(call.name), clean(call.arguments)[:ARGUMENTS_CHARACTERS]
    return CallRow(
        call.call_id,
        response_id,
        name,
        arguments,
        digest(name, arguments),
        state=CallState.FAILED if remote.failed else CallState.DONE,
        output=fit(remote.output),
        server=clean(call.server),
    )


def digest(name: str, arguments: str) -> str:
    """Of what is called and with what, however the arguments are spaced and ordered."""
    return sha256(f"{name}\0{canonical(arguments)}".encode()).hexdigest()


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
