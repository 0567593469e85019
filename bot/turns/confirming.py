"""What a client is asked before it is done: in plain words, and by a tap. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from bot.core.calls import Effect, Status, write_output
from bot.core.texts import Text, say
from bot.ports import Tool
from bot.turns.call_words import block_of
from bot.turns.keys import PREFIX
from db.calls import CallRow, CallState, Earlier
from db.records import Turn

VALID_SECONDS: Final = 600.0
ASKED: Final = write_output(
    Status.SUCCESS,
    "Nothing is done yet: below your reply the client is asked to confirm it by a tap. Do not say"
    " that it is done; say in one short bubble what it is about.",
)


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
    parts = [block_of(row, language) for row in asked.values()]
    return "\n\n".join([say(Text.CONFIRM, language), *parts]) if parts else ""


def answers(language: str) -> tuple[str, str]:
    """What stands on the keys: yes, which is the first one, and no."""
    return say(Text.CONFIRM_YES, language), say(Text.CONFIRM_NO, language)
