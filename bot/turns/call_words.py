"""A tool's call as people read it: its name, what it was made with, what came of it. Pure."""

import json
from collections.abc import Iterator
from typing import Any, Final

from bot.core.labels import one_line
from bot.core.texts import Key, Text, say
from bot.core.texts.people import Chats
from bot.core.tokens import hidden
from db.calls import CallRow, CallState

# Of tools of our own; a host's go by their names.
_TITLES: Final = {"take_request": Text.CONFIRM_REQUEST}
_DONE: Final = {"take_request": Text.DONE_REQUEST}
_STATES: Final = {
    CallState.DONE: Chats.CALL_DONE,
    CallState.FAILED: Chats.CALL_FAILED,
    CallState.DOUBT: Chats.CALL_DOUBT,
    CallState.ASKED: Chats.CALL_ASKED,
    CallState.PROPOSED: Chats.CALL_UNDER_WAY,
    CallState.RUNNING: Chats.CALL_UNDER_WAY,
}
_TOLD: Final = (CallState.DONE, CallState.FAILED)  # the output of others is for the model alone


def block_of(row: CallRow, language: str | None) -> str:
    """What would be done, an argument on a line. Raises ValueError where they are no JSON."""
    return "\n• ".join((_title(row.tool, language, _TITLES), *_details(row.arguments)))


def line_of(row: CallRow, language: str | None) -> str:
    """A call on a line: its name alone where its arguments were erased, or never were any."""
    titles = _DONE if row.state is CallState.DONE else _TITLES
    title = _title(row.tool, language, titles).removesuffix(":")
    try:
        return " · ".join((title, *_details(row.arguments)))
    except (ValueError, AttributeError, RecursionError):
        return title


def told_line(row: CallRow, language: str | None, *, limit: int) -> str:
    """The same, with what came of it: for the company's people, and without any secret.

    `limit`: characters of the call, and of its result.
    """
    call = one_line(hidden(line_of(row, language)), limit)
    state = say(_STATES[row.state], language)
    result = one_line(hidden(_result(row.output)), limit) if row.state in _TOLD else ""
    return f"{call} → {state}" + (f": {result}" if result else "")


def _result(output: str | None) -> str:
    """The message of an output, and what else it tells."""
    try:
        data = dict(json.loads(output or "")["data"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return output or ""
    data.pop("status", None)
    message = data.pop("message", "")
    more = (f"{_words(str(name)).lower()}: {_plain(value)}" for name, value in data.items())
    return " · ".join(filter(None, (_plain(message), *more)))


def _title(tool: str, language: str | None, titles: dict[str, Text]) -> str:
    ours: Key | None = titles.get(tool)
    return say(ours, language) if ours else _words(tool)


def _details(arguments: str) -> Iterator[str]:
    """Each argument; of a list of things, each of them."""
    for name, value in json.loads(arguments).items():
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from map(_plain, value)
        elif value is not None:
            yield f"{_words(name).lower()}: {_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ": ".join(_plain(one) for one in value.values() if one is not None)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _words(name: str) -> str:
    """A tool's or an argument's name, as a person may read it."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
