"""Limits that are set by a tap: messages a minute, and about how many answers a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram import InlineKeyboardButton

from bot.core.figures import number, roughly
from bot.core.texts import Key, say
from bot.core.texts.profile import Configure
from bot.core.texts.web import Sites as Say
from bot.telegram.admin.visit import Rows, Visit, button

DAYS: Final = (100, 300, 1_000, 3_000)  # answers a day


@dataclass(frozen=True, slots=True)
class LimitOffer:
    """What may be chosen with a command: messages a minute, none as `usual` says it."""

    command: str
    paces: Sequence[int]
    usual: Key


@dataclass(frozen=True, slots=True)
class Limited:
    """What has limits: its row, and those that it has now."""

    row: int
    messages_per_minute: int | None
    daily_tokens: int | None


def rows_of(visit: Visit, offer: LimitOffer, its: Limited, answer_tokens: int) -> Rows:
    """The buttons; what is chosen is marked."""
    language = visit.language

    def pace(label: str, count: int) -> InlineKeyboardButton:
        return key("pace", label, count, chosen=(its.messages_per_minute or 0) == count)

    def day(label: str, answers: int) -> InlineKeyboardButton:
        tokens = its.daily_tokens or 0  # an answer took more, or less, when it was set
        chosen = abs(tokens - answers * answer_tokens) <= tokens / 4
        return key("day", label, answers, chosen=chosen)

    def key(verb: str, label: str, value: int, *, chosen: bool) -> InlineKeyboardButton:
        words = f"{verb} {its.row} {value}"
        return button(marked(visit, label, chosen=chosen), offer.command, visit.here, words)

    paces = [pace(say(Say.CHOOSE_PACE, language, count=one), one) for one in offer.paces]
    days = [day(say(Say.CHOOSE_DAY, language, answers=number(one, language)), one) for one in DAYS]
    return [
        [pace(say(offer.usual, language), 0)],
        *in_rows(paces, 2),
        [day(say(Say.CHOOSE_DAY_FREE, language), 0)],
        *in_rows(days, 2),
    ]


def tapped(offer: LimitOffer, verb: str, value: int, answer_tokens: int) -> dict[str, Any]:
    """What a button sets, by the columns; nothing, if it is none."""
    match verb:
        case "pace" if value in (0, *offer.paces):
            return {"messages_per_minute": value or None}
        case "day" if value in (0, *DAYS):
            return {"daily_tokens": value * answer_tokens or None}
    return {}


def told(visit: Visit, pace: Key, usual: Key, its: Limited, answer_tokens: int) -> Iterator[str]:
    """The limits in words: `pace` and `usual` are those of whom it is about."""
    language = visit.language
    if its.messages_per_minute is None:
        yield say(usual, language)
    else:
        yield say(pace, language, count=its.messages_per_minute)
    if its.daily_tokens is None:
        yield say(Say.DAY_FREE, language)
    else:
        answers = roughly(its.daily_tokens // answer_tokens, language)
        yield say(Say.DAY, language, answers=answers)


def marked(visit: Visit, label: str, *, chosen: bool) -> str:
    """A button's label, if it is the one that was chosen with a sign."""
    return say(Configure.CHOSEN, visit.language, choice=label) if chosen else label


def in_rows(keys: Sequence[InlineKeyboardButton], width: int) -> Rows:
    """So many beside each other."""
    return [keys[at : at + width] for at in range(0, len(keys), width)]
