"""Texts that the Telegram client cuts into several messages: nobody can tell where they end."""

from typing import Final

from telegram import Message

from bot.core.texts import Key, say
from bot.core.texts.profile import Configure as Say
from bot.telegram.admin.visit import Card, Step, Visit, asking, headed, showing
from bot.telegram.route import CUT_TEXT_UNITS
from bot.telegram.wire import utf16_length

CUT: Final = "cut"  # the first word of a step whose answer was cut; then when, then the step
REST_SECONDS: Final = 5  # the parts of a text come one right after the other


def is_cut(message: Message) -> bool:
    """Whether the Telegram client may have cut the text: then the rest is on its way."""
    return utf16_length(message.text or "") >= CUT_TEXT_UNITS


def asked_before(step: str, message: Message) -> tuple[str, bool]:
    """What was asked before a text came that was cut, and whether this is the rest of it."""
    match step.split(maxsplit=2):
        case [word, at, before] if word == CUT:
            return before, message.date.timestamp() - int(at) <= REST_SECONDS
        case _:
            return step, False


def pass_over(
    visit: Visit,
    message: Message,
    *,
    command: str,
    step: str,
    told: bool = False,
    text: Key = Say.CUT,
) -> Step:
    """Take nothing of a text that was cut; its other parts are passed over in silence."""
    said = Step() if told else showing(Card(headed(visit, say(text, visit.language))))
    return asking(said, command, visit, f"{CUT} {int(message.date.timestamp())} {step}")
