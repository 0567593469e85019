"""A tool's call as people read it: its name, what it was made with, what came of it. Pure."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from bot.core.labels import one_line
from bot.core.texts import Key, Text, nearest, say
from bot.core.texts.people import Chats
from bot.core.tokens import hidden
from bot.ports import Tool
from bot.turns.days import in_words
from db.calls import CallRow, CallState

Titles = Mapping[str, str]  # what is read for a name
_NO_TITLES: Final[Titles] = MappingProxyType({})
# Of tools of our own.
_TITLES: Final[Mapping[str, Key]] = {"take_request": Text.CONFIRM_REQUEST}
_DONE: Final[Mapping[str, Key]] = {"take_request": Text.DONE_REQUEST}
_STATES: Final = {
    CallState.DONE: Chats.CALL_DONE,
    CallState.FAILED: Chats.CALL_FAILED,
    CallState.DOUBT: Chats.CALL_DOUBT,
    CallState.ASKED: Chats.CALL_ASKED,
    CallState.PROPOSED: Chats.CALL_UNDER_WAY,
    CallState.RUNNING: Chats.CALL_UNDER_WAY,
}
_TOLD: Final = (CallState.DONE, CallState.FAILED)  # the output of others is for the model alone


def titles_of(tool: Tool | None, language: str | None) -> Titles:
    """What a tool wants to be read for its names, in that language."""
    known = tool.definition.titles if tool else {}
    return known.get((language or "").partition("-")[0].lower(), _NO_TITLES)


def block_of(row: CallRow, language: str | None, titles: Titles = _NO_TITLES) -> str:
    """What would be done, an argument on a line. Raises ValueError where they are no JSON."""
    title = _title(row.tool, language, _TITLES, titles)
    return "\n• ".join((title, *_details(row.arguments, language, titles)))


def line_of(row: CallRow, language: str | None, titles: Titles = _NO_TITLES) -> str:
    """A call on a line: its name alone where its arguments were erased, or never were any."""
    ours = _DONE if row.state is CallState.DONE else _TITLES
    title = _title(row.tool, language, ours, titles).removesuffix(":")
    try:
        return " · ".join((title, *_details(row.arguments, language, titles)))
    except (ValueError, AttributeError, RecursionError):
        return title


def told_line(
    row: CallRow, language: str | None, titles: Titles = _NO_TITLES, *, limit: int
) -> str:
    """The same, with what came of it: for the company's people, and without any secret.

    `limit`: characters of the call, and of its result.
    """
    call = one_line(hidden(line_of(row, language, titles)), limit)
    state = say(_STATES[row.state], language)
    told = _result(row.output, nearest(language)) if row.state in _TOLD else ""
    result = one_line(hidden(told), limit)
    return f"{call} → {state}" + (f": {result}" if result else "")


def _result(output: str | None, language: str) -> str:
    """The message of an output, and what else it tells."""
    try:
        data = dict(json.loads(output or "")["data"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return output or ""
    data.pop("status", None)
    message = data.pop("message", "")
    more = (
        f"{readable(str(name)).lower()}: {_plain(value, language)}" for name, value in data.items()
    )
    return " · ".join(filter(None, (_plain(message, language), *more)))


def _title(tool: str, language: str | None, own: Mapping[str, Key], titles: Titles) -> str:
    ours = own.get(tool)
    return say(ours, language) if ours else titles.get(tool) or readable(tool)


def _details(arguments: str, language: str | None, titles: Titles) -> Iterator[str]:
    """Each argument; of a list of things, each of them."""
    spoken = nearest(language)
    for name, value in json.loads(arguments).items():
        if isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from (_plain(one, spoken) for one in value)
        elif value is not None:
            yield f"{titles.get(name) or readable(name).lower()}: {_plain(value, spoken)}"


def _plain(value: Any, language: str) -> str:
    if isinstance(value, dict):
        return ": ".join(_plain(one, language) for one in value.values() if one is not None)
    if isinstance(value, list):
        return ", ".join(_plain(one, language) for one in value)
    if isinstance(value, str):
        return in_words(value, language)
    return json.dumps(value)


def readable(name: str) -> str:
    """A tool's or an argument's name, as a person may read it."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
