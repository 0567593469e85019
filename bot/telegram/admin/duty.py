"""/duty: when somebody wants to be told that a client of their company needs a person."""

from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton, Message

from bot.core.texts import say
from bot.core.texts.people import Duty as Say
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.visit import (
    Card,
    Step,
    Visit,
    answer,
    asking,
    button,
    closing,
    headed,
    showing,
)
from bot.turns.duty import duty_hours
from db.chats import ChatWork
from db.duty import NEVER, SetDuty, duty_of
from db.engine import Database
from db.records import Draft
from tenants.hours import lines, plain
from tenants.hours_reading import read
from tenants.hours_tokens import Unread
from tenants.permissions import Action

NAME: Final = "duty"
LONGEST: Final = 300  # characters of hours, as they are kept


@dataclass(frozen=True, slots=True)
class DutyCommand(Command):
    """Each for themselves, in the tenant in hand."""

    name = NAME
    action = Action.CHATS

    database: Database

    async def open(self, visit: Visit, words: str) -> Step:
        """How it stands; with words after it: on, off, or the hours."""
        if words:
            return self._typed(visit, words)
        hours = await self.database.read(duty_of, visit.here.id, visit.user_id)
        return showing(_card(visit, hours))

    @on_press(Action.CHATS, "", "always", "never", "hours")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons."""
        match words.split()[:1]:
            case ["hours"]:
                asked = answer(headed(visit, say(Say.ASK, visit.language)))
                return asking(asked, NAME, visit, "hours")
            case ["never"]:
                return _set(visit, NEVER, pressed=True)
            case ["always"]:
                return _set(visit, None, pressed=True)
        hours = await self.database.read(duty_of, visit.here.id, visit.user_id)
        return Step(card=_card(visit, hours))

    @on_answer(Action.CHATS, "hours")
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """The hours, in words."""
        return self._typed(visit, message.text or "")

    def _typed(self, visit: Visit, words: str) -> Step:
        match words.strip().lower():
            case "on":
                return _set(visit, None)
            case "off":
                return _set(visit, NEVER)
        try:
            kept = "\n".join(plain(read(words)))
        except Unread:
            kept = ""
        if not kept or len(kept) > LONGEST:
            refused = answer(headed(visit, say(Say.NOT_UNDERSTOOD, visit.language)))
            return asking(refused, NAME, visit, "hours")
        return _set(visit, kept)


def _set(visit: Visit, hours: str | None, *, pressed: bool = False) -> Step:
    card, duty = _card(visit, hours), SetDuty(visit.here.id, visit.user_id, hours)

    def work(chat: ChatWork) -> tuple[Draft, ...]:
        chat.do(duty)
        return () if pressed else card.drafts()

    return closing(Step(work, card=card if pressed else None))


def _card(visit: Visit, kept: str | None) -> Card:
    language, hours = visit.language, duty_hours(kept)
    if kept == NEVER:
        now, chosen = say(Say.NEVER, language), "never"
    elif hours:
        told = "; ".join(lines(hours, language))
        now, chosen = say(Say.HOURS, language, hours=told), "hours"
    else:
        now, chosen = say(Say.ALWAYS, language), "always"
    text = say(Say.CARD, language, company=visit.company)
    rows = [
        [_key(visit, words, label, chosen=chosen)]
        for words, label in (
            ("always", Say.MAKE_ALWAYS),
            ("hours", Say.MAKE_HOURS),
            ("never", Say.MAKE_NEVER),
        )
    ]
    return Card(headed(visit, f"{text}\n\n{now}"), rows)


def _key(visit: Visit, words: str, label: Say, *, chosen: str) -> InlineKeyboardButton:
    mark = "✓ " if words == chosen else ""
    return button(mark + say(label, visit.language), NAME, visit.here, words)
