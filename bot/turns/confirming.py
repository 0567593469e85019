"""What a client is asked before it is done, and whether they said yes: by a tap, or in words."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bot.core.calls import Effect, Status, write_output
from bot.core.texts import Text, say
from bot.ports import Channel, ClientMessage, Tool
from bot.turns.call_words import block_of, titles_of
from bot.turns.keys import PREFIX, can_tap
from db.calls import CallRow, CallState, Earlier, asked_since, who_was_asked
from db.engine import Database
from db.records import Message, Turn, UpdateKind

VALID_SECONDS: Final = 600.0
ASKED: Final = write_output(
    Status.SUCCESS,
    "Nothing is done yet: below your reply the client is asked to confirm it. Do not say"
    " that it is done; say in one short bubble what it is about.",
)


_YES: Final[Mapping[str, str]] = {  # each a plain yes
    "en": "yes, yes please, yes go ahead, yeah, yep, ok, okay, go ahead, confirm, confirmed",
    "it": "sì, si, sì grazie, si grazie, sì procedi, procedi, proceda, va bene, confermo",
    "ru": "да, да пожалуйста, да всё верно, всё верно, все верно, ок, хорошо, подтверждаю",
}
_PLAIN: Final = frozenset(one for words in _YES.values() for one in words.split(", "))


def says_yes(text: str) -> bool:
    """Whether words are a plain yes, in whichever language. Pure."""
    letters = "".join(one if one.isalnum() else " " for one in text.casefold())
    return " ".join(letters.split()) in _PLAIN


def may_confirm(turn: Turn, channel: Channel) -> bool:
    """Whether this may be a key of ours that was tapped, or words in the place of one."""
    if can_tap(channel, turn.address):
        return len(turn.messages) == 1 and f'"{PREFIX}' in turn.messages[0].payload
    return (said := _said(turn, channel)) is not None and says_yes(said.text)


def is_asked(tool: Tool, *, wary: bool) -> bool:
    """Whether the client is asked before it is called; `wary`: before any write."""
    return tool.confirm or (wary and tool.effect is Effect.WRITE)


async def is_confirmed(turn: Turn, earlier: Earlier, channel: Channel, database: Database) -> bool:
    """Whether a turn is nothing but a yes to what was asked last, in time, of whom it was asked.

    Who taps a key was looked at when it was tapped.
    """
    too_late = earlier.stopped or turn.received_at - earlier.asked_at > VALID_SECONDS
    if not earlier.asked or too_late or not may_confirm(turn, channel):
        return False
    if can_tap(channel, turn.address):
        # What is under the message, all of its keys, is in a tap as well, as `callback_data`.
        yes = re.compile(rf'"data":\s*"{PREFIX}{earlier.turn}:0"')
        return yes.search(turn.messages[0].payload) is not None
    since = await database.read(asked_since, earlier.turn)
    if since is None or turn.received_at < since:  # it was written before the question was read
        return False
    if channel.is_private(turn.address):
        return True
    asked = await database.read(who_was_asked, earlier.turn)
    return asked is not None and is_by_same(channel, asked, turn.messages[0], turn.address.bot_id)


def is_by_same(channel: Channel, one: Message, other: Message, bot_id: int) -> bool:
    """Whether two messages are one person's; not where one is erased."""
    try:
        by = {channel.read(each.payload, bot_id=bot_id).sender_id for each in (one, other)}
    except ValueError:
        return False
    return len(by) == 1


def _said(turn: Turn, channel: Channel) -> ClientMessage | None:
    """The words of a turn that is nothing but words, said once."""
    if len(turn.messages) != 1 or turn.messages[0].kind is not UpdateKind.MESSAGE:
        return None
    try:
        said = channel.read(turn.messages[0].payload, bot_id=turn.address.bot_id)
    except ValueError:
        return None
    return None if said.attachment else said


def question(
    rows: Iterable[CallRow], language: str, tools: Mapping[str, Tool], *, in_words: bool
) -> str:
    """What would be done, made from the exact arguments; empty where nothing is asked. Pure.

    `in_words`: the client has to write the answer.
    """
    asked = {row.digest: row for row in rows if row.state is CallState.ASKED}
    titles = {row.tool: titles_of(tools.get(row.tool), language) for row in asked.values()}
    parts = [block_of(row, language, titles[row.tool]) for row in asked.values()]
    how = [say(Text.CONFIRM_IN_WORDS, language)] if in_words else []
    return "\n\n".join([say(Text.CONFIRM, language), *parts, *how]) if parts else ""


def answers(language: str) -> tuple[str, str]:
    """What stands on the keys: yes, which is the first one, and no."""
    return say(Text.CONFIRM_YES, language), say(Text.CONFIRM_NO, language)
