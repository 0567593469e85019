"""What a client is asked before it is done: in plain words, and by a tap. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bot.core.calls import Effect, Status, write_output
from bot.core.texts import Text, say
from bot.ports import Tool
from bot.turns.keys import PREFIX
from db.calls import CallRow, CallState, Earlier
from db.records import Turn

VALID_SECONDS: Final = 600.0
ASKED: Final = write_output(
    Status.SUCCESS,
    "Nothing is done yet: below your reply the client is asked to confirm it by a tap. Do not say"
    " that it is done; say in one short bubble what it is about.",
)

# Of tools of our own; a host's go by their names.
_TITLES: Final = {"take_request": Text.CONFIRM_REQUEST}
_DONE: Final = {"take_request": Text.DONE_REQUEST}


def is_tap(turn: Turn) -> bool:
    """Whether this may be a key of ours that was tapped, or words that answer one with keys."""
    return len(turn.messages) == 1 and f'"{PREFIX}' in turn.messages[0].payload


def is_asked(tool: Tool, *, wary: bool) -> bool:
    """Whether the client is asked before it is called; `wary`: before any write."""
    return tool.confirm or (wary and tool.effect is Effect.WRITE)


def confirms(turn: Turn, earlier: Earlier) -> bool:
    """Whether a turn is nothing but the tap that says yes to what was asked last, in time."""
    too_late = earlier.stopped or turn.received_at - earlier.asked_at > VALID_SECONDS
    if len(turn.messages) != 1 or too_late:
        return False
    # What is under the message, all of its keys, is in a tap as well, as `callback_data`.
    yes = re.compile(rf'"data":\s*"{PREFIX}{earlier.turn}:0"')
    return yes.search(turn.messages[0].payload) is not None


def question(rows: Iterable[CallRow], language: str) -> str:
    """What would be done, made from the exact arguments; empty where nothing is asked."""
    asked = {row.digest: row for row in rows if row.state is CallState.ASKED}
    parts = [
        "\n• ".join((_title(row.tool, language), *_told(row.arguments))) for row in asked.values()
    ]
    return "\n\n".join([say(Text.CONFIRM, language), *parts]) if parts else ""


def line_of(row: CallRow, language: str | None) -> str:
    """A call on a line: its name alone where its arguments were erased, or never were any."""
    ours = _DONE.get(row.tool) if row.state is CallState.DONE else None
    title = say(ours, language) if ours else _title(row.tool, language).removesuffix(":")
    try:
        return " · ".join((title, *_told(row.arguments)))
    except (ValueError, AttributeError):
        return title


def answers(language: str) -> tuple[str, str]:
    """What stands on the keys: yes, which is the first one, and no."""
    return say(Text.CONFIRM_YES, language), say(Text.CONFIRM_NO, language)


def _title(tool: str, language: str | None) -> str:
    ours = _TITLES.get(tool)
    return say(ours, language) if ours else _words(tool)


def _told(arguments: str) -> Iterator[str]:
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
